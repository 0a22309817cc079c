"""How fast answers are written once they have begun: percentiles of added histograms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from usage.histogram import quantile
from usage.models import CountedSince, LatencyDay
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.groups import end_of_group, group_of
from usage.reports.kinds.latency import COMBINATIONS, buckets_of, endings_of
from usage.reports.query import UsageQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    endings: int
    timed_answers: int
    tokens_per_s_p50: Decimal | None
    tokens_per_s_p10: Decimal | None
    tokens_per_s_p5: Decimal | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Speed]]:
    """The slow end is the lower one here. Groups of few answers are suppressed like groups of few people."""
    measure = LatencyDay.Measure.SPEED
    endings, buckets = endings_of(query), buckets_of(query, [measure])
    for key in sorted(endings):
        tenths = buckets[key, measure.value]
        yield Found(
            group=group_of(query, key),
            measures=Speed(
                endings=endings[key],
                timed_answers=tenths.total(),
                tokens_per_s_p50=_percentile(tenths, 0.5),
                tokens_per_s_p10=_percentile(tenths, 0.1),
                tokens_per_s_p5=_percentile(tenths, 0.05),
            ),
            until=end_of_group(query, key),
            people=endings[key],
        )


def _percentile(tenths: Mapping[int, int], q: float) -> Decimal | None:
    found = quantile(tenths, q)
    return None if found is None else Decimal(found).scaleb(-1)


SPEED = Definition(
    id="speed",
    label=_("Speed"),
    about=_("Tokens a second, from the first token of an answer to its end."),
    measures=Speed,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    combinations=COMBINATIONS,
    options=WITH_ORGANIC,
    counted_since=CountedSince.What.SPEED,
)
