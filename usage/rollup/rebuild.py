"""A local day from its facts alone, with the same code and under the same locks as live recomputation."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, Min

from usage.models import (
    EngagementEvent,
    Level,
    Mark,
    TurnAccepted,
    UpstreamCall,
    UsageDay,
    UsageRecord,
    UsageWindow,
    UserDay,
)
from usage.periods import day_bounds, day_of, days_between, reporting_zone
from usage.recording import MarkKey, put_marks
from usage.rollup.people import claim_everybody, replace_user_days
from usage.rollup.sums import recompute_windows


def mark_days(days: Iterable[date]) -> None:
    """Have these days recomputed from facts, whether anything about them is known to be stale or not."""
    zone = reporting_zone()
    put_marks([MarkKey(Level.REBUILD, day_bounds(day, zone)[0]) for day in days])


def recorded_days() -> list[date]:
    """From the first to the last local day that has facts or rows."""
    zone = reporting_zone()
    moments: list[datetime] = []
    for table in (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent, UsageWindow):
        ends = table.objects.aggregate(first=Min("window_start"), last=Max("window_start"))
        moments += [moment for moment in ends.values() if moment]
    days = [day_of(moment, zone) for moment in moments]
    for rows in (UsageDay, UserDay):
        ends = rows.objects.aggregate(first=Min("local_day"), last=Max("local_day"))
        days += [day for day in ends.values() if day]
    return days_between(min(days), max(days)) if days else []


def rebuild_day(day: date) -> bool:
    start, end = day_bounds(day, reporting_zone())
    span = {"window_start__gte": start, "window_start__lt": end}
    if not claim_everybody() or not recompute_windows(start, end):
        return False
    Mark.objects.filter(level__in=[Level.REBUILD, Level.PERSON], **span).delete()
    replace_user_days(day, None)
    put_marks([MarkKey(Level.PEOPLE_DAY, start)])
    return True
