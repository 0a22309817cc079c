"""Local days as whole numbers, so that both databases can count with them, and runs of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Func, IntegerField

from usage.models import Level, Mark
from usage.periods import day_bounds, reporting_zone
from usage.rollup.sealing import REACH, people_purged_until
from usage.rollup.statements import claim

MONDAY = date(1970, 1, 5)
"""Day 0: an ISO week is a seventh of the number of any of its days."""


class DayNumber(Func):
    """Of a date column: days since ``MONDAY``."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s - DATE '1970-01-05')", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) - 2440591.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)


def number_of(day: date) -> int:
    return (day - MONDAY).days


def day_at(number: int) -> date:
    return MONDAY + timedelta(days=number)


def runs(days: Iterable[date], *, longest: int) -> list[tuple[date, date]]:
    """First and last day of each run without a gap, cut where it gets too long; in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and (day - found[-1][1]).days == 1 and (day - found[-1][0]).days < longest:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def take(level: Level, first: date, last: date, *, reads: tuple[date, date]) -> bool:
    """Lock the days that are read, then delete the marks of those that changed.

    False if somebody holds one, or the user-days of some are purged, which nothing could be counted from.
    """
    zone = reporting_zone()
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    held = claim(level, range(reads[0].toordinal(), reads[1].toordinal() + 1))
    if not held or start < people_purged_until() + REACH:
        return False
    Mark.objects.filter(level=level, window_start__gte=start, window_start__lt=end).delete()
    return True
