"""The two numbers all others serve: who is satisfied twice within a week, and what a satisfied answer costs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from usage.models import LifecycleDay, Period
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of
from usage.reports.kinds.unit_economics import cost_if_priced
from usage.reports.measures import People, Sums, read_sums
from usage.reports.query import UsageQuery
from usage.reports.ratios import per
from usage.rollup.answers import HORIZON

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStar:
    satisfied_twice: int | None
    active: int
    satisfied_answers: int | None
    calls: int
    unpriced_calls: int
    cost: Mapping[str, int]
    cost_per_satisfied_answer: Mapping[str, int]


@dataclass(slots=True)
class _Week:
    sums: Sums
    counts: Counter[str]
    is_counted: bool = True
    """False where a row is of before satisfied people were counted."""

    def measures(self, *, is_judged: bool) -> NorthStar:
        counts = self.sums.counts
        satisfied = counts["satisfied_strict"] if is_judged else None
        return NorthStar(
            satisfied_twice=self.counts["satisfied_twice"] if is_judged and self.is_counted else None,
            active=self.counts["active"],
            satisfied_answers=satisfied,
            calls=counts["calls"],
            unpriced_calls=counts["unpriced"],
            cost=dict(self.sums.cost),
            cost_per_satisfied_answer=per(cost_if_priced(self.sums), satisfied or 0),
        )


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[NorthStar]]:
    """Every ISO week that holds a day of the range, as a whole; it settles 72 hours after its Sunday."""
    first, last = Period.WEEK.start_of(query.first_day), Period.WEEK.start_of(query.last_day)
    weeks = _weeks(query.during(first, last + WEEK - timedelta(days=1)))
    week = first
    while week <= last:
        until = end_of(week + WEEK - timedelta(days=1)) + HORIZON
        found = weeks[week]
        yield Found(
            group={Dimension.WEEK: week},
            measures=found.measures(is_judged=moment.has_passed(until)),
            until=until,
            people=People(active=found.counts["active"]).behind(found.sums.counts),
        )
        week += WEEK


def _weeks(query: UsageQuery) -> Mapping[date, _Week]:
    found: dict[date, _Week] = defaultdict(lambda: _Week(Sums(), Counter()))
    for (day,), sums in read_sums(query, ("local_day",)).items():
        week = found[Period.WEEK.start_of(day)]
        week.sums = Sums.of([week.sums, sums])
    people = LifecycleDay.objects.filter(period=Period.WEEK, period_start__range=(query.first_day, query.last_day))
    for start, active, twice in people.values_list("period_start", "active", "satisfied_twice"):
        found[start].counts.update(active=active, satisfied_twice=twice or 0)
        found[start].is_counted &= twice is not None
    return found


NORTH_STAR = Definition(
    id="north_star",
    label=_("North star"),
    about=_("People with a satisfied answer on at least two days of a week, beside what a satisfied answer costs."),
    measures=NorthStar,
    read=read,
    times=(frozenset({Dimension.WEEK}),),
    combinations=(frozenset(),),
    options=frozenset({Option.COMPARE}),
    default_by=(Dimension.WEEK,),
    default_days=84,
    max_days=400,
    settles_after=HORIZON,
)
