"""Distinct people of groups: looked up where they were counted for exactly that group, or counted once for a range."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum, Value

from usage.models import CountedSince, PeopleDay, ReturnDay
from usage.reports.dimensions import Dimension
from usage.reports.measures import Key, People, organic_if_asked_for
from usage.reports.query import UsageQuery
from usage.reports.single_people import kept_only_from, user_days
from usage.rollup.crowds import counts, ranked
from usage.rollup.days import DayNumber, number_of
from usage.rollup.statements import counted, select

Grouping = PeopleDay.Grouping
GROUPING: Mapping[frozenset[Dimension], Grouping] = {
    frozenset(): Grouping.TOTAL,
    frozenset({Dimension.SCENARIO}): Grouping.SCENARIO,
    frozenset({Dimension.MODEL}): Grouping.MODEL,
    frozenset({Dimension.CHANNEL}): Grouping.CHANNEL,
    frozenset({Dimension.SCENARIO, Dimension.MODEL}): Grouping.SCENARIO_MODEL,
}


ADDED: Mapping[frozenset[Dimension], ReturnDay.Grouping] = {
    frozenset(): ReturnDay.Grouping.TOTAL,
    frozenset({Dimension.SCENARIO}): ReturnDay.Grouping.SCENARIO,
}


def columns_of(by: Sequence[Dimension]) -> tuple[str, ...]:
    """As rollups call them."""
    return tuple("local_day" if dimension is Dimension.DAY else dimension.value for dimension in by)


def headcount(query: UsageQuery, *, with_top: bool = False) -> dict[Key, People]:
    """By the values of ``query.by``. ``with_top``: also how many turns are of those with the most, of a range too.

    Day by day from ``PeopleDay``, over a range from ``ReturnDay``. What is not in them is counted from ``UserDay``,
    the one slower query of these reports: linear in user-days of the range, and refused with ``BadRange`` where these
    are purged; the top is then not known.
    """
    by = columns_of(query.by)
    if Dimension.DAY in query.by:
        rows = _looked_up(query, by) if _apart(query) in GROUPING else _counted_by_day(query, by)
    elif _can_be_added(query) and (not with_top or kept_only_from(query)):
        rows = _added(query, by)
    else:
        rows = _counted_once(query, by, with_top=with_top)
    return {tuple(row[: len(by)]): People(*row[len(by) :]) for row in rows}


def _apart(query: UsageQuery) -> frozenset[Dimension]:
    """By what people are told apart, or kept to, besides time."""
    return frozenset({*query.by, *query.filters} - {Dimension.DAY})


def _looked_up(query: UsageQuery, by: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    grouping = GROUPING[_apart(query)]
    days = _within(PeopleDay.objects.filter(grouping=grouping), query)
    crowd: Sequence[Any] = [*counts("_all" if query.include_internal else "")]
    if query.organic_only:  # whose turns are the most of them was not counted
        crowd = ("active_organic", "valued_organic", Value(None, IntegerField()))
    found: Iterable[tuple[Any, ...]] = days.values_list(*by, *crowd)
    return found


def _can_be_added(query: UsageQuery) -> bool:
    since = CountedSince.first_day(CountedSince.What.PEOPLE) or date.min
    return query.first_day >= since and not query.include_internal and _apart(query) in ADDED


def _added(query: UsageQuery, by: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Those of each day who had not been there since the range began."""
    days = organic_if_asked_for(_within(ReturnDay.objects.filter(grouping=ADDED[_apart(query)]), query), query)
    since = DayNumber("local_day") - number_of(query.first_day)
    # With a constant in it, grouping by nothing is grouping still.
    groups = days.annotate(days=since).filter(since_last__gt=F("days")).values(*by, everything=Value(1))
    sums = {name: Sum("people", filter=Q(valued=valued), default=0) for name, valued in (("a", False), ("v", True))}
    found: Iterable[tuple[Any, ...]] = groups.annotate(**sums).values_list(*by, *sums, Value(None, IntegerField()))
    return found


def _counted_once(query: UsageQuery, by: Sequence[str], *, with_top: bool) -> Iterable[tuple[Any, ...]]:
    """Without the top nobody has to be put in order, which takes as long as all the rest."""
    days = user_days(query)
    if with_top:
        return counted(ranked(days, by, {"": None}), by=by, measures=counts())
    sums = {f"{name}_of": Sum(name) for name in ("turns", "valued")}
    each = select(days.values(*by, "subject").annotate(**sums).values_list(*by, *sums))
    measures = {name: f"COUNT(*) FILTER (WHERE {name}_of > 0)" for name in ("turns", "valued")} | {"top_turns": "NULL"}
    return counted(each, by=by, measures=measures)


def _counted_by_day(query: UsageQuery, by: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    each = {name: Count("subject", distinct=True, filter=Q(**{f"{name}__gt": 0})) for name in ("turns", "valued")}
    sums = {f"{name}_of": count for name, count in each.items()}
    found: Iterable[tuple[Any, ...]] = (
        user_days(query).values(*by).annotate(**sums, top=Value(None, IntegerField())).values_list(*by, *sums, "top")
    )
    return found


def _within(rows: "QuerySet[Any, Any]", query: UsageQuery) -> "QuerySet[Any, Any]":
    return query.matching(rows.filter(local_day__range=(query.first_day, query.last_day)))
