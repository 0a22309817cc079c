"""Retention: on which days after their first ever active day people were active again.

For each n of a cohort the database counts its active members, those of them who were not active later, and those
not active earlier in the same bracket. The rest is addition: "on or after" n are those whose last n is that or more.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from usage.models import CohortBracket, CohortDay, FirstDay, Level, Period, UserDay
from usage.periods import reporting_zone
from usage.rollup.active import ACTIVE
from usage.rollup.days import DayNumber, day_at, take

DAYS = 56
"""How long a cohort is looked at, whatever the period."""
SIZES = {Period.DAY: 1, Period.WEEK: 7}
BRACKETS = ((1, 1), (2, 7), (8, 14), (15, 28))

# Sizes and brackets are ours and the rest comes from statements of the ORM: nothing here is anybody's text.
_ACTIVE = """
WITH members AS ({members}),
days AS ({days}),
active AS (
    SELECT DISTINCT members.subject, members.organic, members.day / {size} AS cohort,
        days.day / {size} - members.day / {size} AS n
    FROM members JOIN days ON days.subject = members.subject
    WHERE days.day / {size} - members.day / {size} BETWEEN 0 AND {longest}
),
bracketed AS (SELECT subject, organic, cohort, n, CASE {brackets} END AS bracket FROM active),
compared AS (
    SELECT organic, cohort, n, MAX(n) OVER (PARTITION BY subject) AS last_n,
        MIN(n) OVER (PARTITION BY subject, bracket) AS first_of_bracket
    FROM bracketed
)
SELECT organic, cohort, n, COUNT(*), COUNT(*) FILTER (WHERE n = last_n), COUNT(*) FILTER (WHERE n = first_of_bracket)
FROM compared GROUP BY organic, cohort, n
"""


class _Active(NamedTuple):
    """Members of one cohort who were active in its n-th day or week."""

    on: int
    last: int
    first_of_bracket: int


NOBODY = _Active(0, 0, 0)
Cohorts = dict[tuple[date, bool], dict[int, _Active]]


def recompute_cohorts(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: every cohort of which they are one of the days looked at."""
    since, until = Period.WEEK.start_of(first) - timedelta(days=DAYS), Period.WEEK.start_of(last) + timedelta(days=6)
    if not take(Level.COHORT, first, last, reads=(since, until + timedelta(days=DAYS + 6))):
        return False
    CohortDay.objects.filter(cohort__range=(since, until)).delete()
    CohortBracket.objects.filter(cohort__range=(since, until)).delete()
    for period in SIZES:
        cohorts = _cohorts(period, since, until)
        CohortDay.objects.bulk_create(_rows(period, cohorts), batch_size=1000)
        if period is Period.DAY:
            CohortBracket.objects.bulk_create(_brackets(cohorts), batch_size=1000)
    return True


def _cohorts(period: Period, since: date, until: date) -> Cohorts:
    size = SIZES[period]
    firsts = FirstDay.objects.filter(grouping=FirstDay.Grouping.TOTAL, is_internal=False)
    members = firsts.filter(local_day__range=(since, until)).annotate(day=DayNumber("local_day"))
    days = UserDay.objects.filter(ACTIVE, local_day__range=(since, until + timedelta(days=DAYS + 6)))
    statements = (
        members.values_list("subject", "organic", "day"),
        days.annotate(day=DayNumber("local_day")).values_list("subject", "day"),
    )
    (of_members, one), (of_days, other) = (
        each.query.get_compiler(connection=connection).as_sql(with_col_aliases=True) for each in statements
    )
    brackets = " ".join(f"WHEN n BETWEEN {low} AND {high} THEN {low}" for low, high in BRACKETS)
    sql = _ACTIVE.format(members=of_members, days=of_days, size=size, longest=DAYS // size, brackets=brackets)
    found: Cohorts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*one, *other])
        for organic, cohort, n, *counts in cursor:
            found[day_at(cohort * size), bool(organic)][n] = _Active(*counts)
    return found


def _rows(period: Period, cohorts: Cohorts) -> Iterator[CohortDay]:
    zone = reporting_zone().key
    for (cohort, organic), active in sorted(cohorts.items()):
        later = 0
        for n in range(max(active), -1, -1):
            on = active.get(n, NOBODY)
            later += on.last
            yield CohortDay(
                period=period,
                cohort=cohort,
                n=n,
                organic=organic,
                zone=zone,
                members=active[0].on,
                on=on.on,
                on_or_after=later,
            )


def _brackets(cohorts: Cohorts, brackets: Sequence[tuple[int, int]] = BRACKETS) -> Iterator[CohortBracket]:
    zone = reporting_zone().key
    for (cohort, organic), active in sorted(cohorts.items()):
        for first_n, last_n in brackets:
            yield CohortBracket(
                cohort=cohort,
                first_n=first_n,
                last_n=last_n,
                organic=organic,
                zone=zone,
                members=active[0].on,
                active=sum(on.first_of_bracket for n, on in active.items() if first_n <= n <= last_n),
            )
