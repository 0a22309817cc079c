"""How busy endpoints were: every upstream call counts in each window it overlaps, for the time it overlaps.

Counted in whole microseconds since 1970, in one statement that both databases understand.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, F, Q, QuerySet

from usage.models import BusyWindow, UpstreamCall
from usage.periods import WINDOW, windows_between
from usage.rollup.moments import Microseconds, microseconds
from usage.rollup.statements import Rows, insert_rows, select

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LENGTH = microseconds(WINDOW)

# Calls come from statements of the ORM, and windows are ours: nothing here is anybody's text. Milliseconds are whole
# ones: cut at the same moments, the parts of a call add up to the call. A call that ends when another begins makes
# room for it.
_BUSY = f"""
WITH windows (window_start, began) AS (VALUES {{windows}}),
parts AS (
    SELECT endpoint, window_start, began, at, over, 1 AS calls, CASE WHEN error = '' THEN 0 ELSE 1 END AS failed
    FROM ({{begun}}) AS begun
    UNION ALL
    SELECT endpoint, windows.window_start, windows.began, windows.began, over, 0, 0
    FROM ({{running}}) AS running JOIN windows ON windows.began > running.began AND windows.began <= running.last_began
),
cut AS (
    SELECT endpoint, window_start, calls, failed, at,
        CASE WHEN over > began + {LENGTH} THEN began + {LENGTH} ELSE over END AS until
    FROM parts
),
changes AS (
    SELECT endpoint, window_start, at AS moment, 1 AS change FROM cut
    UNION ALL
    SELECT endpoint, window_start, until, -1 FROM cut
),
levels AS (
    SELECT endpoint, window_start, SUM(change) OVER (
        PARTITION BY endpoint, window_start ORDER BY moment, change ROWS UNBOUNDED PRECEDING
    ) AS at_once
    FROM changes
),
peaks AS (SELECT endpoint, window_start, MAX(at_once) AS peak FROM levels GROUP BY endpoint, window_start)
SELECT cut.window_start, cut.endpoint,
    SUM(CASE WHEN until > at THEN until / 1000 - at / 1000 ELSE 0 END),
    CASE WHEN MAX(peak) > 0 THEN MAX(peak) ELSE 0 END, SUM(calls), SUM(failed)
FROM cut JOIN peaks ON peaks.endpoint = cut.endpoint AND peaks.window_start = cut.window_start
GROUP BY cut.window_start, cut.endpoint
"""  # noqa: S608 as said


def replace_busy_windows(start: datetime, end: datetime) -> None:
    """Those in ``[start, end)``, whose locks the caller holds."""
    BusyWindow.objects.filter(window_start__gte=start, window_start__lt=end).delete()
    columns = ("window_start", "endpoint", "busy_ms", "peak", "calls", "failed")
    insert_rows(BusyWindow, columns, _busy(start, end))


def _busy(start: datetime, end: datetime) -> Rows:
    windows = [value for window in windows_between(start, end) for value in _named(window)]
    is_over = Q(last_window__gt=F("window_start"))  # the few that run over the end of a window have an index
    begun_within = Q(window_start__gte=start, window_start__lt=end)
    begun_before = Q(window_start__lt=start, last_window__gte=start)
    begun = _calls(begun_within).values_list("endpoint", "window_start", "began", "at", "over", "error")
    running = _calls(is_over & (begun_before | begun_within)).annotate(last_began=Microseconds("last_window"))
    parts = [select(begun), select(running.values_list("endpoint", "began", "over", "last_began"))]
    places = ", ".join("(%s, %s)" for _ in windows[::2])
    sql = _BUSY.format(windows=places, begun=parts[0].sql, running=parts[1].sql)
    return Rows(sql, [*windows, *parts[0].params, *parts[1].params])


def _calls(which: Q) -> "QuerySet[Any, Any]":
    numbers = {"began": "window_start", "at": "occurred_at", "over": "ended_at"}
    moments = {name: Microseconds(field) for name, field in numbers.items()}
    calls: QuerySet[Any, Any] = UpstreamCall.objects.filter(which).annotate(**moments)
    return calls


def _named(window: datetime) -> tuple[object, int]:
    """As the database writes it, and as a number."""
    return DateTimeField().get_db_prep_value(window, connection), microseconds(window - EPOCH)
