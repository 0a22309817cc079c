"""Usage by local day, scenario and model, with a subtotal per day and a total. From rollups only.

Additive numbers are summed from ``UsageDay``. Percentiles are asked of added histograms. People
are looked up where they were counted for exactly that group; over several days they are counted
once from ``UserDay``, which is the one slower query here (linear in user-days of the range).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from usage.models import PeopleDay, UsageDay
from usage.periods import day_bounds, reporting_zone
from usage.reports.headcount import GROUPING, Grouping, headcount
from usage.reports.labels import Dimension, names_of
from usage.reports.measures import Measures, People, Sums, read_sums
from usage.reports.query import UsageQuery
from usage.reports.snapshot import complete_through, erased_since, snapshot
from usage.rollup.answers import HORIZON


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """``scenario`` and ``model`` are None in a subtotal, ``day`` too in the total."""

    day: date | None
    scenario: str | None
    model: str | None
    is_complete: bool
    """Nothing more will be added, late facts apart."""
    measures: Measures
    people_behind: int
    """By which small groups are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDayRows:
    subtotal: UsageRow
    rows: tuple[UsageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport:
    query: UsageQuery
    zone: str
    generated_at: datetime
    complete_through: datetime | None
    erased_since: datetime | None
    days: tuple[UsageDayRows, ...]
    """Those that have rows, the newest first; within a day by scenario and model."""
    total: UsageRow
    scenarios: Mapping[str, str]
    """What can be asked for: slug to name."""
    models: Mapping[str, str]

    @property
    def currencies(self) -> list[str]:
        return sorted(self.total.measures.cost)

    def in_order(self) -> list[UsageRow]:
        """As a table reads: the total, then each day with its rows."""
        return [self.total, *(row for day in self.days for row in (day.subtotal, *day.rows))]


def usage_by_day(query: UsageQuery, *, now: datetime) -> UsageReport:
    """Raises ``UnknownValue`` if the query names a scenario or model that does not exist."""
    with snapshot():
        scenarios, models = _known()
        query.check(scenarios, models)
        complete = complete_through(now)
        erased = erased_since(query.first_day, query.last_day)
        found = read_sums(query, ("local_day", "scenario", "model"))
        sums = {Group(*key): each for key, each in found.items()}
        people = _people_of_days(query)
        everybody = headcount(query).get((), People())
    return UsageReport(
        query=query,
        zone=reporting_zone().key,
        generated_at=now,
        complete_through=complete,
        erased_since=erased,
        days=tuple(
            _day(day, sums, people, query, complete) for day in sorted({group.day for group in sums}, reverse=True)
        ),
        total=_row(
            Sums.of(sums.values()),
            everybody,
            last_day=query.last_day,
            complete=complete,
            by_model=query.model is not None,
        ),
        scenarios=scenarios,
        models=models,
    )


class Group(NamedTuple):
    day: date
    scenario: str
    model: str


class _Counted(NamedTuple):
    grouping: Grouping
    day: date
    scenario: str
    model: str


def _day(
    day: date,
    sums: Mapping[Group, Sums],
    people: Mapping[_Counted, People],
    query: UsageQuery,
    complete: datetime | None,
) -> UsageDayRows:
    groups = sorted(group for group in sums if group.day == day)
    whole = _Counted(GROUPING[frozenset(query.filters)], day, query.scenario or "", query.model or "")
    subtotal = _row(
        Sums.of(sums[group] for group in groups),
        people.get(whole, People()),
        day=day,
        last_day=day,
        complete=complete,
        by_model=query.model is not None,
    )
    rows = tuple(
        _row(
            sums[group],
            people.get(_Counted(Grouping.SCENARIO_MODEL, *group), People()),
            **group._asdict(),
            last_day=day,
            complete=complete,
            by_model=True,
        )
        for group in groups
    )
    return UsageDayRows(subtotal=subtotal, rows=rows)


def _row(
    sums: Sums,
    people: People,
    *,
    day: date | None = None,
    scenario: str | None = None,
    model: str | None = None,
    last_day: date,
    complete: datetime | None,
    by_model: bool,
) -> UsageRow:
    """Judged once signals of the last answer of ``last_day`` have had their time, and are counted."""
    until = _end_of(last_day)
    is_judged = complete is not None and complete >= until + HORIZON
    return UsageRow(
        day=day,
        scenario=scenario,
        model=model,
        is_complete=complete is not None and complete >= until,
        measures=sums.measures(people, by_model=by_model, is_judged=is_judged),
        people_behind=people.behind(sums.counts),
    )


def _people_of_days(query: UsageQuery) -> dict[_Counted, People]:
    active, valued = ("active_all", "valued_all") if query.include_internal else ("active", "valued")
    rows = PeopleDay.objects.filter(
        local_day__range=(query.first_day, query.last_day),
        grouping__in={Grouping.SCENARIO_MODEL, GROUPING[frozenset(query.filters)]},
    )
    values = query.matching(rows).values_list("grouping", "local_day", "scenario", "model", active, valued)
    return {
        _Counted(Grouping(grouping), day, scenario, model): People(*counts)
        for grouping, day, scenario, model, *counts in values
    }


def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Every scenario and model that was ever used or has a name, by slug, with its name."""
    used = list(UsageDay.objects.values_list("scenario", "model").distinct())
    return (
        _named(Dimension.SCENARIO, {scenario for scenario, _ in used}),
        _named(Dimension.MODEL, {model for _, model in used}),
    )


def _named(dimension: Dimension, used: set[str]) -> dict[str, str]:
    names = names_of(dimension)
    return {slug: names.get(slug, slug) for slug in sorted({*used, *names})}


def _end_of(day: date) -> datetime:
    return day_bounds(day, reporting_zone())[1]
