"""What members of a cohort cost in their first four weeks: by local day, of every cohort that is so young then.

Read from calls themselves, a day at a time: whose call it was is in no other rollup.
"""

from datetime import date, timedelta

from django.db.models.functions import TruncDate

from usage.models import CohortCost, FirstDay, Level, Mark, UpstreamCall
from usage.periods import day_bounds, day_of, reporting_zone
from usage.rollup.days import DayNumber
from usage.rollup.exact import UNIT_PICO
from usage.rollup.sealing import whole_days_from
from usage.rollup.statements import Rows, claim, insert_rows, select

DAYS = 28
"""After the first one."""

COLUMNS = (
    *("local_day", "cohort", "organic", "currency", "zone"),
    *("calls", "unpriced", "cost_units", "cost_rest_pico"),
)

# Numbers are ours and the rest comes from statements of the ORM: nothing here is anybody's text.
_REST = f"calls.cost_pico %% {UNIT_PICO}"
_SPENT = f"""
SELECT calls.on_day, members.local_day, members.organic, calls.currency, %s,
    COUNT(*), COUNT(*) - COUNT(calls.cost_pico),
    COALESCE(CAST(SUM(calls.cost_pico / {UNIT_PICO}) AS bigint), 0)
        + COALESCE(CAST(SUM({_REST}) AS bigint), 0) / {UNIT_PICO},
    COALESCE(CAST(SUM({_REST}) AS bigint), 0) %% {UNIT_PICO}
FROM ({{calls}}) AS calls JOIN ({{members}}) AS members ON members.subject = calls.subject
WHERE calls.day BETWEEN members.day AND members.day + {DAYS}
GROUP BY calls.on_day, members.local_day, members.organic, calls.currency
"""  # noqa: S608 as said


def recompute_cohort_costs(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: their own rows, and those of the 28 days after."""
    zone, reach = reporting_zone(), timedelta(days=DAYS)
    whole = day_of(whole_days_from(), zone)
    days = range(first.toordinal(), (last + reach).toordinal() + 1)
    if not claim(Level.COHORT_COST, days) or last + reach < whole:
        return False
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    Mark.objects.filter(level=Level.COHORT_COST, window_start__gte=start, window_start__lt=end).delete()
    span = (max(first, whole), last + reach)
    CohortCost.objects.filter(local_day__range=span).delete()
    insert_rows(CohortCost, COLUMNS, _spent(*span))
    return True


def _spent(first: date, last: date) -> Rows:
    zone = reporting_zone()
    calls = UpstreamCall.objects.filter(
        is_internal=False,
        subject__isnull=False,
        window_start__gte=day_bounds(first, zone)[0],
        window_start__lt=day_bounds(last, zone)[1],
    ).annotate(on_day=TruncDate("window_start", tzinfo=zone))
    members = FirstDay.objects.filter(
        grouping=FirstDay.Grouping.TOTAL, is_internal=False, local_day__range=(first - timedelta(days=DAYS), last)
    )
    parts = (
        select(
            calls.annotate(day=DayNumber("on_day")).values_list("subject", "currency", "cost_pico", "on_day", "day")
        ),
        select(members.annotate(day=DayNumber("local_day")).values_list("subject", "organic", "local_day", "day")),
    )
    sql = _SPENT.format(calls=parts[0].sql, members=parts[1].sql)
    return Rows(sql, [zone.key, *parts[0].params, *parts[1].params])
