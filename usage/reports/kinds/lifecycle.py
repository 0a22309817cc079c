"""Who is new, who came back, who is gone: by day, ISO week or month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import LifecycleDay, Period
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of
from usage.reports.query import UsageQuery

PERIODS = {Dimension.DAY: Period.DAY, Dimension.WEEK: Period.WEEK, Dimension.MONTH: Period.MONTH}
COUNTS = ("active", "new", "returning", "resurrecting", "dormant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    active: int
    new: int
    returning: int
    resurrecting: int
    dormant: int


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Lifecycle]]:
    """Every period that holds a day of the range, as a whole, also of nobody."""
    (by,) = query.by
    period = PERIODS[by]
    start = period.start_of(query.first_day)
    rows = LifecycleDay.objects.filter(period=period, period_start__range=(start, query.last_day))
    if query.organic_only:
        rows = rows.filter(organic=True)
    sums = rows.values("period_start").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    counted = {row["period_start"]: Counter({name: int(row[f"sum_{name}"]) for name in COUNTS}) for row in sums}
    while start <= query.last_day:
        counts = counted.get(start, Counter())
        following = period.after(start)
        yield Found(
            group={by: start},
            measures=Lifecycle(**{name: counts[name] for name in COUNTS}),
            until=end_of(following - timedelta(days=1)),
            people=counts["active"] + counts["dormant"],
        )
        start = following


LIFECYCLE = Definition(
    id="lifecycle",
    label=_("Lifecycle"),
    about=_("Who is new, who came back, who is gone; active = new + returning + resurrecting."),
    measures=Lifecycle,
    read=read,
    times=tuple(frozenset({by}) for by in PERIODS),
    combinations=(frozenset(),),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_days=28,
    max_days=400,
)
