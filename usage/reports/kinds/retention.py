"""Who stayed: cohorts by the first day ever. What is not over yet is None, and in no mean."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import CohortDay, Period
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.groups import end_of
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio

LAST = {Period.DAY: 56, Period.WEEK: 8}
"""The same for every cohort, so that "on or after" can be compared."""
DAYS = {Period.DAY: 1, Period.WEEK: 7}


Cells = Mapping[tuple[date, int], Counter[str]]
"""By cohort and n; each with ``members``, ``on`` and ``on_or_after``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    members: int
    retained_on: Ratio | None
    retained_on_low: Decimal | None
    retained_on_high: Decimal | None
    retained_on_or_after: Ratio | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Retention]]:
    """By cohort, or over all cohorts of the range: then each n has the members of the cohorts closed for it."""
    by = next((each for each in query.by if each in (Dimension.COHORT, Dimension.COHORT_WEEK)), None)
    period = Period.WEEK if by is Dimension.COHORT_WEEK else Period.DAY
    cells = _cells(query, period)
    if by is None:
        yield from _means(cells, moment)
        return
    for cohort, n in sorted(cells):
        group: dict[Dimension, GroupValue] = {by: cohort, Dimension.OFFSET: n}
        cell = {(cohort, n): cells[cohort, n]}
        yield _found(group, cell, period, moment, members=cell[cohort, n]["members"])


def _means(cells: Cells, moment: Moment) -> Iterator[Found[Retention]]:
    for n in sorted({n for _cohort, n in cells}):
        of_n = {key: cell for key, cell in cells.items() if key[1] == n}
        closed = [cell for key, cell in of_n.items() if moment.has_passed(closes(*key, Period.DAY))]
        members = sum(cell["members"] for cell in closed)
        yield _found({Dimension.OFFSET: n}, of_n, Period.DAY, moment, members=members)


def _found(
    group: dict[Dimension, GroupValue], cells: Cells, period: Period, moment: Moment, *, members: int
) -> Found[Retention]:
    closed = [cell for key, cell in cells.items() if moment.has_passed(closes(*key, period))]
    settled = [cell for (cohort, _n), cell in cells.items() if moment.has_passed(closes(cohort, LAST[period], period))]
    on = _share(closed, "on")
    low, high = (on.interval if on else None) or (None, None)
    return Found(
        group=group,
        measures=Retention(
            members=members,
            retained_on=on,
            retained_on_low=low,
            retained_on_high=high,
            retained_on_or_after=_share(settled, "on_or_after"),
        ),
        until=max(closes(*key, period) for key in cells),
        people=sum(cell["members"] for cell in cells.values()),
    )


def closes(cohort: date, n: int, period: Period) -> datetime:
    """The end of the n-th day (week) after."""
    return end_of(cohort + timedelta(days=(n + 1) * DAYS[period] - 1))


def _share(cells: list[Counter[str]], name: str) -> Ratio | None:
    if not cells:
        return None
    return Ratio(numerator=sum(cell[name] for cell in cells), denominator=sum(cell["members"] for cell in cells))


def _cells(query: UsageQuery, period: Period) -> Cells:
    """Every n of every cohort: a row that is not there says that nobody was active so long after."""
    first = period.start_of(query.first_day)
    rows = CohortDay.objects.filter(period=period, cohort__range=(first, query.last_day), n__lte=LAST[period])
    if query.organic_only:
        rows = rows.filter(organic=True)
    sums = (
        rows.values_list("cohort", "n").annotate(Sum("members"), Sum("on"), Sum("on_or_after")).order_by("cohort", "n")
    )
    cells: dict[tuple[date, int], Counter[str]] = {}
    for cohort, n, members, on, after in sums:
        if n == 0:
            cells |= {(cohort, later): Counter(members=int(members)) for later in range(LAST[period] + 1)}
        cells[cohort, n].update(on=int(on), on_or_after=int(after))
    return cells


RETENTION = Definition(
    id="retention",
    label=_("Retention"),
    about=_("Cohorts by the first day ever: who was active n days (weeks) after, and who was from then on."),
    measures=Retention,
    read=read,
    times=(frozenset({Dimension.COHORT}), frozenset({Dimension.COHORT_WEEK}), frozenset()),
    combinations=(frozenset(),),
    always=(Dimension.OFFSET,),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_by=(Dimension.COHORT,),
    default_days=28,
)
