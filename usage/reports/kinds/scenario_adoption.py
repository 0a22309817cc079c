"""How scenarios are taken up: saw, tried, repeated, retained; satisfied as a branch of tried."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import AdoptionDay
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.groups import end_of
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.rollup.answers import HORIZON

COUNTS = ("saw", "tried", "repeated", "retained", "satisfied", "organic_tried")
CLOSED = timedelta(days=35)
"""7 days to try and 28 after: then a cohort's funnel is final."""
SETTLED_AFTER: Mapping[str, timedelta] = {
    "tried": timedelta(days=7),
    "repeated": timedelta(days=14),
    "satisfied": timedelta(days=14) + HORIZON,
    "retained": CLOSED,
}
"""How long after its end a cohort's step may still grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    saw: int
    tried: int | None
    repeated: int | None
    retained: int | None
    satisfied: int | None
    organic_tried: int
    tried_share: Ratio | None
    repeated_share: Ratio | None
    retained_share: Ratio | None
    satisfied_share: Ratio | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Adoption]]:
    """By cohort each step as soon as its days are over. Without cohorts: those closed, so that all steps are of
    the same people."""
    groups: dict[tuple[GroupValue, ...], Counter[str]] = defaultdict(Counter)
    by_cohort = Dimension.COHORT in query.by
    for cohort, scenario, counts in _cohorts(query):
        if by_cohort or moment.has_passed(end_of(cohort) + CLOSED):
            groups[(cohort, scenario) if by_cohort else (scenario,)].update(counts)
    for key in sorted(groups):
        last = key[0] if by_cohort else query.last_day
        assert isinstance(last, date)
        settled = {
            step: not by_cohort or moment.has_passed(end_of(last) + after) for step, after in SETTLED_AFTER.items()
        }
        yield Found(
            group={**({Dimension.COHORT: last} if by_cohort else {}), Dimension.SCENARIO: key[-1]},
            measures=_measures(groups[key], settled),
            until=end_of(last) + max(SETTLED_AFTER.values()),
            people=groups[key]["saw"] + groups[key]["organic_tried"],
        )


def _cohorts(query: UsageQuery) -> Iterator[tuple[date, str, Mapping[str, int]]]:
    rows = AdoptionDay.objects.filter(local_day__range=(query.first_day, query.last_day))
    if query.organic_only:
        rows = rows.filter(organic=True)
    sums = query.matching(rows).values_list("local_day", "scenario").annotate(*(Sum(name) for name in COUNTS))
    for day, scenario, *counts in sums:
        yield day, scenario, {name: int(count) for name, count in zip(COUNTS, counts, strict=True)}


def _measures(counts: Mapping[str, int], settled: Mapping[str, bool]) -> Adoption:
    steps = {step: counts[step] if settled[step] else None for step in SETTLED_AFTER}

    def share(step: str, of: int | None) -> Ratio | None:
        taken = steps[step]
        return None if taken is None or of is None else Ratio(numerator=taken, denominator=of)

    return Adoption(
        saw=counts["saw"],
        organic_tried=counts["organic_tried"],
        **steps,
        tried_share=share("tried", counts["saw"]),
        repeated_share=share("repeated", steps["tried"]),
        retained_share=share("retained", steps["repeated"]),
        satisfied_share=share("satisfied", steps["tried"]),
    )


SCENARIO_ADOPTION = Definition(
    id="scenario_adoption",
    label=_("Scenario adoption"),
    about=_("Saw, tried, repeated, retained: cohorts by the day on which people first saw a scenario."),
    measures=Adoption,
    read=read,
    times=(frozenset(), frozenset({Dimension.COHORT})),
    combinations=(frozenset(),),
    always=(Dimension.SCENARIO,),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_by=(),
    default_days=63,
    max_days=400,
    settles_after=CLOSED,
)
