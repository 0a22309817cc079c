"""Distinct people of groups: looked up where they were counted for exactly that group, or counted once for a range."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from usage.models import PeopleDay, UserDay
from usage.reports.dimensions import Dimension
from usage.reports.measures import Key, People
from usage.reports.query import UsageQuery

Grouping = PeopleDay.Grouping
GROUPING: Mapping[frozenset[Dimension], Grouping] = {
    frozenset(): Grouping.TOTAL,
    frozenset({Dimension.SCENARIO}): Grouping.SCENARIO,
    frozenset({Dimension.MODEL}): Grouping.MODEL,
    frozenset({Dimension.CHANNEL}): Grouping.CHANNEL,
    frozenset({Dimension.SCENARIO, Dimension.MODEL}): Grouping.SCENARIO_MODEL,
}


def columns_of(by: Sequence[Dimension]) -> tuple[str, ...]:
    """As rollups call them."""
    return tuple("local_day" if dimension is Dimension.DAY else dimension.value for dimension in by)


def headcount(query: UsageQuery) -> dict[Key, People]:
    """By the values of ``query.by``.

    Day by day from ``PeopleDay``. Over a range from ``UserDay``, which is the one slower query of these reports
    (linear in user-days of the range): people of several days cannot be added.
    """
    by = columns_of(query.by)
    if Dimension.DAY in query.by:
        active, valued = ("active_all", "valued_all") if query.include_internal else ("active", "valued")
        grouping = GROUPING[frozenset({*query.by, *query.filters} - {Dimension.DAY})]
        days = _within(PeopleDay.objects.filter(grouping=grouping), query)
        counted = days.values_list(*by, active, valued)
    else:
        people = _within(UserDay.objects.all(), query)
        if not query.include_internal:
            people = people.filter(is_internal=False)
        counted = people.values(*by, everything=Value(1)).annotate(**_DISTINCT).values_list(*by, *_DISTINCT)
    return {row[:-2]: People(*row[-2:]) for row in counted}


_DISTINCT = {
    "active": Count("subject", distinct=True, filter=Q(turns__gt=0)),
    "valued": Count("subject", distinct=True, filter=Q(valued__gt=0)),
}


def _within(rows: "QuerySet[Any, Any]", query: UsageQuery) -> "QuerySet[Any, Any]":
    return query.matching(rows.filter(local_day__range=(query.first_day, query.last_day)))
