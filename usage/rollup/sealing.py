"""Raw facts do not stay for ever: whole local days are purged, the oldest first, and sealed by that.

A seal is set in the transaction that purges, under the locks of every key that reads these facts. So a
recomputation either comes before it and has all of them, or finds the seal and leaves the rows alone: a
sealed day is never written again from what is no longer there. It is purged only while no mark is left
that a fact of that time made. Each DELETE looks for marks itself, because a fact may be committed between
two of them, and a last look decides for all.

A signal about an answer goes with the answer's day. What comes for a sealed day all the same becomes a
``LateAdjustment``, a line beside the numbers (``usage.rollup.late``). Rows of single people are purged
later, in the same order; ``FirstDay`` stays.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, Min, Q, QuerySet

from usage.models import (
    EngagementEvent,
    Level,
    Mark,
    Seal,
    Session,
    TurnAccepted,
    UpstreamCall,
    UsageRecord,
    UserDay,
)
from usage.periods import day_bounds, day_of, days_between, reporting_zone, window_number, windows_between
from usage.recording import LANES
from usage.rollup.statements import claim

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
REACH = timedelta(days=62)
"""How far back rows read facts and user-days: cohorts 56 days, a month and the one before it 62."""
PEOPLE_REACH = timedelta(days=91)
"""How far back people of ranges are counted from user-days, which stay longer than facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    days: int
    """That are purged now, by whomever."""
    rows: int
    is_waiting: bool
    """A day is due and was left: marks of its time are pending, or another worker holds its keys."""


def sealed_until() -> datetime:
    """Facts before this moment are purged. Ask after the locks are taken: before, it may be set at any moment."""
    return Seal.objects.aggregate(latest=Max("ends_at"))["latest"] or NEVER


def whole_days_from() -> datetime:
    """The first moment of the first local day of which nothing is sealed.

    Later than ``sealed_until`` only after a change of the reporting zone: the day in between has part of its facts.
    """
    return _whole_day_from(sealed_until())


def with_the_day_before() -> datetime:
    """The first moment of the first local day of which, and of the day before it, nothing is sealed."""
    zone = reporting_zone()
    return day_bounds(day_of(whole_days_from(), zone), zone)[1]


def people_purged_until() -> datetime:
    """User-days and sessions before this moment are purged: what is counted from them is final."""
    return Seal.objects.exclude(people_purged_at=None).aggregate(latest=Max("ends_at"))["latest"] or NEVER


def people_known_from() -> date | None:
    """The first local day whose user-days and sessions are all there; None: nobody's are purged."""
    purged = people_purged_until()
    return day_of(_whole_day_from(purged), reporting_zone()) if purged > NEVER else None


def with_all_facts(days: Iterable[date]) -> list[date]:
    """Those of them of which nothing is sealed."""
    since = day_of(whole_days_from(), reporting_zone())
    return [day for day in days if day >= since]


def seal_days(*, now: datetime, keep_days: int, goes_on: Callable[[], bool] = lambda: True) -> Purged:
    """Purge the raw facts of local days that ended ``keep_days`` ago or earlier."""
    zone = reporting_zone()
    last = day_of(now, zone) - timedelta(days=keep_days + 1)
    first = _first_unsealed_day()
    due = days_between(first, last) if first and first <= last else []
    return _in_order(due, lambda day: _seal_day(day, now=now), goes_on)


def purge_people(*, now: datetime, keep_days: int, goes_on: Callable[[], bool] = lambda: True) -> Purged:
    """Purge the rows of single people of sealed days that ended ``keep_days`` ago or earlier."""
    last = day_of(now, reporting_zone()) - timedelta(days=keep_days + 1)
    due = Seal.objects.filter(people_purged_at=None, local_day__lte=last).order_by("ends_at")
    return _in_order(list(due), lambda seal: _purge_people_of(seal, now=now), goes_on)


def _whole_day_from(moment: datetime) -> datetime:
    start, end = day_bounds(day_of(moment, reporting_zone()), reporting_zone())
    return start if start >= moment else end


def _in_order(due: Iterable[Any], purge: Callable[[Any], int | None], goes_on: Callable[[], bool]) -> Purged:
    """One transaction each. The first that cannot be purged ends it: days are final in their order."""
    days = rows = 0
    for key in due:
        if not goes_on():
            return Purged(days=days, rows=rows, is_waiting=True)
        with transaction.atomic():
            purged = purge(key)
            if purged is None:
                transaction.set_rollback(True)
                return Purged(days=days, rows=rows, is_waiting=True)
        days, rows = days + 1, rows + purged
    return Purged(days=days, rows=rows, is_waiting=False)


def _first_unsealed_day() -> date | None:
    """None: there is no fact. The day in which the last seal ends, in the zone of today, begins at that end."""
    sealed = sealed_until()
    if sealed > NEVER:
        return day_of(sealed, reporting_zone())
    tables = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)
    starts = [table.objects.aggregate(first=Min("window_start"))["first"] for table in tables]
    known = [start for start in starts if start]
    return day_of(min(known), reporting_zone()) if known else None


def _seal_day(day: date, *, now: datetime) -> int | None:
    """How many facts were purged; None if it has to wait, and then nothing may be committed."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    if not _claim_day(day, start, end):
        return None
    start = max(start, sealed_until())
    if start >= end:  # by another worker, in the meantime
        return 0
    if _pending(end).exists():
        return None
    crossing = UpstreamCall.objects.filter(window_start__gte=start, window_start__lt=end, last_window__gte=end)
    crossing_calls = list(crossing.values_list("id", flat=True))
    facts: int = sum(rows.filter(~Exists(_pending(end))).purge() for rows in _facts_of(start, end))
    if _pending(end).exists():
        return None
    Seal.objects.create(
        starts_at=start,
        ends_at=end,
        local_day=day,
        zone=zone.key,
        sealed_at=now,
        facts=facts,
        crossing_calls=crossing_calls,
    )
    return facts


def _claim_day(day: date, start: datetime, end: datetime) -> bool:
    """Whatever reads facts of that day holds one of these."""
    by_day = [level for level in Level if level not in (Level.WINDOW, Level.PERSON)]
    return (
        claim(Level.WINDOW, map(window_number, windows_between(start, end)))
        and claim(Level.PERSON, range(LANES))
        and all(claim(level, [day.toordinal()]) for level in by_day)
    )


def _pending(end: datetime, reach: timedelta = REACH) -> "QuerySet[Mark]":
    """Marks of rows that read what is from before ``end``."""
    return Mark.objects.filter(window_start__lt=end + reach)


def _facts_of(start: datetime, end: datetime) -> Iterator[Any]:
    """Those that nothing after ``end`` reads. The calls that ran over the end before are among them."""
    day = {"window_start__gte": start, "window_start__lt": end}
    yield TurnAccepted.objects.filter(**day)
    yield UsageRecord.objects.filter(**day)
    yield UpstreamCall.objects.filter(window_start__lt=end, last_window__lt=end)
    signals = Q(asked_window__gte=start, asked_window__lt=end)
    yield EngagementEvent.objects.filter(signals | Q(asked_window=None, **day))


def _purge_people_of(seal: Seal, *, now: datetime) -> int | None:
    day = [seal.local_day.toordinal()]
    by_day = (Level.PEOPLE_DAY, Level.SESSION_DAY, Level.RETURN_DAY)
    held = claim(Level.PERSON, range(LANES)) and all(claim(level, day) for level in by_day)
    if not held or _pending(seal.ends_at, PEOPLE_REACH).exists():
        return None
    rows = sum(table._default_manager.filter(local_day=seal.local_day).delete()[0] for table in (UserDay, Session))
    Seal.objects.filter(pk=seal.pk, people_purged_at=None).update(people_purged_at=now)
    return rows
