"""Raw facts, for what was not counted beforehand: few days at a time, and none of a day that is sealed."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import TruncDate

from usage.errors import BadRange
from usage.periods import day_bounds, day_of, reporting_zone
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.rollup.sealing import whole_days_from

F = TypeVar("F", bound=Model)

MAX_DAYS = 28
ON_DAY = "on_day"
"""Of the reporting zone of today; ``local_day`` of a fact is of the zone in which it was recorded."""


def refuse_sealed(first: date) -> None:
    """Raises ``BadRange`` for days whose facts are purged: what is left of them would read like a quiet time."""
    whole_from = day_of(whole_days_from(), reporting_zone())
    if first < whole_from:
        raise BadRange.purged(whole_from)


def during(rows: "QuerySet[F, F]", first: date, last: date) -> "QuerySet[F, Any]":
    """Those of these local days, each with its own as ``ON_DAY``."""
    zone = reporting_zone()
    span = {"window_start__gte": day_bounds(first, zone)[0], "window_start__lt": day_bounds(last, zone)[1]}
    found: QuerySet[F, Any] = rows.filter(**span).annotate(**{ON_DAY: TruncDate("window_start", tzinfo=zone)})
    return found


def asked_for(rows: "QuerySet[F, F]", query: UsageQuery) -> "QuerySet[F, Any]":
    """Those of the range that every filter keeps, of internal people only if they are asked for."""
    found = query.matching(during(rows, query.first_day, query.last_day))
    return found if query.include_internal else found.filter(is_internal=False)


def columns_of(by: Sequence[Dimension]) -> tuple[str, ...]:
    """As facts call them."""
    return tuple(ON_DAY if dimension is Dimension.DAY else dimension.value for dimension in by)
