"""What was paid for and helped nobody: answers that failed, were broken off, or were asked for anew."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from usage.models import CallDay, CountedSince, Source, UsageDay
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of, headcount
from usage.reports.measures import Key, People
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.rollup.answers import HORIZON
from usage.rollup.exact import UNIT_PICO

BROKEN_OFF = "cancelled"
"""The error of a call that was ended from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste:
    """Money in pico-units, by currency; empty where nothing was priced."""

    cost: Mapping[str, int]
    cost_failed: Mapping[str, int]
    cost_broken_off: Mapping[str, int]
    cost_superseded: Mapping[str, int]
    waste_share: Mapping[str, Ratio]


@dataclass(slots=True)
class _Sums:
    calls: int = 0
    cost: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    broken_off: Counter[str] = field(default_factory=Counter)
    superseded: Counter[str] = field(default_factory=Counter)

    def measures(self) -> Waste:
        wasted = {it: self.failed[it] + self.broken_off[it] + self.superseded[it] for it in self.cost}
        return Waste(
            cost=dict(self.cost),
            cost_failed={it: self.failed[it] for it in self.cost},
            cost_broken_off={it: self.broken_off[it] for it in self.cost},
            cost_superseded={it: self.superseded[it] for it in self.cost},
            waste_share={it: Ratio(numerator=wasted[it], denominator=self.cost[it]) for it in self.cost},
        )


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Waste]]:
    """An answer can be asked for anew at any time; as with verdicts, 72 hours are waited for."""
    sums, people = _sums(query), headcount(query)
    for key in sorted(sums):
        yield Found(
            group=group_of(query, key),
            measures=sums[key].measures(),
            until=end_of_group(query, key) + HORIZON,
            people=people.get(key, People()).behind({"calls": sums[key].calls}),
        )


def _sums(query: UsageQuery) -> Mapping[Key, _Sums]:
    by = columns_of(query.by)
    found: dict[Key, _Sums] = defaultdict(_Sums)
    calls = _known(UsageDay.objects.filter(source=Source.CALLED), query)
    for *key, currency, error, count, pico in _spent(calls, (*by, "currency", "outcome"), "cost", "calls"):
        sums = found[tuple(key)]
        sums.calls += int(count)
        sums.cost[currency] += pico
        sums.failed[currency] += pico if error not in ("", BROKEN_OFF) else 0
        sums.broken_off[currency] += pico if error == BROKEN_OFF else 0
    for *key, currency, pico in _spent(_known(CallDay.objects.all(), query), (*by, "currency"), "superseded"):
        found[tuple(key)].superseded[currency] += pico
    return found


def _known(days: "QuerySet[Any, Any]", query: UsageQuery) -> "QuerySet[Any, Any]":
    """Of priced calls."""
    return query.matching(days.filter(local_day__range=(query.first_day, query.last_day)).exclude(currency=""))


def _spent(days: "QuerySet[Any, Any]", by: Sequence[str], name: str, *counts: str) -> Iterator[Sequence[Any]]:
    """The values of ``by``, the sums of ``counts``, and pico-units."""
    sums = {f"sum_{count}": Sum(count) for count in counts}
    groups = days.values(*by, everything=Value(1)).annotate(
        units=Sum(f"{name}_units"), rest=Sum(f"{name}_rest_pico"), **sums
    )
    for *found, units, rest in groups.values_list(*by, *sums, "units", "rest"):
        yield *found, int(units) * UNIT_PICO + int(rest)


WASTE = Definition(
    id="waste",
    label=_("Waste"),
    about=_("Cost of calls that failed, were broken off, or whose answer was asked for anew."),
    measures=Waste,
    read=read,
    options=frozenset({Option.COMPARE}),
    settles_after=HORIZON,
    counted_since=CountedSince.What.CALLS,
)
