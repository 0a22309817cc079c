"""What it costs to keep somebody: a cohort's first four weeks, over those of it who stayed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import CohortBracket, CohortCost, Period
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.kinds.retention import closes
from usage.reports.kinds.unit_economics import UNPRICED_AT_MOST_PER
from usage.reports.query import UsageQuery
from usage.reports.ratios import per
from usage.rollup.cohort_costs import DAYS
from usage.rollup.exact import UNIT_PICO

STAYED = (15, DAYS)
"""Days after the first, on any of which who stayed is active."""
DEFAULT_DAYS = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortEconomics:
    """Money in pico-units, by currency; empty where it is not known."""

    members: int
    retained_members: int | None
    cohort_calls: int
    cohort_unpriced_calls: int
    cohort_cost: Mapping[str, int]
    cost_per_retained_user: Mapping[str, int]


@dataclass(slots=True)
class _Sums:
    members: int = 0
    retained: int = 0
    calls: int = 0
    unpriced: int = 0
    cost: Counter[str] = field(default_factory=Counter)

    def add(self, other: "_Sums") -> None:
        self.members += other.members
        self.retained += other.retained
        self.calls += other.calls
        self.unpriced += other.unpriced
        self.cost.update(other.cost)

    def measures(self, *, is_closed: bool) -> CohortEconomics:
        is_known = is_closed and self.unpriced * UNPRICED_AT_MOST_PER <= self.calls
        return CohortEconomics(
            members=self.members,
            retained_members=self.retained if is_closed else None,
            cohort_calls=self.calls,
            cohort_unpriced_calls=self.unpriced,
            cohort_cost=dict(self.cost),
            cost_per_retained_user=per(self.cost, self.retained) if is_known else {},
        )


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[CohortEconomics]]:
    """By cohort, or over those of the range that are closed: cost and people are then of the same days."""
    cohorts = _cohorts(query)
    if Dimension.COHORT not in query.by:
        closed = _Sums()
        for cohort in cohorts:
            if moment.has_passed(_end(cohort)):
                closed.add(cohorts[cohort])
        yield Found(
            group={}, measures=closed.measures(is_closed=True), until=_end(query.last_day), people=closed.members
        )
        return
    for cohort in sorted(cohorts):
        is_closed = moment.has_passed(_end(cohort))
        yield Found(
            group={Dimension.COHORT: cohort},
            measures=cohorts[cohort].measures(is_closed=is_closed),
            until=_end(cohort),
            people=cohorts[cohort].members,
        )


def _end(cohort: date) -> datetime:
    return closes(cohort, DAYS, Period.DAY)


def _cohorts(query: UsageQuery) -> dict[date, _Sums]:
    days: dict[str, object] = {"cohort__range": (query.first_day, query.last_day)}
    if query.organic_only:
        days["organic"] = True
    found: dict[date, _Sums] = defaultdict(_Sums)
    brackets = CohortBracket.objects.filter(first_n=STAYED[0], last_n=STAYED[1], **days)
    for cohort, members, stayed in brackets.values_list("cohort").annotate(Sum("members"), Sum("active")):
        found[cohort] = _Sums(members=int(members), retained=int(stayed))
    spent = CohortCost.objects.filter(local_day__range=(query.first_day, query.last_day + timedelta(days=DAYS)), **days)
    sums = (Sum(name) for name in ("calls", "unpriced", "cost_units", "cost_rest_pico"))
    for cohort, currency, calls, unpriced, units, rest in spent.values_list("cohort", "currency").annotate(*sums):
        found[cohort].calls += int(calls)
        found[cohort].unpriced += int(unpriced)
        if currency:
            found[cohort].cost[currency] += int(units) * UNIT_PICO + int(rest)
    return found


COHORT_ECONOMICS = Definition(
    id="cohort_economics",
    label=_("Cost of cohorts"),
    about=_("What the first 29 days of a cohort cost, for each member who was still there on days 15 to 28."),
    measures=CohortEconomics,
    read=read,
    times=(frozenset({Dimension.COHORT}), frozenset()),
    combinations=(frozenset(),),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    settles_after=timedelta(days=DAYS),
    default_by=(Dimension.COHORT,),
    default_days=DEFAULT_DAYS,
)
