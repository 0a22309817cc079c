"""Latency histograms of a local day, from the buckets stored on its facts."""

from datetime import date

from django.db.models import Count

from usage.models import LatencyDay, Level, Mark, UsageRecord
from usage.periods import day_bounds, reporting_zone
from usage.rollup.statements import claim, insert_select


def recompute_latency_day(day: date) -> bool:
    """Generations without a measure (no first token, say) are in no bucket: endings minus these are counted beside."""
    if not claim(Level.LATENCY_DAY, [day.toordinal()]):
        return False
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    Mark.objects.filter(level=Level.LATENCY_DAY, window_start__gte=start, window_start__lt=end).delete()
    LatencyDay.objects.filter(local_day=day).delete()
    for measure in LatencyDay.Measure:
        bucket = f"{measure}_bucket"
        insert_select(
            LatencyDay,
            UsageRecord.objects.filter(window_start__gte=start, window_start__lt=end, **{f"{bucket}__isnull": False}),
            constants={"local_day": day, "zone": zone.key, "measure": measure.value},
            dimensions={name: name for name in ("scenario", "model", "endpoint", "channel", "is_internal")}
            | {"bucket": bucket},
            measures={"generations": Count("*")},
        )
    return True
