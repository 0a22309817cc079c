"""What is computed from facts, and the marks that say what has to be computed again.

No rollup has an id: its dimensions are its key, so that a rebuild gives the same rows, byte for
byte. Every day-level row names the zone whose day it is.
"""

from django.db import models


class Level(models.IntegerChoices):
    """In the order in which they are drained: each marks those below it."""

    REBUILD = 1
    """A whole local day from its facts: all its windows and all its people."""
    WINDOW = 2
    """One window. Key: ``window_start``."""
    PERSON = 3
    """One subject's local day. Key: ``subject`` and the local day of ``window_start``; locked by ``lane``."""
    USAGE_DAY = 4
    LATENCY_DAY = 5
    PEOPLE_DAY = 6
    SESSION_DAY = 7
    ACTIVE_DAY = 8
    """From here on the key is a local day on which something about people changed; the rows are all that read it."""
    LIFECYCLE = 9
    COHORT = 10
    ADOPTION = 11
    COHORT_COST = 12
    """A local day with other calls, or on which somebody's first day is, or was: the rows of it and of 28 days after.
    """
    CALL_DAY = 13
    CONVERSATION_DAY = 14
    RETURN_DAY = 15


class Mark(models.Model):
    """A key that may be out of date. Append-only: never unique, never updated, deleted by the rollup.

    An upserted hot mark would block a second writer until the first commits; and a writer that
    skipped an existing mark would lose its fact when the rollup deletes that mark before it commits.

    ``window_start`` is that of the fact that made the key stale, also on day levels: the day
    follows from the zone in force when it is drained, and the oldest one bounds what is complete.
    """

    level = models.SmallIntegerField()
    lane = models.SmallIntegerField(default=0)
    """``subject mod 64`` on level PERSON, else 0."""
    window_start = models.DateTimeField()
    subject = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["level", "lane", "window_start"], name="usage_mark_key")]


class Source(models.TextChoices):
    """The facts a usage row sums up. A measure that its facts do not have is 0, a dimension is empty."""

    ACCEPTED = "accepted"
    ENDED = "ended"
    CALLED = "called"
    ANSWERED = "answered"
    """Answers whose first generation has ended, and what became of them. ``kind`` and ``outcome`` are empty."""
    VISITED = "visited"
    """What people do around turns: scenarios seen and chosen, conversations begun."""


class UsageSums(models.Model):
    """``kind`` and ``outcome`` are the turn's; of a call, its purpose and its error."""

    source = models.CharField(max_length=10)
    scenario = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    endpoint = models.CharField(max_length=100, db_default="")
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, db_default="")
    outcome = models.CharField(max_length=50, db_default="")
    currency = models.CharField(max_length=3, db_default="")
    is_internal = models.BooleanField()
    organic = models.BooleanField(db_default=True)
    """Of somebody whom no campaign brought, or of nobody."""

    turns = models.BigIntegerField(db_default=0)
    endings = models.BigIntegerField(db_default=0)
    valued = models.BigIntegerField(db_default=0)
    """Completed with at least one visible character."""
    input_uncached = models.BigIntegerField(db_default=0)
    input_cached = models.BigIntegerField(db_default=0)
    output_visible = models.BigIntegerField(db_default=0)
    output_reasoning = models.BigIntegerField(db_default=0)
    input_uncached_known = models.BigIntegerField(db_default=0)
    input_cached_known = models.BigIntegerField(db_default=0)
    output_visible_known = models.BigIntegerField(db_default=0)
    output_reasoning_known = models.BigIntegerField(db_default=0)
    """Endings whose count is known: a sum over fewer than ``endings`` is a lower bound."""
    estimated = models.BigIntegerField(db_default=0)
    """Endings whose counts are not what the endpoint reported to its end."""
    calls = models.BigIntegerField(db_default=0)
    unpriced = models.BigIntegerField(db_default=0)
    cost_units = models.BigIntegerField(db_default=0)
    cost_rest_pico = models.BigIntegerField(db_default=0)
    """Cost = units + rest x 1e-12, rest under one unit: a 64-bit sum of pico-units overflows at 9.2 million."""
    answers = models.BigIntegerField(db_default=0)
    shown = models.BigIntegerField(db_default=0)
    """Answers with at least one visible character."""
    abandoned = models.BigIntegerField(db_default=0)
    """Stopped before the first visible character: a failure of latency."""
    stopped_early = models.BigIntegerField(db_default=0)
    """Stopped after it, with fewer than 200 visible characters."""
    rated_up = models.BigIntegerField(db_default=0)
    rated_down = models.BigIntegerField(db_default=0)
    """By the latest vote. Of answers shown, as the four below."""
    copied = models.BigIntegerField(db_default=0)
    shared = models.BigIntegerField(db_default=0)
    exported = models.BigIntegerField(db_default=0)
    regenerated = models.BigIntegerField(db_default=0)
    followed_up = models.BigIntegerField(db_default=0)
    satisfied_strict = models.BigIntegerField(db_default=0)
    satisfied_broad = models.BigIntegerField(db_default=0)
    unsatisfied = models.BigIntegerField(db_default=0)
    """Verdicts of ``usage.rollup.answers``; the rest of ``answers`` is unknown."""
    scenarios_seen = models.BigIntegerField(db_default=0)
    scenarios_chosen = models.BigIntegerField(db_default=0)
    conversations = models.BigIntegerField(db_default=0)

    class Meta:
        abstract = True


DIMENSIONS = (
    *("source", "scenario", "model", "endpoint", "channel", "kind", "outcome", "currency", "is_internal"),
    "organic",
)


class UsageWindow(UsageSums):
    pk = models.CompositePrimaryKey("window_start", *DIMENSIONS)
    window_start = models.DateTimeField()

    class Meta:
        default_permissions = ()


class UsageDay(UsageSums):
    pk = models.CompositePrimaryKey("local_day", *DIMENSIONS)
    local_day = models.DateField()
    zone = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()


class LatencyDay(models.Model):
    """How many generations fell into which bucket (``usage.histogram``). Percentiles come from sums of these."""

    class Measure(models.TextChoices):
        QUEUE = "queue"
        FIRST_TOKEN = "first_token"  # noqa: S105
        DURATION = "duration"
        SPEED = "speed"
        """Of tokens in a second, not of a time."""

    pk = models.CompositePrimaryKey(
        "local_day", "measure", "scenario", "model", "endpoint", "channel", "is_internal", "organic", "bucket"
    )
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    measure = models.CharField(max_length=20)
    scenario = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    endpoint = models.CharField(max_length=100)
    channel = models.CharField(max_length=20)
    is_internal = models.BooleanField()
    organic = models.BooleanField(db_default=True)
    bucket = models.SmallIntegerField()
    generations = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class UserDay(models.Model):
    """The truth about people: what one subject did on one local day."""

    pk = models.CompositePrimaryKey("local_day", "subject", "scenario", "model", "channel", "is_internal")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    subject = models.UUIDField()
    scenario = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    channel = models.CharField(max_length=20)
    is_internal = models.BooleanField()
    turns = models.BigIntegerField(db_default=0)
    valued = models.BigIntegerField(db_default=0)
    satisfied = models.BigIntegerField(db_default=0)
    """Answers asked for that day and found satisfied (strict)."""
    organic = models.BooleanField(db_default=True)
    """Of the subject: False where a campaign brought them (``Acquisition``)."""

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "local_day"], name="usage_userday_subject")]


class PeopleDay(models.Model):
    """Distinct people of a local day, counted from ``UserDay``: never a sum of smaller counts."""

    class Grouping(models.TextChoices):
        TOTAL = "total"
        SCENARIO = "scenario"
        MODEL = "model"
        CHANNEL = "channel"
        SCENARIO_MODEL = "scenario_model"

    pk = models.CompositePrimaryKey("local_day", "grouping", "scenario", "model", "channel")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    grouping = models.CharField(max_length=20)
    scenario = models.CharField(max_length=100, db_default="")
    model = models.CharField(max_length=100, db_default="")
    channel = models.CharField(max_length=20, db_default="")
    active = models.BigIntegerField()
    """With at least one accepted turn; internal people excluded."""
    valued = models.BigIntegerField()
    """With at least one answer completed and visible; internal people excluded."""
    active_all = models.BigIntegerField()
    valued_all = models.BigIntegerField()
    active_organic = models.BigIntegerField(db_default=0)
    valued_organic = models.BigIntegerField(db_default=0)
    """Of ``active`` and ``valued``, those whom no campaign brought."""
    top_turns = models.BigIntegerField(null=True)
    """Accepted turns of the one in a hundred (rounded up) of ``active`` with the most. None in rows of before it was
    counted."""
    top_turns_all = models.BigIntegerField(null=True)
    """Of ``active_all``."""

    class Meta:
        default_permissions = ()


class RollupScan(models.Model):
    """One row: when the last pass began that left no mark it had found."""

    scanned_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
