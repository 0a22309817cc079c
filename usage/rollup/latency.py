"""Histograms of latency and speed, from the buckets stored on facts: of local days by every dimension, of windows by
endpoint, of times alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from usage.models import LatencyDay, LatencyWindow, Level, Mark, RollupScan, UsageRecord
from usage.periods import day_bounds, reporting_zone
from usage.rollup.acquisitions import ORGANIC
from usage.rollup.sealing import NEVER, whole_days_from
from usage.rollup.statements import claim, insert_select

WINDOWS_KEPT = timedelta(days=35)
"""Of ``LatencyWindow``, which has nearly as many rows as there are facts."""


TIMES = (LatencyDay.Measure.QUEUE, LatencyDay.Measure.FIRST_TOKEN, LatencyDay.Measure.DURATION)


def recompute_latency_day(day: date) -> bool:
    """Generations without a measure (no first token, say) are in no bucket: endings minus these are counted beside."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    if not claim(Level.LATENCY_DAY, [day.toordinal()]) or start < whole_days_from():
        return False
    Mark.objects.filter(level=Level.LATENCY_DAY, window_start__gte=start, window_start__lt=end).delete()
    LatencyDay.objects.filter(local_day=day).delete()
    for measure, bucket, records in _measured(start, end, LatencyDay.Measure):
        insert_select(
            LatencyDay,
            records.annotate(organic=ORGANIC),
            constants={"local_day": day, "zone": zone.key, "measure": measure.value},
            dimensions={name: name for name in ("scenario", "model", "endpoint", "channel", "is_internal", "organic")}
            | {"bucket": bucket},
            measures={"generations": Count("*")},
        )
    return True


def replace_latency_windows(start: datetime, end: datetime) -> None:
    """Those in ``[start, end)``, whose locks the caller holds. None is made that would be forgotten at once."""
    LatencyWindow.objects.filter(window_start__gte=start, window_start__lt=end).delete()
    since = max(start, latency_windows_from())
    for measure, bucket, records in _measured(since, end, TIMES) if since < end else ():
        insert_select(
            LatencyWindow,
            records,
            constants={"measure": measure.value},
            dimensions={name: name for name in ("window_start", "endpoint", "is_internal")} | {"bucket": bucket},
            measures={"generations": Count("*")},
        )


def latency_windows_from() -> datetime:
    """Those of before are older than they are kept, as of the last pass that left nothing."""
    scanned_at: datetime | None = RollupScan.objects.filter(pk=1).values_list("scanned_at", flat=True).first()
    return scanned_at - WINDOWS_KEPT if scanned_at else NEVER


def forget_latency_windows(now: datetime) -> None:
    """Those that are older than they are kept."""
    LatencyWindow.objects.filter(window_start__lt=now - WINDOWS_KEPT).delete()


def _measured(
    start: datetime, end: datetime, measures: Iterable[LatencyDay.Measure]
) -> "Iterator[tuple[LatencyDay.Measure, str, QuerySet[UsageRecord, Any]]]":
    """Each of the measures, the field of its bucket, and the records that have one."""
    for measure in measures:
        bucket = f"{measure}_bucket"
        records = UsageRecord.objects.filter(window_start__gte=start, window_start__lt=end)
        yield measure, bucket, records.exclude(**{bucket: None})
