"""Are the stored rows what the facts say? Recomputed by the same code, compared, and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from usage.models import LatencyDay, Mark, PeopleDay, UsageDay, UsageWindow, UserDay
from usage.periods import day_bounds, reporting_zone
from usage.rollup.latency import recompute_latency_day
from usage.rollup.people import recompute_people_day
from usage.rollup.rebuild import rebuild_day
from usage.rollup.sums import recompute_usage_day

DAY_TABLES: tuple[type[Model], ...] = (UsageDay, LatencyDay, UserDay, PeopleDay)

Key = tuple[object, ...]
Rows = Mapping[Key, Mapping[str, object]]


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
    differences: tuple[Difference, ...] = ()


def check_day(day: date) -> DayCheck:
    """Leaves every row and every mark as it was. Holds the locks of the day while it looks."""
    with transaction.atomic():
        stored = _rows(day)
        recomputed = _recomputed(day)
        transaction.set_rollback(True)
    # Looked at last: a fact that came in between brought its mark.
    if recomputed is None or _marks(day).exists():
        return DayCheck(day=day, is_settled=False)
    differences = [difference for table in stored for difference in _compared(table, stored[table], recomputed[table])]
    return DayCheck(day=day, is_settled=True, differences=tuple(differences))


def _recomputed(day: date) -> Mapping[str, Rows] | None:
    steps = (rebuild_day, recompute_usage_day, recompute_latency_day, recompute_people_day)
    return _rows(day) if all(step(day) for step in steps) else None


def _rows(day: date) -> dict[str, Rows]:
    start, end = day_bounds(day, reporting_zone())
    windows = UsageWindow.objects.filter(window_start__gte=start, window_start__lt=end)
    days = [table._default_manager.filter(local_day=day) for table in DAY_TABLES]
    return {rows.model._meta.model_name or "": _by_key(rows.model, rows.values()) for rows in (windows, *days)}


def _by_key(table: type[Model], rows: Any) -> Rows:
    key = [field.name for field in table._meta.pk_fields]
    return {tuple(row.pop(name) for name in key): row for row in rows}


def _marks(day: date) -> Any:
    start, end = day_bounds(day, reporting_zone())
    return Mark.objects.filter(window_start__gte=start, window_start__lt=end)


def _compared(table: str, stored: Rows, recomputed: Rows) -> list[Difference]:
    found: list[Difference] = []
    for key in sorted({*stored, *recomputed}, key=repr):
        before, after = stored.get(key), recomputed.get(key)
        if before is not None and after is not None:
            differing = [name for name in before if before[name] != after[name]]
            before, after = ({name: row[name] for name in differing} for row in (before, after))
        if before != after:
            found.append(Difference(table=table, key=key, stored=before, recomputed=after))
    return found
