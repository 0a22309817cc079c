"""What the trust report looks at, one check a function: whether the numbers of a range can be trusted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Min, QuerySet, Sum

from usage.models import (
    AdoptionDay,
    Erasure,
    FirstDay,
    LateAdjustment,
    Mark,
    RollupScan,
    Seal,
    Source,
    UsageDay,
    UsageRecord,
)
from usage.periods import day_bounds, reporting_zone
from usage.reports.terminal import terminal_generations


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    light: Light | None
    found: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    first: date
    last: date
    now: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Where raw facts still are: from the end of the latest seal."""
        zone = reporting_zone()
        start, end = day_bounds(self.first, zone)[0], day_bounds(self.last, zone)[1]
        sealed = Seal.objects.order_by("-ends_at").values_list("ends_at", flat=True).first()
        return (max(start, min(sealed, end)) if sealed else start), end


SCAN_EVERY = timedelta(minutes=2)
SCAN_AT_LEAST = timedelta(minutes=15)
"""Beat looks every 15 s; a pass that leaves nothing is due within the first, and missing after the second."""


def missing_facts(days: Days) -> Checked:
    """Terminal generations without their fact. One is too many: both are written in one transaction."""
    counted = terminal_generations(*days.span)
    if counted is None:
        return Checked(light=None)
    light = Light.RED if counted.without_fact else Light.GREEN
    return Checked(light=light, found=counted.without_fact, of=counted.ended)


def uncounted_facts(days: Days) -> Checked:
    """Endings recorded, beside those in the rollup; they differ only while marks say that they may."""
    start, end = days.span
    recorded = UsageRecord.objects.filter(window_start__gte=start, window_start__lt=end).count()
    windows = UsageDay.objects.filter(source=Source.ENDED, local_day__range=(_first_open(days), days.last))
    counted = windows.aggregate(sum=Sum("endings"))["sum"] or 0
    if recorded == counted:
        return Checked(light=Light.GREEN, found=0, of=recorded)
    is_stale = Mark.objects.filter(window_start__gte=start, window_start__lt=end).exists()
    return Checked(light=Light.AMBER if is_stale else Light.RED, found=abs(recorded - int(counted)), of=recorded)


def oldest_mark(days: Days) -> Checked:
    """Seconds since the start of the oldest window that waits to be counted; late if no pass gets through."""
    oldest = Mark.objects.aggregate(oldest=Min("window_start"))["oldest"]
    age_s = None if oldest is None else int((days.now - oldest).total_seconds())
    scanned_at = RollupScan.objects.filter(pk=1).values_list("scanned_at", flat=True).first()
    since = None if scanned_at is None else days.now - scanned_at
    if oldest is None or (since is not None and since <= SCAN_EVERY):
        return Checked(light=Light.GREEN, found=age_s)
    return Checked(light=Light.AMBER if since is not None and since <= SCAN_AT_LEAST else Light.RED, found=age_s)


def estimated_tokens(days: Days) -> Checked:
    """Ended answers whose tokens the endpoint did not report to its end: stopped ones, and poor endpoints."""
    sums = _rows(days).filter(source=Source.ENDED).aggregate(found=Sum("estimated"), of=Sum("endings"))
    return _part(sums, amber_per_mille=100, red_per_mille=300)


def unpriced_calls(days: Days) -> Checked:
    """Over 1 % and every cost per something is withheld."""
    sums = _rows(days).filter(source=Source.CALLED).aggregate(found=Sum("unpriced"), of=Sum("calls"))
    return _part(sums, amber_per_mille=0, red_per_mille=10)


def page_events(days: Days) -> Checked:
    """People who first used a scenario without the page ever having told of a sight: the page's events get lost,
    or people come by another way."""
    within = {"local_day__range": (days.first, days.last)}
    found = AdoptionDay.objects.filter(**within).aggregate(sum=Sum("organic_tried"))["sum"]
    first = FirstDay.objects.filter(grouping=FirstDay.Grouping.SCENARIO, is_internal=False, **within)
    return _part({"found": found, "of": first.exclude(scenario="").count()}, amber_per_mille=200, red_per_mille=500)


def late_facts(days: Days) -> Checked:
    """Facts that came when their day was sealed; they stand beside its numbers."""
    found = LateAdjustment.objects.filter(local_day__range=(days.first, days.last)).count()
    return Checked(light=Light.AMBER if found else Light.GREEN, found=found)


def erased_people(days: Days) -> Checked:
    """People whose erasure changed numbers of these days after they could be read."""
    touched = Erasure.objects.filter(first_day__lte=days.last, last_day__gte=days.first).count()
    return Checked(light=Light.AMBER if touched else Light.GREEN, found=touched)


CHECKS: Mapping[str, Callable[[Days], Checked]] = {
    check.__name__: check
    for check in (
        missing_facts,
        uncounted_facts,
        oldest_mark,
        estimated_tokens,
        unpriced_calls,
        page_events,
        late_facts,
        erased_people,
    )
}


def _rows(days: Days) -> "QuerySet[UsageDay]":
    return UsageDay.objects.filter(local_day__range=(days.first, days.last))


def _first_open(days: Days) -> date:
    """The first day of the range that is not sealed."""
    sealed = Seal.objects.order_by("-ends_at").values_list("local_day", flat=True).first()
    return max(days.first, sealed + timedelta(days=1)) if sealed else days.first


def _part(sums: Mapping[str, int | None], *, amber_per_mille: int, red_per_mille: int) -> Checked:
    found, of = int(sums["found"] or 0), int(sums["of"] or 0)
    light = Light.GREEN
    if found * 1000 > red_per_mille * of:
        light = Light.RED
    elif found * 1000 > amber_per_mille * of:
        light = Light.AMBER
    return Checked(light=light, found=found, of=of)
