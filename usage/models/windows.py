"""What endpoints did, by windows of 15 minutes."""

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
    """Of ``LatencyDay.Measure``."""
    endpoint = models.CharField(max_length=SLUG)
    is_internal = models.BooleanField()
    bucket = models.SmallIntegerField()
    generations = models.BigIntegerField()

    class Meta:
        default_permissions = ()
