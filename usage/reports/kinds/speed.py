"""How fast answers are written once they have begun. From raw facts: a histogram of it is in no rollup."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from usage.histogram import at_rank
from usage.models import UsageRecord
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.facts import MAX_DAYS, asked_for, columns_of
from usage.reports.groups import end_of_group, group_of
from usage.reports.kinds.latency import COMBINATIONS
from usage.reports.measures import Key
from usage.reports.query import UsageQuery

TENTHS_PER_MS = 10_000
"""Tokens in a millisecond, in tenths of a token in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    endings: int
    timed_answers: int
    tokens_per_s_p50: Decimal | None
    tokens_per_s_p10: Decimal | None
    tokens_per_s_p5: Decimal | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Speed]]:
    """The slow end is the lower one here. Groups of few answers are suppressed like groups of few people."""
    endings, speeds = _endings(query), _speeds(query)
    for key in sorted(endings):
        tenths = speeds[key]
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


def _percentile(tenths: Counter[int], q: float) -> Decimal | None:
    found = at_rank(tenths, q)
    return None if found is None else Decimal(found).scaleb(-1)


def _endings(query: UsageQuery) -> dict[Key, int]:
    by = columns_of(query.by)
    ended = asked_for(UsageRecord.objects.all(), query).values(*by, everything=Value(1)).annotate(count=Count("id"))
    return {tuple(key): count for *key, count in ended.values_list(*by, "count") if count}


def _speeds(query: UsageQuery) -> dict[Key, Counter[int]]:
    """Whole tenths, cut: equal on both databases. Of tokens that the endpoint reported to the end of the answer."""
    by = columns_of(query.by)
    tokens = F("output_visible") + Coalesce(F("output_reasoning"), 0, output_field=BigIntegerField())
    tenths = ExpressionWrapper(
        tokens * TENTHS_PER_MS / (F("duration_ms") - F("first_token_ms")), output_field=BigIntegerField()
    )
    reported = UsageRecord.objects.filter(token_source="reported", output_visible__isnull=False)  # noqa: S106
    written = asked_for(reported.filter(duration_ms__gt=F("first_token_ms")), query).annotate(tenths=tenths)
    found: dict[Key, Counter[int]] = defaultdict(Counter)
    for *key, speed, count in (
        written.values(*by, "tenths").annotate(count=Count("id")).values_list(*by, "tenths", "count")
    ):
        found[tuple(key)][speed] += count
    return found


SPEED = Definition(
    id="speed",
    label=_("Speed"),
    about=_("Tokens a second, from the first token of an answer to its end."),
    measures=Speed,
    read=read,
    combinations=COMBINATIONS,
    options=frozenset({Option.INCLUDE_INTERNAL}),
    max_days=MAX_DAYS,
    reads_facts=True,
)
