"""The first day ever, of each person: active at all, active in a scenario, and a scenario in sight.

Rows of one local day were replaced; only this may follow: whoever has rows on it now had no first day or a later
one, or their first day was this one and the rows are gone. Everybody else's stands, whatever was purged since.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from conversations.events import EngagementKind
from usage.models import Acquisition, EngagementEvent, FirstDay, UserDay
from usage.periods import day_bounds, day_of, reporting_zone
from usage.rollup.statements import insert_select

Grouping = FirstDay.Grouping
Key = tuple[UUID, str, bool]
"""Subject, scenario, internal."""

SIGHTS = EngagementEvent.objects.filter(
    kind__in=(EngagementKind.SCENARIO_SEEN, EngagementKind.SCENARIO_CHOSEN)
).exclude(scenario="")
TURNS = UserDay.objects.filter(turns__gt=0)
SOURCES: dict[Grouping, tuple["QuerySet[Any]", tuple[str, ...]]] = {
    Grouping.TOTAL: (TURNS, ("subject", "is_internal")),
    Grouping.SCENARIO: (TURNS.exclude(scenario=""), ("subject", "scenario", "is_internal")),
    Grouping.SEEN: (SIGHTS, ("subject", "scenario", "is_internal")),
}
BESIDE = {Grouping.SCENARIO: Grouping.SEEN, Grouping.SEEN: Grouping.SCENARIO}
"""Adoption asks which of the two a person's first was."""


def replace_first_days(day: date, subjects: Collection[UUID] | None) -> set[date]:
    """After rows of ``subjects`` (or of everybody) on ``day`` were replaced: the days whose firsts count otherwise now.

    Those that gained or lost a first, and those of a first use after a sight, or of a first sight after a use, which
    was the first of the two until now.
    """
    whose = Q() if subjects is None else Q(subject__in=sorted(subjects))
    changed: set[date] = set()
    for grouping in Grouping:
        moves = dict(_replace(grouping, day, whose))
        changed |= {moment for move in moves.values() for moment in move if moment}
        if moves and grouping in BESIDE:
            gone = {subject for (subject, _, _), (_, now) in moves.items() if now != day}
            changed |= _later_beside(grouping, day, whose, gone=gone)
    fresh = FirstDay.objects.filter(whose, local_day=day, subject__in=Acquisition.objects.values("subject"))
    fresh.filter(organic=True).update(organic=False)
    return changed


def _replace(grouping: Grouping, day: date, whose: Q) -> Iterator[tuple[Key, tuple[date | None, date | None]]]:
    """Whose first day it changed: from when, to when."""
    source, dimensions = SOURCES[grouping]
    rows = source.filter(whose, _on(source, day))
    present = rows.filter(**{name: OuterRef(name) for name in dimensions})
    firsts = FirstDay.objects.filter(whose, grouping=grouping)
    on_it = firsts.filter(local_day=day)
    later = firsts.filter(Exists(present), local_day__gt=day, subject__in=rows.values("subject"))
    before: dict[Key, date] = {}
    for stale in (on_it, later):
        if found := _by_key(stale):
            before |= found
            stale.delete()
    insert_select(
        FirstDay,
        rows,
        constants={"grouping": grouping.value, "local_day": day, "zone": reporting_zone().key},
        dimensions={name: name for name in dimensions},
        measures={},
        once=True,
    )
    after = _by_key(on_it)
    if gone := before.keys() - after.keys():
        after |= _find_again(grouping, {subject for subject, _, _ in gone})
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            yield key, (before.get(key), after.get(key))


def _later_beside(grouping: Grouping, day: date, whose: Q, *, gone: Collection[UUID]) -> set[date]:
    """After ``day``: the other firsts of those whose first of this grouping is on it since, or no longer."""
    others = FirstDay.objects.filter(whose, grouping=BESIDE[grouping], local_day__gt=day)
    here = FirstDay.objects.filter(whose, grouping=grouping, local_day=day)
    found = set(others.filter(subject__in=here.values("subject")).values_list("local_day", flat=True).distinct())
    if gone:
        found |= set(others.filter(subject__in=sorted(gone)).values_list("local_day", flat=True).distinct())
    return found


def _find_again(grouping: Grouping, subjects: Collection[UUID]) -> dict[Key, date]:
    """Their first day was taken back: the next one is looked for in all that is there."""
    source, dimensions = SOURCES[grouping]
    zone = reporting_zone()
    theirs = source.filter(subject__in=sorted(subjects)).values(*dimensions)
    first = "window_start" if source.model is EngagementEvent else "local_day"
    acquired = set(Acquisition.objects.filter(subject__in=sorted(subjects)).values_list("subject", flat=True))
    found = [
        FirstDay(
            grouping=grouping,
            subject=row["subject"],
            scenario=row.get("scenario", ""),
            is_internal=row["is_internal"],
            local_day=day_of(row["first"], zone) if first == "window_start" else row["first"],
            zone=zone.key,
            organic=row["subject"] not in acquired,
        )
        for row in theirs.annotate(first=Min(F(first)))
    ]
    FirstDay.objects.bulk_create(found, ignore_conflicts=True)
    return _by_key(FirstDay.objects.filter(grouping=grouping, subject__in=sorted(subjects)))


def _on(source: "QuerySet[Any]", day: date) -> Q:
    if source.model is not EngagementEvent:
        return Q(local_day=day)
    start, end = day_bounds(day, reporting_zone())
    return Q(window_start__gte=start, window_start__lt=end)


def _by_key(firsts: "QuerySet[FirstDay]") -> dict[Key, date]:
    rows = firsts.values_list("subject", "scenario", "is_internal", "local_day")
    return {(subject, scenario, is_internal): day for subject, scenario, is_internal, day in rows}
