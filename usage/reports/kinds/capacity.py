"""How busy endpoints were, by windows of 15 minutes: additive, so days of any zone are exact sums."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from usage.histogram import quantile
from usage.models import BusyWindow, LatencyDay, LatencyWindow
from usage.periods import WINDOW, day_bounds, reporting_zone
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.limits import limits_now
from usage.reports.measures import Key
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, decimal
from usage.rollup.latency import latency_windows_from

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    calls: int
    failed_calls: int
    error_rate: Ratio
    busy_ms: int
    mean_concurrency: Decimal | None
    peak_concurrency: int
    endpoint_limit: int | None
    mean_of_limit: Decimal | None
    peak_of_limit: Ratio | None
    queue_p95_ms: int | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Capacity]]:
    by = ("local_day",) if Dimension.DAY in query.by else ("window_start",) if query.by else ()
    zone = ZoneInfo(query.zone) if query.zone else reporting_zone()
    waits, known_from, limits = _waits(query, by, zone), latency_windows_from(), limits_now()
    rows = _within(BusyWindow.objects.all(), query, zone).values(*by, "endpoint").order_by(*by, "endpoint")
    for row in rows.annotate(begun=Sum("calls"), wrong=Sum("failed"), busy=Sum("busy_ms"), most=Max("peak")).iterator():
        key = tuple(row[name] for name in (*by, "endpoint"))
        start, end = _span(query, key[:-1], zone)
        group: dict[Dimension, GroupValue] = dict(zip((*query.by, Dimension.ENDPOINT), key, strict=True))
        calls, failed, busy, limit = int(row["begun"]), int(row["wrong"]), int(row["busy"]), limits.get(row["endpoint"])
        yield Found(
            group=group,
            measures=Capacity(
                calls=calls,
                failed_calls=failed,
                error_rate=Ratio(numerator=failed, denominator=calls),
                busy_ms=busy,
                mean_concurrency=_mean(busy, start, end, moment),
                peak_concurrency=row["most"],
                endpoint_limit=limit,
                mean_of_limit=_mean(busy, start, end, moment, of=limit) if limit else None,
                peak_of_limit=Ratio(numerator=row["most"], denominator=limit) if limit else None,
                queue_p95_ms=quantile(waits[key], 0.95) if start >= known_from else None,
            ),
            until=end,
            people=None,
        )


def _within(rows: "QuerySet[Any, Any]", query: UsageQuery, zone: ZoneInfo) -> "QuerySet[Any, Any]":
    start, end = day_bounds(query.first_day, zone)[0], day_bounds(query.last_day, zone)[1]
    within = rows.filter(window_start__gte=start, window_start__lt=end)
    by_day: QuerySet[Any, Any] = query.matching(within).annotate(local_day=TruncDate("window_start", tzinfo=zone))
    return by_day


def _waits(query: UsageQuery, by: tuple[str, ...], zone: ZoneInfo) -> dict[Key, Counter[int]]:
    """Histograms of the queue, internal people's too: they take a place like everybody."""
    rows = _within(LatencyWindow.objects.filter(measure=LatencyDay.Measure.QUEUE), query, zone)
    found: dict[Key, Counter[int]] = defaultdict(Counter)
    for *key, bucket, count in rows.values_list(*by, "endpoint", "bucket").annotate(count=Sum("generations")):
        found[tuple(key)][bucket] += int(count)
    return found


def _span(query: UsageQuery, key: Key, zone: ZoneInfo) -> tuple[datetime, datetime]:
    match key:
        case (datetime() as window,):
            return window, window + WINDOW
        case (date() as day,):
            return day_bounds(day, zone)
        case _:
            return day_bounds(query.first_day, zone)[0], day_bounds(query.last_day, zone)[1]


def _mean(busy_ms: int, start: datetime, end: datetime, moment: Moment, *, of: int = 1) -> Decimal | None:
    """Over the part that has elapsed and is counted; of so many that might be busy at once."""
    if moment.complete is None or moment.complete <= start:
        return None
    return decimal(busy_ms, (min(end, moment.complete) - start) // MILLISECOND * of)


CAPACITY = Definition(
    id="capacity",
    label=_("Endpoint capacity"),
    about=_("How busy each endpoint was, at most and on average, how long people waited for it, and its errors."),
    measures=Capacity,
    read=read,
    times=(frozenset({Dimension.DAY}), frozenset({Dimension.WINDOW}), frozenset()),
    combinations=(frozenset(),),
    always=(Dimension.ENDPOINT,),
    options=frozenset({Option.ZONE, Option.COMPARE}),
)
