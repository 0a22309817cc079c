"""How long ago the people of a day had been there before, so that days may be added: people of a range are those of
its days who had not been there since it began.

Of everybody and by scenario, without internal people: others are counted when it is asked for.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import DateField, Max

from usage.models import CountedSince, Level, Mark, ReturnDay, UserDay
from usage.periods import day_bounds, day_of, days_between, reporting_zone
from usage.rollup.days import DayNumber, number_of
from usage.rollup.sealing import PEOPLE_REACH, people_purged_until
from usage.rollup.statements import Rows, claim, insert_rows, select

LONGEST_RANGE = PEOPLE_REACH.days + 1
"""Days. Who was there so long ago is as new: no range has both."""

COLUMNS = ("local_day", "zone", "grouping", "scenario", "valued", "organic", "since_last", "people")
Grouping = ReturnDay.Grouping

# Days are numbers, and come from a statement of the ORM: nothing here is anybody's text.
_RETURNS = f"""
WITH by_scenario AS (
    SELECT subject, organic, scenario,
        MAX(CASE WHEN turns > 0 AND day = {{today}} THEN 1 END) AS is_active,
        MAX(CASE WHEN turns > 0 AND day < {{today}} THEN day END) AS active_before,
        MAX(CASE WHEN valued > 0 AND day = {{today}} THEN 1 END) AS is_valued,
        MAX(CASE WHEN valued > 0 AND day < {{today}} THEN day END) AS valued_before
    FROM ({{days}}) AS days GROUP BY subject, organic, scenario
),
everybody AS (
    SELECT subject, organic, MAX(is_active) AS is_active, MAX(active_before) AS active_before,
        MAX(is_valued) AS is_valued, MAX(valued_before) AS valued_before
    FROM by_scenario GROUP BY subject, organic
),
here AS (
    SELECT '{Grouping.TOTAL}' AS kind, '' AS scenario, FALSE AS valued, organic, active_before AS before
    FROM everybody WHERE is_active = 1
    UNION ALL
    SELECT '{Grouping.TOTAL}', '', TRUE, organic, valued_before FROM everybody WHERE is_valued = 1
    UNION ALL
    SELECT '{Grouping.SCENARIO}', scenario, FALSE, organic, active_before FROM by_scenario WHERE is_active = 1
    UNION ALL
    SELECT '{Grouping.SCENARIO}', scenario, TRUE, organic, valued_before FROM by_scenario WHERE is_valued = 1
)
SELECT %s, %s, kind, scenario, valued, organic, COALESCE({{today}} - before, {LONGEST_RANGE}) AS since_last, COUNT(*)
FROM here GROUP BY kind, scenario, valued, organic, since_last
"""  # noqa: S608 as said


def later_days(day: date, subjects: Collection[UUID] | None) -> Iterable[date]:
    """On which ``subjects`` come back after ``day``; of everybody all there are, as far as a range reaches."""
    if subjects is None:
        last = UserDay.objects.aggregate(last=Max("local_day"))["last"] or day
        return days_between(day + timedelta(days=1), min(last, day + PEOPLE_REACH))
    later = UserDay.objects.filter(local_day__gt=day, local_day__lte=day + PEOPLE_REACH, subject__in=sorted(subjects))
    return set(later.values_list("local_day", flat=True).distinct())


def recompute_return_day(day: date) -> bool:
    """Where user-days that it looks back on are purged, it is final: its marks go, its rows stay."""
    zone = reporting_zone()
    if not claim(Level.RETURN_DAY, range((day - PEOPLE_REACH).toordinal(), day.toordinal() + 1)):
        return False
    start, end = day_bounds(day, zone)
    Mark.objects.filter(level=Level.RETURN_DAY, window_start__gte=start, window_start__lt=end).delete()
    since = CountedSince.first_day(CountedSince.What.PEOPLE) or date.min
    if max(day - PEOPLE_REACH, since) >= day_of(people_purged_until(), zone):
        ReturnDay.objects.filter(local_day=day).delete()
        insert_rows(ReturnDay, COLUMNS, _returns(day))
    return True


def _returns(day: date) -> Rows:
    who = UserDay.objects.filter(local_day=day).values("subject")
    span = (day - PEOPLE_REACH, day)
    days = UserDay.objects.filter(is_internal=False, subject__in=who, local_day__range=span)
    columns = ("subject", "organic", "scenario", "turns", "valued", "day")
    part = select(days.annotate(day=DayNumber("local_day")).values_list(*columns))
    fixed = (DateField().get_db_prep_value(day, connection), reporting_zone().key)
    return Rows(_RETURNS.format(days=part.sql, today=number_of(day)), [*part.params, *fixed])
