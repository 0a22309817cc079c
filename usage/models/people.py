"""Who came first, who came back, who stayed: rollups about people, all of them from days and none from sums.

Internal people (staff, tests) are in ``FirstDay`` and ``Session``, which can tell them apart, and in none of the
counts. ``organic`` splits people in two for ever: those of no campaign, and those whom a campaign brought. So
counts of people may be added over it, and over nothing else.
"""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from usage.models.facts import SLUG


class Acquisition(models.Model):
    """Whom a campaign brought, by the first ``acquired`` that was told of them. No row: organic."""

    subject = models.UUIDField(primary_key=True)
    campaign = models.CharField(max_length=SLUG)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class FirstDay(models.Model):
    """The first local day ever; it outlives the user-days it was read from."""

    class Grouping(models.TextChoices):
        TOTAL = "total"
        """The first active day."""
        SCENARIO = "scenario"
        """The first active day in a scenario."""
        SEEN = "seen"
        """The first day on which a scenario was seen or chosen."""

    pk = models.CompositePrimaryKey("subject", "grouping", "scenario", "is_internal")
    subject = models.UUIDField()
    grouping = models.CharField(max_length=10)
    scenario = models.CharField(max_length=SLUG, db_default="")
    is_internal = models.BooleanField()
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    organic = models.BooleanField(db_default=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["grouping", "local_day"], name="usage_firstday_day")]


class ReturnDay(models.Model):
    """People of a local day by how many days ago they had been in the same group before; 92 days, or never, is 92.

    So far a range reaches: its people are those of its days who had not been there since it began.
    """

    class Grouping(models.TextChoices):
        TOTAL = "total"
        SCENARIO = "scenario"

    pk = models.CompositePrimaryKey("local_day", "grouping", "scenario", "valued", "organic", "since_last")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    grouping = models.CharField(max_length=20)
    scenario = models.CharField(max_length=SLUG)
    valued = models.BooleanField()
    """Those with a visible answer, by when they had one before; else those with a turn."""
    organic = models.BooleanField()
    since_last = models.SmallIntegerField()
    people = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class ActiveDay(models.Model):
    """Distinct people over the trailing 1, 7, 28 and 30 local days that end with this one.

    Rows reach 29 days past the last day with activity: those in the future say what will be if nobody comes,
    and no report shows them. A day without anybody in 30 days has no row.
    """

    pk = models.CompositePrimaryKey("local_day", "organic")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    organic = models.BooleanField()
    dau = models.BigIntegerField()
    wau = models.BigIntegerField()
    mau28 = models.BigIntegerField()
    mau30 = models.BigIntegerField()
    valued_dau = models.BigIntegerField()
    valued_wau = models.BigIntegerField()
    valued_mau28 = models.BigIntegerField()
    valued_mau30 = models.BigIntegerField()
    """Of people with an answer of value: completed and visible."""

    class Meta:
        default_permissions = ()


class ActiveSpread(models.Model):
    """L7 and L28: how many people were active on how many of the trailing days. Days as in ``ActiveDay``."""

    pk = models.CompositePrimaryKey("local_day", "span", "valued", "active_days", "organic")
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    span = models.SmallIntegerField()
    """7 or 28."""
    valued = models.BooleanField()
    """Days with an answer of value, else days with a turn."""
    active_days = models.SmallIntegerField()
    """1 to ``span``."""
    organic = models.BooleanField()
    people = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class Period(models.TextChoices):
    """Of local days. A period is known by its first one."""

    DAY = "day"
    WEEK = "week"
    """ISO: from Monday."""
    MONTH = "month"

    def start_of(self, day: date) -> date:
        """Of the one that holds the day."""
        match self:
            case Period.DAY:
                return day
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
            case Period.MONTH:
                return day.replace(day=1)

    def before(self, start: date) -> date:
        return self.start_of(start - timedelta(days=1))

    def after(self, start: date) -> date:
        """31 days after a month has begun, the next one has too, and no further one has."""
        return self.start_of(start + timedelta(days={Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}[self]))


class LifecycleDay(models.Model):
    """active = new + returning + resurrecting; returning(t) + dormant(t) = active(t-1).

    The period after the last one with activity has a row too: everybody is dormant in it.
    """

    pk = models.CompositePrimaryKey("period", "period_start", "organic")
    period = models.CharField(max_length=5, choices=Period.choices)
    period_start = models.DateField()
    organic = models.BooleanField()
    zone = models.CharField(max_length=64)
    active = models.BigIntegerField()
    new = models.BigIntegerField()
    """First ever active in this period."""
    returning = models.BigIntegerField()
    """Active in this one and in the one before."""
    resurrecting = models.BigIntegerField()
    """Active in this one, not in the one before, and not new."""
    dormant = models.BigIntegerField()
    """Active in the period before, not in this one."""
    satisfied_twice = models.BigIntegerField(null=True)
    """With a satisfied answer (strict) asked for on at least two local days of this period. None in rows of before
    it was counted."""

    class Meta:
        default_permissions = ()


class CohortDay(models.Model):
    """Retention of the people whose first ever active day (or its ISO week) is ``cohort``.

    n goes from 0 to 56 days (0 to 8 weeks), as far as a member came back: no row, nobody on it or after it. What is
    not over yet is for the report to leave out. ``on_or_after`` looks as far as n = 56 (8).
    """

    pk = models.CompositePrimaryKey("period", "cohort", "n", "organic")
    period = models.CharField(max_length=5, choices=Period.choices)
    """``day`` or ``week``."""
    cohort = models.DateField()
    n = models.SmallIntegerField()
    organic = models.BooleanField()
    zone = models.CharField(max_length=64)
    members = models.BigIntegerField()
    on = models.BigIntegerField()
    """Members active in the n-th day (week) after."""
    on_or_after = models.BigIntegerField()
    """Members active in the n-th or a later one."""

    class Meta:
        default_permissions = ()


class CohortBracket(models.Model):
    """Members of a day's cohort active on any day from ``first_n`` to ``last_n`` after: 1, 2-7, 8-14, 15-28."""

    pk = models.CompositePrimaryKey("cohort", "first_n", "last_n", "organic")
    cohort = models.DateField()
    first_n = models.SmallIntegerField()
    last_n = models.SmallIntegerField()
    organic = models.BooleanField()
    zone = models.CharField(max_length=64)
    members = models.BigIntegerField()
    active = models.BigIntegerField()

    class Meta:
        default_permissions = ()


class CohortCost(models.Model):
    """What calls for members of a day's cohort cost on a local day, from the first day to 28 days after it.

    Calls of a person's first day and later, titles included; of nobody internal.
    """

    pk = models.CompositePrimaryKey("local_day", "cohort", "organic", "currency")
    local_day = models.DateField()
    cohort = models.DateField()
    organic = models.BooleanField()
    currency = models.CharField(max_length=3)
    """Empty: of calls without a price."""
    zone = models.CharField(max_length=64)
    calls = models.BigIntegerField()
    unpriced = models.BigIntegerField()
    cost_units = models.BigIntegerField()
    cost_rest_pico = models.BigIntegerField()
    """As in ``UsageSums``."""

    class Meta:
        default_permissions = ()


class AdoptionDay(models.Model):
    """How a scenario was taken up by the people who first saw it on this local day.

    All in local days and first occurrences; final 35 days later. Whoever used it on a day before their first
    sight of it is in no cohort of sights.
    """

    pk = models.CompositePrimaryKey("local_day", "scenario", "organic")
    local_day = models.DateField()
    scenario = models.CharField(max_length=SLUG)
    organic = models.BooleanField()
    """Whether a campaign brought them; not to be taken for ``organic_tried``."""
    zone = models.CharField(max_length=64)
    saw = models.BigIntegerField(db_default=0)
    tried = models.BigIntegerField(db_default=0)
    """Of those: first turn on that day or one of the 7 after."""
    repeated = models.BigIntegerField(db_default=0)
    """Of those who tried: active in it on one of the 7 days after the first."""
    retained = models.BigIntegerField(db_default=0)
    """Of those who repeated: active in it on one of the days 15 to 28 after the first."""
    satisfied = models.BigIntegerField(db_default=0)
    """Of those who tried: a satisfied answer (strict) asked for on the first day or one of the 7 after."""
    organic_tried = models.BigIntegerField(db_default=0)
    """Beside the funnel: people whose first turn was on this day, without a sight on it or before."""

    class Meta:
        default_permissions = ()


class Session(models.Model):
    """Turns of one person without a pause of more than 30 minutes; it belongs to the local day it starts.

    A turn lasts from its acceptance to its end, at most 30 minutes: nobody tells when the last tab left.
    """

    pk = models.CompositePrimaryKey("subject", "is_internal", "started_at")
    subject = models.UUIDField()
    is_internal = models.BooleanField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    turns = models.BigIntegerField()
    duration_ms = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["local_day"], name="usage_session_day")]


class SessionDay(models.Model):
    pk = models.CompositePrimaryKey("local_day", "is_internal")
    local_day = models.DateField()
    is_internal = models.BooleanField()
    zone = models.CharField(max_length=64)
    sessions = models.BigIntegerField()
    people = models.BigIntegerField()
    """Distinct people who began one that day: never added over days."""
    turns = models.BigIntegerField()
    duration_ms = models.BigIntegerField()
    one_turn = models.BigIntegerField()
    """Sessions of a single turn."""

    class Meta:
        default_permissions = ()
