"""The sessions of turns that have no part in any other one: one statement, which both databases understand."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateField, F, Q

from usage.models import TurnAccepted, UsageRecord
from usage.rollup.moments import Microseconds, microseconds
from usage.rollup.statements import Rows, select

PAUSE = timedelta(minutes=30)
LONGEST_TURN = timedelta(minutes=30)

# It all comes from statements of the ORM: nothing here is anybody's text.
_SESSIONS = f"""
WITH stays AS (
    SELECT subject, is_internal, id, start, start_us,
        CASE WHEN over_us > start_us + {microseconds(LONGEST_TURN)} THEN longest
            WHEN over_us > start_us THEN over ELSE start END AS stop,
        CASE WHEN over_us > start_us + {microseconds(LONGEST_TURN)} THEN start_us + {microseconds(LONGEST_TURN)}
            WHEN over_us > start_us THEN over_us ELSE start_us END AS stop_us
    FROM ({{turns}}) AS turns LEFT JOIN ({{endings}}) AS endings
        ON endings.generation = turns.generation AND endings.begun = turns.start
),
reached AS (
    SELECT subject, is_internal, id, start, start_us, stop, stop_us, MAX(stop_us) OVER (
        PARTITION BY subject, is_internal ORDER BY start_us, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS so_far
    FROM stays
),
numbered AS (
    SELECT subject, is_internal, start, start_us, stop, stop_us,
        COUNT(*) FILTER (WHERE so_far IS NULL OR start_us > so_far + {microseconds(PAUSE)}) OVER (
            PARTITION BY subject, is_internal ORDER BY start_us, id ROWS UNBOUNDED PRECEDING
        ) AS number
    FROM reached
)
SELECT subject, is_internal, MIN(start), MAX(stop), COUNT(*), (MAX(stop_us) - MIN(start_us)) / 1000, %s, %s
FROM numbered GROUP BY subject, is_internal, number
"""  # noqa: S608 as said


def sessions(turns: Q, endings: Q, day: date, zone: ZoneInfo) -> Rows:
    """Subject, internal, start, end, turns, milliseconds; and the day and its zone, as they are given."""
    accepted = TurnAccepted.objects.filter(turns).annotate(
        start=F("occurred_at"), start_us=Microseconds("occurred_at"), longest=F("occurred_at") + LONGEST_TURN
    )
    ended = UsageRecord.objects.filter(endings).annotate(
        begun=F("occurred_at"), over=F("finished_at"), over_us=Microseconds("finished_at")
    )
    columns = ("subject", "is_internal", "id", "generation", "start", "start_us", "longest")
    parts = select(accepted.values_list(*columns)), select(ended.values_list("generation", "begun", "over", "over_us"))
    sql = _SESSIONS.format(turns=parts[0].sql, endings=parts[1].sql)
    fixed = (DateField().get_db_prep_value(day, connection), zone.key)
    return Rows(sql, [*parts[0].params, *parts[1].params, *fixed])
