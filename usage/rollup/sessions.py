"""Sessions: turns of one person without a pause of more than 30 minutes, over all their tabs.

From what changed it is walked both ways until there is a pause, and every session in between is replaced, on
whatever day it began. A session that began before the last seal stands, and keeps the turns that went on with it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, F, Max, Min, OuterRef, Q, Subquery, Sum

from usage.models import Level, Mark, Session, SessionDay, TurnAccepted, UsageRecord
from usage.periods import day_bounds, day_of, reporting_zone, window_of
from usage.rollup.sealing import people_purged_until, sealed_until
from usage.rollup.statements import claim, insert_rows, insert_select
from usage.rollup.stays import LONGEST_TURN, PAUSE, sessions

STEP = timedelta(hours=2)
"""How much further it is looked at a time; more than a turn and a pause."""
TOGETHER = 20
"""People whose midnight is looked at in one go: a statement costs more than what it finds of one of them."""
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """A turn, or several without a pause between them."""

    who: tuple[UUID, bool]
    start: datetime
    end: datetime
    turns: int = 1


def replace_sessions(day: date, subjects: Collection[UUID] | None) -> set[date]:
    """Of ``subjects`` or of everybody, around what changed on ``day``; the days whose sessions may be others.

    The caller holds the locks of their lanes. Those who were at it when the day began or ended are looked at a few at
    a time: of everybody together there may be no pause for months. The sessions of all others are within the day, and
    replaced by one statement.
    """
    whose = Q() if subjects is None else Q(subject__in=sorted(subjects))
    sealed = sealed_until()
    start, end = day_bounds(day, reporting_zone())
    roused = sorted(_awake(whose, start) | _awake(whose, end) | _reaching_over(whose, day, start, end))
    changed = _replace_within(whose & ~Q(subject__in=roused), day, start, end)
    for at in range(0, len(roused), TOGETHER):
        changed |= _replace_around(Q(subject__in=roused[at : at + TOGETHER]), start, end, sealed)
    return changed


def _awake(whose: Q, midnight: datetime) -> set[UUID]:
    """Who was at it then: turns begun earlier, or later, have no part in that."""
    stays = _islands(_turns(whose, midnight - LONGEST_TURN - PAUSE, midnight + PAUSE))
    return {stay.who[0] for stay in stays if stay.start < midnight <= stay.end}


def _reaching_over(whose: Q, day: date, start: datetime, end: datetime) -> set[UUID]:
    """Whose stored sessions go over the beginning or the end of the day."""
    over = Q(local_day=day - timedelta(days=1), ended_at__gte=start - PAUSE) | Q(local_day=day, ended_at__gte=end)
    return set(Session.objects.filter(whose, over).values_list("subject", flat=True))


def _replace_within(whose: Q, day: date, start: datetime, end: datetime) -> set[date]:
    """Of people who were not at it when the day began, nor when it ended."""
    begun = Session.objects.filter(whose & _begun_on_days(start, end), started_at__gte=start, started_at__lt=end)
    days = set(begun.values_list("local_day", flat=True).distinct())
    begun.delete()
    within = Q(window_start__gte=start, window_start__lt=end)
    columns = ("subject", "is_internal", "started_at", "ended_at", "turns", "duration_ms", "local_day", "zone")
    insert_rows(Session, columns, sessions(whose & within, within, day, reporting_zone()))
    return {*days, day}


def _replace_around(whose: Q, start: datetime, end: datetime, sealed: datetime) -> set[date]:
    """Of a few people: ``[start, end)`` made longer until none of them is at it where it begins and where it ends."""
    while True:
        near = Session.objects.filter(whose, started_at__lte=end + PAUSE, ended_at__gte=start - PAUSE)
        kept = near.filter(started_at__lt=sealed)
        final = [_Stay(who=(it.subject, it.is_internal), start=it.started_at, end=it.ended_at, turns=0) for it in kept]
        stays = list(_islands([*final, *_turns(whose, start - STEP, end + STEP)]))
        stored = near.aggregate(start=Min("started_at"), end=Max("ended_at"))
        touching = [stay for stay in stays if stay.start <= end + PAUSE and stay.end >= start - PAUSE]
        first = min([start, *(stay.start for stay in touching), *filter(None, [stored["start"]])])
        last = max([end, *(stay.end for stay in touching), *filter(None, [stored["end"]])])
        if (first, last) == (start, end):
            return _replace(whose, start, end, stays, sealed)
        start, end = first, last


def _begun_on_days(start: datetime, end: datetime) -> Q:
    """What is begun in between, and more: days are indexed, and may be those of an earlier reporting zone."""
    return Q(local_day__range=(start.date() - timedelta(days=1), end.date() + timedelta(days=1)))


def _replace(whose: Q, start: datetime, end: datetime, stays: Iterable[_Stay], sealed: datetime) -> set[date]:
    """The sessions that begin in ``[start, end]``, but for those that are final."""
    since = max(start, sealed)
    begun = Session.objects.filter(whose, started_at__gte=since, started_at__lte=end)
    before = {_values(session): session.local_day for session in begun}
    sessions = [_session(stay, reporting_zone()) for stay in stays if since <= stay.start <= end]
    after = {_values(session): session.local_day for session in sessions}
    if before == after:
        return set()
    begun.delete()
    Session.objects.bulk_create(sessions, batch_size=1000)
    return {(before | after)[values] for values in before.keys() ^ after.keys()}


def _turns(whose: Q, start: datetime, end: datetime) -> list[_Stay]:
    ending = UsageRecord.objects.filter(generation=OuterRef("generation"), occurred_at=OuterRef("occurred_at"))
    windows = Q(window_start__gte=window_of(start), window_start__lt=end)  # they are indexed
    turns = TurnAccepted.objects.filter(whose, windows, occurred_at__gte=start, occurred_at__lt=end)
    turns = turns.annotate(finished_at=Subquery(ending.values("finished_at"), output_field=DateTimeField()))
    rows = turns.values_list("subject", "is_internal", "occurred_at", "finished_at")
    return [_Stay(who=(subject, internal), start=at, end=_end(at, over)) for subject, internal, at, over in rows]


def _end(accepted: datetime, finished: datetime | None) -> datetime:
    return min(max(accepted, finished or accepted), accepted + LONGEST_TURN)


def _islands(stays: Iterable[_Stay]) -> Iterator[_Stay]:
    current: _Stay | None = None
    for stay in sorted(stays, key=lambda stay: (stay.who, stay.start)):
        if current is None or stay.who != current.who or stay.start - current.end > PAUSE:
            if current is not None:
                yield current
            current = stay
        else:
            end = max(current.end, stay.end)
            current = replace(current, end=end, turns=current.turns + stay.turns)
    if current is not None:
        yield current


def _session(stay: _Stay, zone: ZoneInfo) -> Session:
    subject, is_internal = stay.who
    return Session(
        subject=subject,
        is_internal=is_internal,
        started_at=stay.start,
        ended_at=stay.end,
        local_day=day_of(stay.start, zone),
        zone=zone.key,
        turns=stay.turns,
        duration_ms=(stay.end - stay.start) // MILLISECOND,
    )


def _values(session: Session) -> tuple[object, ...]:
    return tuple(getattr(session, field.attname) for field in Session._meta.fields)


def recompute_session_day(day: date) -> bool:
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    if not claim(Level.SESSION_DAY, [day.toordinal()]) or start < people_purged_until():
        return False
    Mark.objects.filter(level=Level.SESSION_DAY, window_start__gte=start, window_start__lt=end).delete()
    SessionDay.objects.filter(local_day=day).delete()
    insert_select(
        SessionDay,
        Session.objects.filter(local_day=day),
        constants={"zone": zone.key},
        dimensions={name: name for name in ("local_day", "is_internal")},
        measures={
            "sessions": Count("*"),
            "people": Count("subject", distinct=True),
            "turns": Sum(F("turns")),
            "duration_ms": Sum(F("duration_ms")),
            "one_turn": Count("subject", filter=Q(turns=1)),
        },
    )
    return True
