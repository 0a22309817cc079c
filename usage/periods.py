"""Windows of 15 minutes, and local days as exact unions of them.

Every IANA offset in use is a multiple of 15 minutes, so a window lies in one local
day of any zone. Everything is half-open: ``[start, end)``, in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

WINDOW = timedelta(minutes=15)
WINDOW_S = 900


def reporting_zone() -> ZoneInfo:
    """The zone whose days this deployment reports; ``ZoneInfo`` keeps its own cache."""
    return ZoneInfo(settings.REPORTING_TIME_ZONE)


def window_of(moment: datetime) -> datetime:
    """The start of the window that holds ``moment``."""
    return datetime.fromtimestamp(int(moment.timestamp() // 1) // WINDOW_S * WINDOW_S, UTC)


def windows_between(started_at: datetime, ended_at: datetime) -> Iterator[datetime]:
    """Every window that ``[started_at, ended_at)`` overlaps; at least the one it starts in."""
    window = window_of(started_at)
    yield window
    while (window := window + WINDOW) < ended_at:
        yield window


def last_window_of(started_at: datetime, ended_at: datetime) -> datetime:
    """The last of the windows that ``[started_at, ended_at)`` overlaps."""
    last = window_of(ended_at)
    return max(window_of(started_at), last if last < ended_at else last - WINDOW)


def window_number(window: datetime) -> int:
    """Windows since 1970, a name for a lock; fits 32 bits for 61,000 years."""
    return int(window.timestamp()) // WINDOW_S


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a local day and of the next one, in UTC.

    A midnight that clocks skip is read with the offset before the jump, which is the
    moment of the jump; one that comes twice is the first (both are what fold=0 means).
    A day that a zone skipped altogether (Apia, 2011-12-30) is empty.
    """
    return _first_moment(day, zone), _first_moment(day + timedelta(days=1), zone)


def written_day(text: str) -> date:
    """YYYY-MM-DD only: ``fromisoformat`` would read ``20261128`` and ``2026-W48-6`` too. Raises ``ValueError``."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def days_between(first: date, last: date) -> list[date]:
    """Both ends included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
