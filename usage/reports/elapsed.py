"""Which part of a range can be compared: its whole periods that are over and counted, beside as many before them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from usage.models import Period
from usage.periods import day_bounds, reporting_zone
from usage.reports.definition import Moment
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery

DAY = timedelta(days=1)
WEEK_DAYS = 7
PERIODS = {Dimension.WEEK: Period.WEEK, Dimension.COHORT_WEEK: Period.WEEK, Dimension.MONTH: Period.MONTH}
"""What rows are told apart by; all else are days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Both ends of both are included."""

    first_day: date
    last_day: date
    before: tuple[date, date]


def elapsed(query: UsageQuery, moment: Moment, settles_after: timedelta) -> Beside | None:
    """None while no period of the range is over.

    Days stand beside the same weekdays, as many weeks before as the range begins; weeks and months beside as many
    before the range as it touches.
    """
    period = next((PERIODS[each] for each in query.by if each in PERIODS), Period.DAY)
    zone = ZoneInfo(query.zone) if query.zone else reporting_zone()
    starts = list(_starts(query, period))
    over = [s for s in starts if moment.has_passed(day_bounds(period.after(s) - DAY, zone)[1] + settles_after)]
    if not over:
        return None
    first, after = starts[0], period.after(over[-1])
    return Beside(
        first_day=first,
        last_day=after - DAY,
        before=(_earlier(first, period, len(starts)), _earlier(after, period, len(starts)) - DAY),
    )


def _starts(query: UsageQuery, period: Period) -> Iterator[date]:
    """Of every period that holds a day of the range."""
    start = period.start_of(query.first_day)
    while start <= query.last_day:
        yield start
        start = period.after(start)


def _earlier(start: date, period: Period, periods: int) -> date:
    """The start of the period that many before the one that starts then; of days, the same weekday."""
    match period:
        case Period.DAY:
            return start - timedelta(days=WEEK_DAYS * -(-periods // WEEK_DAYS))
        case Period.WEEK:
            return start - timedelta(days=WEEK_DAYS * periods)
        case Period.MONTH:
            years, months = divmod(start.year * 12 + start.month - 1 - periods, 12)
            return date(years, months + 1, 1)
