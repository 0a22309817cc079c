"""A local day from its facts alone, with the same code and under the same locks as live recomputation."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, Min

from usage.models import (
    EngagementEvent,
    FirstDay,
    Level,
    Mark,
    Session,
    TurnAccepted,
    UpstreamCall,
    UsageDay,
    UsageRecord,
    UsageWindow,
    UserDay,
)
from usage.periods import day_bounds, day_of, days_between, reporting_zone
from usage.recording import MarkKey, put_marks
from usage.rollup.acquisitions import recompute_acquisitions, told_between
from usage.rollup.people import OF_COHORTS, claim_everybody, mark_people, replace_people
from usage.rollup.sealing import sealed_until
from usage.rollup.sums import recompute_windows


def mark_days(days: Iterable[date]) -> None:
    """Have these days recomputed, known to be stale or not. Sealed ones have no facts left, and stay as they are."""
    zone, sealed = reporting_zone(), sealed_until()
    starts = [day_bounds(day, zone)[0] for day in days]
    put_marks([MarkKey(Level.REBUILD, start) for start in starts if start >= sealed])


def recorded_days() -> list[date]:
    """From the first to the last local day that has facts or rows."""
    zone = reporting_zone()
    moments: list[datetime] = []
    for table in (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent, UsageWindow):
        ends = table.objects.aggregate(first=Min("window_start"), last=Max("window_start"))
        moments += [moment for moment in ends.values() if moment]
    busy_until = UpstreamCall.objects.aggregate(last=Max("last_window"))["last"]  # on the day after, it may be
    moments += [busy_until] if busy_until else []
    days = [day_of(moment, zone) for moment in moments]
    for rows in (UsageDay, UserDay, FirstDay, Session):
        ends = rows._default_manager.aggregate(first=Min("local_day"), last=Max("local_day"))
        days += [day for day in ends.values() if day]
    return days_between(min(days), max(days)) if days else []


def rebuild_day(day: date) -> bool:
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    span = {"window_start__gte": start, "window_start__lt": end}
    if not claim_everybody() or not recompute_windows(start, end):
        return False
    Mark.objects.filter(level__in=[Level.REBUILD, Level.PERSON], **span).delete()
    turned = recompute_acquisitions(told_between(start, end))
    mark_people({day: start})
    mark_people({other: day_bounds(other, zone)[0] for other in turned}, OF_COHORTS)
    replace_people(day, None, changed=start)
    return True
