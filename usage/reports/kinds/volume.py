"""How much was used, by the days of any zone: of what may be added, from windows of 15 minutes, or from days where
these are added up already.

People are counted by the days of the reporting zone only, and a percentile is no sum: neither is here. But groups of
few people are hidden here too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from usage.models import CountedSince, UsageDay, UsageWindow
from usage.periods import WINDOW, day_bounds, day_of, days_between, reporting_zone
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import group_of
from usage.reports.headcount import columns_of, headcount
from usage.reports.measures import Key, People, Sums, TokenSum, happened, read_or_added_up, sums_of
from usage.reports.query import UsageQuery
from usage.rollup.answers import HORIZON
from usage.rollup.sealing import whole_days_from

MAX_DAYS = 28
"""Of windows there are many more rows than of days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Field names are ids in ``usage.reports.metrics``. Money is in pico-units, by currency."""

    turns: int
    completed: int
    stopped: int
    failed: int
    interrupted: int
    expired: int
    answers: int
    shown_answers: int
    rated_up: int
    rated_down: int
    copied: int
    regenerated: int
    abandoned: int
    stopped_early: int
    satisfied_strict: int | None
    unsatisfied: int | None
    calls: int
    unpriced_calls: int
    cost: Mapping[str, int]
    cost_internal: Mapping[str, int]
    input_uncached_tokens: TokenSum
    input_cached_tokens: TokenSum
    output_visible_tokens: TokenSum
    output_reasoning_tokens: TokenSum
    estimated_answers: int


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Volume]]:
    zone = ZoneInfo(query.zone) if query.zone else reporting_zone()
    by, days = columns_of(query.by), _of_days(query, zone)
    sums = read_or_added_up((days.model, replace(query, by=())), by, lambda: sums_of(days, query, by))
    if not query.by:
        sums.setdefault((), Sums())
    people = _people(query, zone)
    for key in sorted(sums):
        until = day_bounds(_last_day(query, key), zone)[1]
        yield Found(
            group=group_of(query, key),
            measures=_measures(sums[key], is_judged=moment.has_passed(until + HORIZON)),
            until=until,
            people=min(people(key).behind(sums[key].counts), happened(sums[key].counts)),
        )


def _of_days(query: UsageQuery, zone: ZoneInfo) -> "QuerySet[Any, Any]":
    """Days, if there is each of them, as a day of this zone, and a seal that was set in another one cuts none."""
    start, end = day_bounds(query.first_day, zone)[0], day_bounds(query.last_day, zone)[1]
    if zone.key == reporting_zone().key and start >= whole_days_from():
        days = UsageDay.objects.filter(local_day__range=(query.first_day, query.last_day))
        there = set(days.values_list("local_day", "zone").distinct())
        if there == {(day, zone.key) for day in days_between(query.first_day, query.last_day)}:
            return query.matching(days)
    windows = UsageWindow.objects.filter(window_start__gte=start, window_start__lt=end)
    return query.matching(windows).annotate(local_day=TruncDate("window_start", tzinfo=zone))


def _people(query: UsageQuery, zone: ZoneInfo) -> Callable[[Key], People]:
    """No fewer than are in a group: those of the days of the reporting zone that its own days touch."""
    touched = query.during(_touched(query.first_day, zone)[0], _touched(query.last_day, zone)[-1])
    counted = headcount(touched)

    def near(key: Key) -> People:
        if Dimension.DAY not in query.by:
            return counted.get(key, People())
        place = query.by.index(Dimension.DAY)
        keys = [(*key[:place], day, *key[place + 1 :]) for day in _touched(key[place], zone)]
        each = [counted.get(key, People()) for key in keys]
        return People(active=sum(it.active for it in each), valued=sum(it.valued for it in each))

    return near


def _touched(day: date, zone: ZoneInfo) -> list[date]:
    start, end = day_bounds(day, zone)
    return days_between(day_of(start, reporting_zone()), day_of(max(start, end - WINDOW), reporting_zone()))


def _last_day(query: UsageQuery, key: Key) -> date:
    day = group_of(query, key).get(Dimension.DAY, query.last_day)
    assert isinstance(day, date)
    return day


def _measures(sums: Sums, *, is_judged: bool) -> Volume:
    """The same numbers as those of usage, of those that may be added."""
    all_of_them = sums.measures(People(), by_model=True, is_judged=is_judged)
    return Volume(**{name: getattr(all_of_them, name) for name in Volume.__dataclass_fields__})


VOLUME = Definition(
    id="volume",
    label=_("Volume"),
    about=_("Turns, answers, calls, cost and tokens by the days of any zone; nothing about people."),
    measures=Volume,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    combinations=tuple(
        frozenset(chosen)
        for size in range(4)
        for chosen in combinations((Dimension.SCENARIO, Dimension.MODEL, Dimension.CHANNEL), size)
    ),
    options=WITH_ORGANIC | {Option.ZONE},
    max_days=MAX_DAYS,
)
