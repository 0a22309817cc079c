"""What it costs to keep somebody: a cohort's first four weeks, over those of it who stayed.

From raw facts: whose call it was is in no rollup.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from usage.models import CohortBracket, FirstDay, Period, UpstreamCall
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.facts import ON_DAY, during
from usage.reports.kinds.retention import closes
from usage.reports.kinds.unit_economics import UNPRICED_AT_MOST_PER
from usage.reports.query import UsageQuery
from usage.reports.ratios import per
from usage.rollup.sums import UNIT_PICO

STAYED = (15, 28)
"""Days after the first, on any of which who stayed is active."""
DAYS = STAYED[1]
"""After the first: over so many the cost is summed."""
MAX_DAYS = 56


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
    days = {"cohort__range": (query.first_day, query.last_day)}
    brackets = CohortBracket.objects.filter(first_n=STAYED[0], last_n=STAYED[1], **days)
    if query.organic_only:
        brackets = brackets.filter(organic=True)
    found: dict[date, _Sums] = defaultdict(_Sums)
    for cohort, members, stayed in brackets.values_list("cohort").annotate(Sum("members"), Sum("active")):
        found[cohort] = _Sums(members=int(members), retained=int(stayed))
    for cohort, day, currency, calls, unpriced, units, rest in _calls(query):
        if cohort in found and cohort <= day <= cohort + timedelta(days=DAYS):
            found[cohort].calls += calls
            found[cohort].unpriced += unpriced
            if currency:
                found[cohort].cost[currency] += int(units) * UNIT_PICO + int(rest)
    return found


def _calls(query: UsageQuery) -> Iterator[Sequence[Any]]:
    """Of everybody who was first active in the range: that day, the day and the currency of the calls; how many there
    are, how many unpriced, and their cost as whole units and pico-units."""
    first = FirstDay.objects.filter(
        subject=OuterRef("subject"), grouping=FirstDay.Grouping.TOTAL, is_internal=False, **_organic(query)
    )
    last = query.last_day + timedelta(days=DAYS)
    calls = during(UpstreamCall.objects.filter(is_internal=False), query.first_day, last)
    theirs = calls.annotate(cohort=Subquery(first.values("local_day")[:1]))
    groups = theirs.filter(cohort__range=(query.first_day, query.last_day)).values("cohort", ON_DAY, "currency")
    sums = groups.annotate(
        calls=Count("id"),
        unpriced=Count("id", filter=Q(cost_pico=None)),
        units=Sum(F("cost_pico") / UNIT_PICO, default=0),
        rest=Sum(F("cost_pico") % UNIT_PICO, default=0),
    )
    yield from sums.values_list("cohort", ON_DAY, "currency", "calls", "unpriced", "units", "rest")


def _organic(query: UsageQuery) -> Mapping[str, bool]:
    return {"organic": True} if query.organic_only else {}


COHORT_ECONOMICS = Definition(
    id="cohort_economics",
    label=_("Cost of cohorts"),
    about=_("What the first 29 days of a cohort cost, for each member who was still there on days 15 to 28."),
    measures=CohortEconomics,
    read=read,
    times=(frozenset({Dimension.COHORT}), frozenset()),
    combinations=(frozenset(),),
    options=frozenset({Option.ORGANIC_ONLY}),
    default_by=(Dimension.COHORT,),
    default_days=MAX_DAYS,
    max_days=MAX_DAYS,
    reads_facts=True,
)
