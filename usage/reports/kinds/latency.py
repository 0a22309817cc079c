"""How long people waited: percentiles of added histograms, in any combination of what was counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from usage.histogram import quantile
from usage.models import CountedSince, LatencyDay, Source, UsageDay
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of
from usage.reports.measures import Key, organic_if_asked_for
from usage.reports.query import UsageQuery
from usage.rollup.latency import TIMES

ADDED = (Dimension.SCENARIO, Dimension.MODEL, Dimension.ENDPOINT, Dimension.CHANNEL)
COMBINATIONS = tuple(
    frozenset(chosen) for chosen in chain.from_iterable(combinations(ADDED, n) for n in range(len(ADDED) + 1))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    endings: int
    measured: int
    p50_ms: int | None
    p90_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Latency]]:
    """Groups of few answers are suppressed like groups of few people: whom they are about was not counted."""
    endings, buckets = endings_of(query), buckets_of(query, TIMES)
    for key in sorted({*endings, *(key for key, _measure in buckets)}):
        for measure in TIMES:
            counts = buckets[key, measure.value]
            yield Found(
                group={**group_of(query, key), Dimension.MEASURE: measure.value},
                measures=Latency(
                    endings=endings[key],
                    measured=counts.total(),
                    p50_ms=quantile(counts, 0.5),
                    p90_ms=quantile(counts, 0.9),
                    p95_ms=quantile(counts, 0.95),
                    p99_ms=quantile(counts, 0.99),
                ),
                until=end_of_group(query, key),
                people=endings[key],
            )


def endings_of(query: UsageQuery) -> Counter[Key]:
    by = columns_of(query.by)
    rows = _within(UsageDay.objects.filter(source=Source.ENDED), query)
    counts: Counter[Key] = Counter()
    for *key, ended in rows.values_list(*by, "endings"):
        counts[tuple(key)] += ended
    return counts


def buckets_of(query: UsageQuery, measures: Iterable[LatencyDay.Measure]) -> dict[tuple[Key, str], Counter[int]]:
    by = columns_of(query.by)
    rows = _within(LatencyDay.objects.filter(measure__in=measures), query).values(*by, "measure", "bucket")
    found: dict[tuple[Key, str], Counter[int]] = defaultdict(Counter)
    for *key, measure, bucket, generations in rows.annotate(sum=Sum("generations")).values_list(
        *by, "measure", "bucket", "sum"
    ):
        found[tuple(key), measure][bucket] += int(generations)
    return found


def _within(rows: "QuerySet[Any, Any]", query: UsageQuery) -> "QuerySet[Any, Any]":
    rows = query.matching(rows.filter(local_day__range=(query.first_day, query.last_day)))
    rows = organic_if_asked_for(rows, query)
    return rows if query.include_internal else rows.filter(is_internal=False)


LATENCY = Definition(
    id="latency",
    label=_("Latency"),
    about=_("Waiting, first token and duration: percentiles from histograms that were added."),
    measures=Latency,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    always=(Dimension.MEASURE,),
    combinations=COMBINATIONS,
    options=WITH_ORGANIC,
)
