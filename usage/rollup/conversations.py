"""How deep conversations go, so that days may be added: of each turn, how long ago those before it were.

Of a range of days a conversation is there where a turn of it has none before it since the range began, and has a
second turn where one has a single one before it since then. Both follow from the days of the two turns before,
whichever the range: no sum of distinct conversations would tell.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models.functions import TruncDate

from usage.models import ConversationDay, CountedSince, Level, Mark, TurnAccepted
from usage.periods import day_bounds, day_of, reporting_zone
from usage.rollup.days import DayNumber, number_of
from usage.rollup.sealing import REACH, whole_days_from
from usage.rollup.statements import Rows, claim, insert_rows, select

LONGEST_RANGE = REACH.days
"""Days. A turn so long ago is as none: no range has both."""
LOOKED_BACK = timedelta(days=LONGEST_RANGE - 1)

COLUMNS = (
    *("local_day", "zone", "grouping", "scenario", "channel", "since_last", "since_second_last"),
    *("turns", "turns_all"),
)
Grouping = ConversationDay.Grouping

# It all comes from a statement of the ORM: nothing here is anybody's text.
_TURNS = f"""
WITH groupings (kind) AS (VALUES ('{Grouping.TOTAL}'), ('{Grouping.SCENARIO}'), ('{Grouping.CHANNEL}')),
crowds (with_internal) AS (VALUES (0), (1)),
turns AS (
    SELECT kind, with_internal, conversation, day, on_day,
        CASE WHEN kind = '{Grouping.SCENARIO}' THEN scenario ELSE '' END AS scenario,
        CASE WHEN kind = '{Grouping.CHANNEL}' THEN channel ELSE '' END AS channel
    FROM ({{asked}}) AS asked CROSS JOIN groupings CROSS JOIN crowds
    WHERE with_internal = 1 OR NOT is_internal
),
apart AS (
    SELECT kind, with_internal, scenario, channel, day, on_day,
        day - LAG(day) OVER earlier AS since_last, day - LAG(day, 2) OVER earlier AS since_second_last
    FROM turns
    WINDOW earlier AS (PARTITION BY kind, with_internal, scenario, channel, conversation ORDER BY day)
)
SELECT on_day, %s, kind, scenario, channel,
    COALESCE(since_last, {LONGEST_RANGE}) AS last_one, COALESCE(since_second_last, {LONGEST_RANGE}) AS second_last_one,
    COUNT(*) FILTER (WHERE with_internal = 0), COUNT(*) FILTER (WHERE with_internal = 1)
FROM apart WHERE day = %s
GROUP BY on_day, kind, scenario, channel, last_one, second_last_one
"""  # noqa: S608 as said


def later_days(start: datetime, end: datetime) -> Iterator[datetime]:
    """Moments in local days whose turns go on with conversations of ``[start, end)``."""
    zone = reporting_zone()
    changed = TurnAccepted.objects.filter(window_start__gte=start, window_start__lt=end).exclude(conversation=None)
    later = TurnAccepted.objects.filter(
        conversation__in=changed.values("conversation"), window_start__gte=end, window_start__lt=end + REACH
    )
    windows = later.values_list("window_start", flat=True).distinct()
    yield from {day_of(window, zone): window for window in windows}.values()


def recompute_conversation_day(day: date) -> bool:
    """Where facts that it looks back on are sealed, it is final: its marks go, its rows stay."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    first = max(day - LOOKED_BACK, CountedSince.first_day(CountedSince.What.CONVERSATIONS) or date.min)
    if not claim(Level.CONVERSATION_DAY, range((day - LOOKED_BACK).toordinal(), day.toordinal() + 1)):
        return False
    Mark.objects.filter(level=Level.CONVERSATION_DAY, window_start__gte=start, window_start__lt=end).delete()
    if day_bounds(first, zone)[0] < whole_days_from():
        return True
    ConversationDay.objects.filter(local_day=day).delete()
    insert_rows(ConversationDay, COLUMNS, _turns(first, day))
    return True


def _turns(first: date, day: date) -> Rows:
    """Of the conversations of ``day``, what there was since ``first``."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    of_the_day = TurnAccepted.objects.filter(window_start__gte=start, window_start__lt=end)
    asked = TurnAccepted.objects.filter(
        conversation__in=of_the_day.values("conversation"),
        window_start__gte=day_bounds(first, zone)[0],
        window_start__lt=end,
    ).annotate(on_day=TruncDate("window_start", tzinfo=zone))
    columns = ("conversation", "scenario", "channel", "is_internal", "on_day", "day")
    part = select(asked.annotate(day=DayNumber("on_day")).values_list(*columns))
    return Rows(_TURNS.format(asked=part.sql), [*part.params, zone.key, number_of(day)])
