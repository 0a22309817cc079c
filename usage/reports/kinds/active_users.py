"""DAU, WAU, MAU and stickiness; and on how many days people were active (L7, L28)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, Sum
from django.utils.translation import gettext_lazy as _

from usage.models import ActiveDay, ActiveSpread, FirstDay
from usage.periods import days_between
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio

TRAILING = 28
LONGEST = 30
COUNTS = ("dau", "wau", "mau28", "mau30", "valued_dau", "valued_wau", "valued_mau28", "valued_mau30")
ONLY_TIME = (frozenset[Dimension](),)
BY_DAY = (frozenset({Dimension.DAY}),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUsers:
    dau: int
    wau: int
    mau28: int
    mau30: int
    valued_dau: int
    valued_wau: int
    valued_mau28: int
    valued_mau30: int
    stickiness: Ratio
    history_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    spread_people: int
    spread_valued: int


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[ActiveUsers]]:
    """A row for every day, also of nobody."""
    counted = _counted(query)
    first = FirstDay.objects.filter(grouping=FirstDay.Grouping.TOTAL, is_internal=False)
    begun = first.aggregate(day=Min("local_day"))["day"]
    for day in days_between(query.first_day, query.last_day):
        counts = counted.get(day, Counter())
        trailing = sum(counted[past]["dau"] for past in _trailing(day) if past in counted)
        yield Found(
            group={Dimension.DAY: day},
            measures=ActiveUsers(
                **{name: counts[name] for name in COUNTS},
                stickiness=Ratio(numerator=trailing, denominator=TRAILING * counts["mau28"]),
                history_days=min(LONGEST, (day - begun).days + 1) if begun and begun <= day else 0,
            ),
            until=end_of(day),
            people=counts["mau30"],
        )


def _counted(query: UsageQuery) -> dict[date, Counter[str]]:
    """With the 27 days before the range, whose DAU stickiness needs."""
    since = query.first_day - timedelta(days=TRAILING - 1)
    rows = ActiveDay.objects.filter(local_day__range=(since, query.last_day))
    if query.organic_only:
        rows = rows.filter(organic=True)
    sums = rows.values("local_day").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    return {row["local_day"]: Counter({name: int(row[f"sum_{name}"]) for name in COUNTS}) for row in sums}


def _trailing(day: date) -> list[date]:
    return days_between(day - timedelta(days=TRAILING - 1), day)


def read_spread(query: UsageQuery, moment: Moment) -> Iterator[Found[Spread]]:
    rows = ActiveSpread.objects.filter(local_day__range=(query.first_day, query.last_day))
    if query.organic_only:
        rows = rows.filter(organic=True)
    counts: Counter[tuple[date, int, int, bool]] = Counter()
    everybody: Counter[tuple[date, int]] = Counter()
    for row in rows:
        counts[row.local_day, row.span, row.active_days, row.valued] += row.people
        everybody[row.local_day, row.span] += 0 if row.valued else row.people
    for day, span, active_days in sorted({key[:3] for key in counts}):
        yield Found(
            group={Dimension.DAY: day, Dimension.SPAN: span, Dimension.ACTIVE_DAYS: active_days},
            measures=Spread(
                spread_people=counts[day, span, active_days, False],
                spread_valued=counts[day, span, active_days, True],
            ),
            until=end_of(day),
            people=everybody[day, span],
        )


ACTIVE_USERS = Definition(
    id="active_users",
    label=_("Active users"),
    about=_("Distinct people over trailing days, and how often they come."),
    measures=ActiveUsers,
    read=read,
    times=BY_DAY,
    combinations=ONLY_TIME,
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_days=28,
    max_days=400,
)
ACTIVE_SPREAD = Definition(
    id="active_spread",
    label=_("Active days per person"),
    about=_("L7 and L28: how many people were active on how many of the trailing days."),
    measures=Spread,
    read=read_spread,
    times=BY_DAY,
    combinations=ONLY_TIME,
    always=(Dimension.SPAN, Dimension.ACTIVE_DAYS),
    options=frozenset({Option.ORGANIC_ONLY, Option.COMPARE}),
    default_days=1,
)
