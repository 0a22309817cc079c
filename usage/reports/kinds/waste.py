"""What was paid for and helped nobody: answers that failed, were broken off, or were asked for anew.

The first two are in rollups. That a whole answer was superseded is read from raw facts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from conversations.events import CallPurpose, EngagementKind
from usage.models import EngagementEvent, Source, UpstreamCall, UsageDay, UsageRecord
from usage.reports import facts, headcount
from usage.reports.definition import Definition, Found, Moment
from usage.reports.groups import end_of_group, group_of
from usage.reports.measures import Key, People
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.rollup.answers import HORIZON
from usage.rollup.sums import UNIT_PICO

BROKEN_OFF = "cancelled"
"""The error of a call that was ended from here."""
SUPERSEDING = (EngagementKind.REGENERATED, EngagementKind.EDITED)
LONGEST_RUN = timedelta(days=1)
"""A call begins within it after its turn was accepted."""


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
    sums, people = _sums(query), headcount.headcount(query)
    for key in sorted(sums):
        yield Found(
            group=group_of(query, key),
            measures=sums[key].measures(),
            until=end_of_group(query, key) + HORIZON,
            people=people.get(key, People()).known,
        )


def _sums(query: UsageQuery) -> Mapping[Key, _Sums]:
    found: dict[Key, _Sums] = defaultdict(_Sums)
    days = UsageDay.objects.filter(source=Source.CALLED, local_day__range=(query.first_day, query.last_day))
    known = query.matching(days).exclude(currency="").annotate(units=F("cost_units"), rest=F("cost_rest_pico"))
    for *key, currency, error, pico in _spent(known, (*headcount.columns_of(query.by), "currency", "outcome")):
        sums = found[tuple(key)]
        sums.cost[currency] += pico
        sums.failed[currency] += pico if error not in ("", BROKEN_OFF) else 0
        sums.broken_off[currency] += pico if error == BROKEN_OFF else 0
    whole = query.matching(_superseded(query)).exclude(cost_pico=None)
    priced = whole.annotate(units=F("cost_pico") / UNIT_PICO, rest=F("cost_pico") % UNIT_PICO)
    for *key, currency, pico in _spent(priced, (*facts.columns_of(query.by), "currency")):
        found[tuple(key)].superseded[currency] += pico
    return found


def _spent(rows: "QuerySet[Any, Any]", by: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The values of ``by``, and pico-units: summed as whole units and rest, which 64 bits can hold."""
    groups = rows.values(*by, everything=Value(1)).annotate(sum_units=Sum("units"), sum_rest=Sum("rest"))
    for *key, units, rest in groups.values_list(*by, "sum_units", "sum_rest"):
        yield *key, int(units) * UNIT_PICO + int(rest)


def _superseded(query: UsageQuery) -> "QuerySet[UpstreamCall, Any]":
    """Calls that came to their end, and their question was asked anew or put otherwise."""
    calls = facts.during(
        UpstreamCall.objects.filter(error="", purpose=CallPurpose.ANSWER), query.first_day, query.last_day
    )
    signals = EngagementEvent.objects.filter(kind__in=SUPERSEDING)
    before = query.first_day - LONGEST_RUN
    answered = facts.during(UsageRecord.objects.filter(answer__in=signals.values("answer")), before, query.last_day)
    return calls.filter(call_of__in=answered.values("generation"))


WASTE = Definition(
    id="waste",
    label=_("Waste"),
    about=_("Cost of calls that failed, were broken off, or whose answer was asked for anew."),
    measures=Waste,
    read=read,
    options=frozenset(),
    max_days=facts.MAX_DAYS,
    settles_after=HORIZON,
    reads_facts=True,
)
