"""What endpoints did, by windows of 15 minutes; what became of their calls and of conversations, by local days."""

from django.db import models

from usage.models.facts import SLUG


class BusyWindow(models.Model):
    """How busy an endpoint was: every upstream call counts in each window it overlaps, for the time it overlaps.

    Mean concurrency = ``busy_ms`` / 900,000. Errors by class are in ``UsageWindow`` (source ``called``, ``outcome``).
    """

    pk = models.CompositePrimaryKey("window_start", "endpoint")
    window_start = models.DateTimeField()
    endpoint = models.CharField(max_length=SLUG)
    busy_ms = models.BigIntegerField()
    """Sums of whole milliseconds, cut so that a call's parts add up to the whole of it."""
    peak = models.IntegerField()
    """Most calls at one moment. The greatest of windows, never their sum."""
    calls = models.BigIntegerField()
    """Begun in this window."""
    failed = models.BigIntegerField()
    """Of these, how many ended with an error."""

    class Meta:
        default_permissions = ()


class LatencyWindow(models.Model):
    """As ``LatencyDay``, by window and endpoint; kept for 35 days (finer ones are nearly as many as facts)."""

    pk = models.CompositePrimaryKey("window_start", "measure", "endpoint", "is_internal", "bucket")
    window_start = models.DateTimeField()
    measure = models.CharField(max_length=20)
    """Of ``LatencyDay.Measure``; never ``speed``."""
    endpoint = models.CharField(max_length=SLUG)
    is_internal = models.BooleanField()
    bucket = models.SmallIntegerField()
    generations = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class CallDay(models.Model):
    """Calls for answers, of everybody, and what came after each: another endpoint, or the same question again."""

    pk = models.CompositePrimaryKey("local_day", "scenario", "model", "endpoint", "channel", "currency")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    scenario = models.CharField(max_length=SLUG)
    model = models.CharField(max_length=SLUG)
    endpoint = models.CharField(max_length=SLUG)
    channel = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    """Empty: of calls without a price."""
    asked_first = models.BigIntegerField()
    """The first attempts."""
    failed_over = models.BigIntegerField()
    """First attempts after which another endpoint was asked."""
    answered_elsewhere = models.BigIntegerField()
    """Of these, how many it answered."""
    superseded_units = models.BigIntegerField()
    superseded_rest_pico = models.BigIntegerField()
    """Cost, as in ``UsageSums``, of calls that came to their end and whose question was asked anew, or edited."""

    class Meta:
        default_permissions = ()


class ConversationDay(models.Model):
    """Turns in conversations, by how many days ago the two turns before each were in the same one.

    "The same" within what is told apart: of a conversation in two scenarios each has its own turns. 62 days, or none
    before, is 62: so far a range reaches.
    """

    class Grouping(models.TextChoices):
        TOTAL = "total"
        SCENARIO = "scenario"
        CHANNEL = "channel"

    pk = models.CompositePrimaryKey("local_day", "grouping", "scenario", "channel", "since_last", "since_second_last")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    grouping = models.CharField(max_length=20)
    scenario = models.CharField(max_length=SLUG)
    channel = models.CharField(max_length=20)
    since_last = models.SmallIntegerField()
    since_second_last = models.SmallIntegerField()
    turns = models.BigIntegerField()
    """Of internal people none, neither these nor those before."""
    turns_all = models.BigIntegerField()

    class Meta:
        default_permissions = ()
