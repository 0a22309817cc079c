"""How often people sit down to it, for how long, and how much they ask in one go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from usage.models import SessionDay
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of
from usage.reports.measures import Key
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, decimal
from usage.reports.single_people import sessions

SUMS = ("sessions", "turns", "duration_ms", "one_turn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    sessions: int
    session_people: int
    session_turns: int
    turns_per_session: Decimal | None
    session_mean_ms: int | None
    one_turn_session_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Sessions]]:
    """Of the days on which they begin; one that runs over midnight is in the first one alone."""
    by = columns_of(query.by)
    people = _people(query)
    # With a constant in it, grouping by nothing is grouping still.
    rows = _days(query).values(*by, everything=Value(1)).annotate(**{f"sum_{name}": Sum(name) for name in SUMS})
    for row in rows.order_by(*by):
        key = tuple(row[name] for name in by)
        sums = {name: int(row[f"sum_{name}"] or 0) for name in SUMS}
        yield Found(
            group=group_of(query, key),
            measures=_measures(sums, people=people[key]),
            until=end_of_group(query, key),
            people=people[key],
        )


def _measures(sums: Mapping[str, int], *, people: int) -> Sessions:
    count = sums["sessions"]
    return Sessions(
        sessions=count,
        session_people=people,
        session_turns=sums["turns"],
        turns_per_session=decimal(sums["turns"], count),
        session_mean_ms=round(Fraction(sums["duration_ms"], count)) if count else None,
        one_turn_session_share=Ratio(numerator=sums["one_turn"], denominator=count),
    )


def _days(query: UsageQuery) -> "QuerySet[SessionDay]":
    return SessionDay.objects.filter(local_day__range=(query.first_day, query.last_day), is_internal=False)


def _people(query: UsageQuery) -> dict[Key, int]:
    """Of a day as it was counted; of a range they are counted once, from all its sessions."""
    if Dimension.DAY in query.by:
        return {(day,): people for day, people in _days(query).values_list("local_day", "people")}
    return {(): sessions(query).values("subject").distinct().count()}


SESSIONS = Definition(
    id="sessions",
    label=pgettext_lazy("of people", "Sessions"),
    about=_("How often people sit down to it, for how long, and how many turns they ask for in one go."),
    measures=Sessions,
    read=read,
    times=(frozenset({Dimension.DAY}), frozenset()),
    combinations=(frozenset(),),
    options=frozenset({Option.COMPARE}),
)
