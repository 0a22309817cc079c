"""Who came back in the first days and weeks: 1, 2-7, 8-14, 15-28 days after the first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import CohortBracket, Period
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.kinds.retention import closes
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedIn:
    members: int
    retained_in: Ratio | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[RetainedIn]]:
    rows = CohortBracket.objects.filter(cohort__range=(query.first_day, query.last_day))
    if query.organic_only:
        rows = rows.filter(organic=True)
    sums = rows.values_list("cohort", "first_n", "last_n").annotate(Sum("members"), Sum("active"))
    groups: dict[tuple[date | None, int, int], list[tuple[date, int, int]]] = {}
    for cohort, first, last, members, active in sums.order_by("cohort", "first_n"):
        if members:
            key = (cohort if Dimension.COHORT in query.by else None, first, last)
            groups.setdefault(key, []).append((cohort, int(members), int(active)))
    for (cohort, first, last), cells in groups.items():
        closed = [cell for cell in cells if moment.has_passed(closes(cell[0], last, Period.DAY))]
        group: dict[Dimension, GroupValue] = {} if cohort is None else {Dimension.COHORT: cohort}
        yield Found(
            group={**group, Dimension.BRACKET: str(first) if first == last else f"{first}-{last}"},
            measures=_measures(closed, cells if cohort else closed),
            until=max(closes(cell[0], last, Period.DAY) for cell in cells),
            people=sum(members for _cohort, members, _active in cells),
        )


def _measures(closed: list[tuple[date, int, int]], counted: list[tuple[date, int, int]]) -> RetainedIn:
    sums: Counter[str] = Counter()
    for _cohort, members, active in closed:
        sums.update(members=members, active=active)
    return RetainedIn(
        members=sum(members for _cohort, members, _active in counted),
        retained_in=Ratio(numerator=sums["active"], denominator=sums["members"]) if closed else None,
    )


RETENTION_BRACKETS = Definition(
    id="retention_brackets",
    label=_("Retention by brackets"),
    about=_("Who came back 1, 2-7, 8-14 and 15-28 days after the first day ever."),
    measures=RetainedIn,
    read=read,
    times=(frozenset({Dimension.COHORT}), frozenset()),
    combinations=(frozenset(),),
    always=(Dimension.BRACKET,),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_by=(Dimension.COHORT,),
    default_days=56,
)
