"""Are the stored rows what the facts say? Recomputed by the same code, compared, and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from usage.models import (
    Acquisition,
    ActiveDay,
    ActiveSpread,
    AdoptionDay,
    BusyWindow,
    CallDay,
    CohortBracket,
    CohortCost,
    CohortDay,
    ConversationDay,
    FirstDay,
    LatencyDay,
    LatencyWindow,
    LifecycleDay,
    Mark,
    PeopleDay,
    Period,
    ReturnDay,
    Session,
    SessionDay,
    UsageDay,
    UsageWindow,
    UserDay,
)
from usage.periods import day_bounds, reporting_zone
from usage.rollup.active import recompute_active_days
from usage.rollup.adoption import recompute_adoption
from usage.rollup.calls import recompute_call_day
from usage.rollup.cohort_costs import recompute_cohort_costs
from usage.rollup.cohorts import recompute_cohorts
from usage.rollup.conversations import recompute_conversation_day
from usage.rollup.latency import latency_windows_from, recompute_latency_day
from usage.rollup.lifecycle import recompute_lifecycle
from usage.rollup.people import recompute_people_day
from usage.rollup.rebuild import rebuild_day
from usage.rollup.returns import recompute_return_day
from usage.rollup.sealing import REACH
from usage.rollup.sessions import recompute_session_day
from usage.rollup.sums import recompute_usage_day

OF_A_DAY: tuple[type[Model], ...] = (UsageDay, LatencyDay, UserDay, PeopleDay, FirstDay)
AROUND_A_DAY: tuple[type[Model], ...] = (
    *(Session, SessionDay, ActiveDay, ActiveSpread, AdoptionDay, CohortCost, CallDay),
    *(ConversationDay, ReturnDay),
)
WITHIN_A_DAY = (rebuild_day, recompute_usage_day, recompute_latency_day, recompute_people_day)
BESIDE_A_DAY = (recompute_session_day, recompute_call_day, recompute_conversation_day, recompute_return_day)
OVER_DAYS = (
    *(recompute_active_days, recompute_lifecycle, recompute_cohorts, recompute_adoption),
    recompute_cohort_costs,
)

Key = tuple[object, ...]
Rows = Mapping[Key, Mapping[str, object]]
Tables = dict[str, Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not what its facts make of it."""

    table: str
    key: Key
    stored: Mapping[str, object] | None
    """None: there is no such row. So for ``recomputed``. Else the columns that differ."""
    recomputed: Mapping[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCheck:
    day: date
    is_settled: bool
    """False where marks say that the day is stale, or another worker is at it: then nothing was compared."""
    is_settled_around: bool = False
    """False where that is so of a day near it: then what looks beyond the day (retention, say) was not compared."""
    differences: tuple[Difference, ...] = ()


def check_day(day: date) -> DayCheck:
    """Leaves every row and every mark as it was. Holds the locks of the day while it looks."""
    with transaction.atomic():
        stored = _of_a_day(day), _around_a_day(day)
        inner = all(step(day) for step in WITHIN_A_DAY)
        outer = inner and all(step(day) for step in BESIDE_A_DAY) and all(step(day, day) for step in OVER_DAYS)
        recomputed = _of_a_day(day), _around_a_day(day)
        transaction.set_rollback(True)
    # Looked at last: a fact that came in between brought its mark.
    if not inner or _marks(day, timedelta()).exists():
        return DayCheck(day=day, is_settled=False)
    outer = outer and not _marks(day, REACH).exists()
    compared = zip(stored[: 1 + outer], recomputed[: 1 + outer], strict=True)
    differences = [each for before, after in compared for table in before for each in _compared(table, before, after)]
    return DayCheck(day=day, is_settled=True, is_settled_around=outer, differences=tuple(differences))


def _of_a_day(day: date) -> Tables:
    """Rows that nothing but this day changes, with their own marks."""
    start, end = day_bounds(day, reporting_zone())
    within = Q(window_start__gte=start, window_start__lt=end)
    windows = (UsageWindow.objects.filter(within), BusyWindow.objects.filter(within))
    return _tables(
        *windows,
        LatencyWindow.objects.filter(within, window_start__gte=latency_windows_from()),
        *(table._default_manager.filter(local_day=day) for table in OF_A_DAY),
    )


def _around_a_day(day: date) -> Tables:
    """Rows that other days change too."""
    start, end = day_bounds(day, reporting_zone())
    cohorts = Q(period=Period.DAY, cohort=day) | Q(period=Period.WEEK, cohort=Period.WEEK.start_of(day))
    periods = [Q(period=period, period_start=period.start_of(day)) for period in Period]
    return _tables(
        *(table._default_manager.filter(local_day=day) for table in AROUND_A_DAY),
        Acquisition.objects.filter(at__gte=start, at__lt=end),
        LifecycleDay.objects.filter(periods[0] | periods[1] | periods[2]),
        CohortDay.objects.filter(cohorts),
        CohortBracket.objects.filter(cohort=day),
    )


def _tables(*rows: "QuerySet[Any]") -> Tables:
    return {each.model._meta.model_name or "": _by_key(each.model, each.values()) for each in rows}


def _by_key(table: type[Model], rows: Any) -> Rows:
    key = [field.name for field in table._meta.pk_fields]
    return {tuple(row.pop(name) for name in key): row for row in rows}


def _marks(day: date, around: timedelta) -> "QuerySet[Mark]":
    start, end = day_bounds(day, reporting_zone())
    return Mark.objects.filter(window_start__gte=start - around, window_start__lt=end + around)


def _compared(table: str, stored: Tables, recomputed: Tables) -> list[Difference]:
    found: list[Difference] = []
    for key in sorted({*stored[table], *recomputed[table]}, key=repr):
        before, after = stored[table].get(key), recomputed[table].get(key)
        if before is not None and after is not None:
            differing = [name for name in before if before[name] != after[name]]
            before, after = ({name: row[name] for name in differing} for row in (before, after))
        if before != after:
            found.append(Difference(table=table, key=key, stored=before, recomputed=after))
    return found
