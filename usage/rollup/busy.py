"""How busy endpoints were: every upstream call counts in each window it overlaps, for the time it overlaps."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Q

from usage.models import BusyWindow, UpstreamCall
from usage.periods import WINDOW, windows_between

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Part(NamedTuple):
    """Of one call, within one window."""

    start: datetime
    end: datetime
    is_beginning: bool
    has_failed: bool


def replace_busy_windows(start: datetime, end: datetime) -> None:
    """Those in ``[start, end)``, whose locks the caller holds."""
    parts: dict[tuple[datetime, str], list[_Part]] = defaultdict(list)
    begun_before = Q(window_start__lt=start, last_window__gte=start, last_window__gt=F("window_start"))
    begun_within = Q(window_start__gte=start, window_start__lt=end)
    for found in (begun_before, begun_within):
        calls = UpstreamCall.objects.filter(found)
        for endpoint, begun, over, error in calls.values_list(
            "endpoint", "occurred_at", "ended_at", "error"
        ).iterator():
            for window in windows_between(max(begun, start), min(over, end)):
                is_beginning = window <= begun
                part = _Part(max(begun, window), min(over, window + WINDOW), is_beginning, is_beginning and bool(error))
                parts[window, endpoint].append(part)
    BusyWindow.objects.filter(window_start__gte=start, window_start__lt=end).delete()
    BusyWindow.objects.bulk_create(
        BusyWindow(
            window_start=window,
            endpoint=endpoint,
            busy_ms=sum(_ms(part.end) - _ms(part.start) for part in of_one if part.end > part.start),
            peak=_peak(of_one),
            calls=sum(part.is_beginning for part in of_one),
            failed=sum(part.has_failed for part in of_one),
        )
        for (window, endpoint), of_one in sorted(parts.items())
    )


def _ms(moment: datetime) -> int:
    """Whole ones: cut at the same moments, the parts of a call add up to the call."""
    return (moment - EPOCH) // MILLISECOND


def _peak(parts: Iterable[_Part]) -> int:
    """The most at one moment. A call that ends when another begins makes room for it."""
    changes = sorted(change for part in parts for change in ((part.start, 1), (part.end, -1)))
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most
