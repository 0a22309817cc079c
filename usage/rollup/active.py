"""Daily, weekly and monthly active people, and on how many days they were: all days of a stretch in one pass.

Every active day of a person counts in the trailing spans of that day and of those after it. So their number of
active days in a span rises by one on each of them and falls by one when it leaves the span; in between it stays.
How many people stay at which number from when until when is all that is taken out of the database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from usage.models import ActiveDay, ActiveSpread, Level, UserDay
from usage.periods import reporting_zone
from usage.rollup.days import DayNumber, day_at, number_of, take

SPANS = {"dau": 1, "wau": 7, "mau28": 28, "mau30": 30}
SPREAD = (7, 28)
LONGEST = max(SPANS.values())
ACTIVE = Q(turns__gt=0, is_internal=False)
VALUED = Q(valued__gt=0, is_internal=False)

Spread = dict[tuple[int, int, bool], Counter[int]]
"""(day number, span, organic) -> number of active days -> people."""

# The spans are ours and the days come from a statement of the ORM: nothing here is anybody's text.
_LEVELS = """
WITH days AS ({days}),
spans AS ({spans}),
steps AS (
    SELECT span, organic, subject, at, SUM(change) AS change
    FROM (
        SELECT span, organic, subject, day AS at, 1 AS change FROM days CROSS JOIN spans
        UNION ALL
        SELECT span, organic, subject, day + span AS at, -1 AS change FROM days CROSS JOIN spans
    ) AS changes
    GROUP BY span, organic, subject, at
),
levels AS (
    SELECT span, organic, at,
        LEAD(at) OVER (PARTITION BY span, subject ORDER BY at) AS until,
        SUM(change) OVER (PARTITION BY span, subject ORDER BY at) AS active_days
    FROM steps
)
SELECT span, organic, at, until, active_days, COUNT(*)
FROM levels WHERE active_days > 0 GROUP BY span, organic, at, until, active_days
"""


def recompute_active_days(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: their own rows and those of the 29 days after, which look back on them."""
    reach = timedelta(days=LONGEST - 1)
    if not take(Level.ACTIVE_DAY, first, last, reads=(first - reach, last + reach)):
        return False
    stretch = (first, last + reach)
    ActiveDay.objects.filter(local_day__range=stretch).delete()
    ActiveSpread.objects.filter(local_day__range=stretch).delete()
    active, valued = (_spread(who, stretch) for who in (ACTIVE, VALUED))
    zone = reporting_zone().key
    ActiveDay.objects.bulk_create(_days(active, valued, zone))
    ActiveSpread.objects.bulk_create([*_rows(active, False, zone), *_rows(valued, True, zone)], batch_size=1000)
    return True


def _spread(who: Q, stretch: tuple[date, date]) -> Spread:
    days = UserDay.objects.filter(who, local_day__range=(stretch[0] - timedelta(days=LONGEST - 1), stretch[1]))
    distinct = days.annotate(day=DayNumber("local_day")).values_list("subject", "organic", "day").distinct()
    inner, params = distinct.query.get_compiler(connection=connection).as_sql(with_col_aliases=True)
    spans = " UNION ALL ".join(f"SELECT {span} AS span" for span in SPANS.values())
    first, last = map(number_of, stretch)
    found: Spread = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS.format(days=inner, spans=spans), params)
        for span, organic, at, until, active_days, people in cursor:
            for day in range(max(at, first), min(until - 1, last) + 1):
                found[day, span, bool(organic)][int(active_days)] += people
    return found


def _days(active: Spread, valued: Spread, zone: str) -> Iterator[ActiveDay]:
    keys = sorted({(day, organic) for spread in (active, valued) for day, _, organic in spread})
    for day, organic in keys:
        counts = {name: active[day, span, organic].total() for name, span in SPANS.items()}
        counts |= {f"valued_{name}": valued[day, span, organic].total() for name, span in SPANS.items()}
        yield ActiveDay(local_day=day_at(day), organic=organic, zone=zone, **counts)


def _rows(spread: Spread, valued: bool, zone: str) -> Iterator[ActiveSpread]:
    for (day, span, organic), people in sorted(spread.items()):
        if span in SPREAD:
            for active_days, count in sorted(people.items()):
                yield ActiveSpread(
                    local_day=day_at(day),
                    zone=zone,
                    span=span,
                    valued=valued,
                    active_days=active_days,
                    organic=organic,
                    people=count,
                )
