"""Short stories at the borders of the definitions: each is told wrong by a ledger with one certain mistake."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from conversations import events
from conversations.events import EngagementKind
from tests.usage import cast
from tests.usage.cast import NOON
from tests.usage.histories import Arrival, Event, Story

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def _utc(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


BEFORE = _utc(1, 1, 0, 0)
MIDNIGHT = NOON + timedelta(hours=12)
"""In Shanghai."""
TURN = cast.turn("hello")
VISIBLE = cast.ending(TURN)


def _story(*happened: Event, zone: str = "Asia/Shanghai", drained_after: int = 0) -> Story:
    """``drained_after`` so many of them, and at the end. A turn that ends was accepted."""
    arrivals = [Arrival(event, then_drain=number == drained_after) for number, event in enumerate(happened, 1)]
    accepted = [
        Arrival(events.TurnAccepted(turn=event.turn), then_drain=False)
        for event in happened
        if isinstance(event, events.GenerationFinished)
    ]
    return Story(ZoneInfo(zone), BEFORE, [*accepted, *arrivals])


def _at(*moments: datetime, zone: str = "Asia/Shanghai") -> Story:
    """Li asks at each of them."""
    return _story(*(cast.ending(cast.turn(str(moment), at=moment)) for moment in moments), zone=zone)


VOTED_AT_THE_HORIZON = _story(VISIBLE, cast.vote(TURN, "up", at=NOON + timedelta(hours=72)))
ASKED_AGAIN_AT_THE_HORIZON = _story(VISIBLE, cast.follow_up(TURN, 1000, at=VISIBLE.finished_at + 2 * MINUTE))
JUST_ALIKE = _story(VISIBLE, cast.follow_up(TURN, 600, at=VISIBLE.finished_at + MINUTE))
STOPPED_AT_200 = _story(cast.ending(TURN, outcome="stopped", visible_characters=200))
JUST_A_SESSION = _at(NOON, NOON + timedelta(seconds=4) + 30 * MINUTE)
UP_TO_THE_END_OF_A_WINDOW = _story(
    cast.ending(TURN, calls=[cast.call(TURN, after=timedelta(), lasted=15 * MINUTE)]),
)
OVER_THE_END_OF_A_WINDOW = _story(cast.ending(TURN, calls=[cast.call(TURN, lasted=20 * MINUTE)]))
EVENING_AND_MIDNIGHT = _at(NOON, MIDNIGHT)
AROUND_MIDNIGHT = _at(MIDNIGHT - 15 * MINUTE, MIDNIGHT)
"""Two windows that are computed together."""
SEEN_AND_TRIED_AT_ONCE = _story(cast.engagement(EngagementKind.SCENARIO_SEEN), cast.ending(TURN))
TWO_SCENARIOS = _story(VISIBLE, cast.ending(cast.turn("learn", scenario="study", at=NOON + MINUTE)))
TWO_VISITS = _at(NOON, NOON + timedelta(hours=2))
AFTER_MIDNIGHT = _at(MIDNIGHT + timedelta(hours=4))
LATE_TURN = cast.turn("late", at=MIDNIGHT - timedelta(seconds=20))
ANSWERED_AFTER_MIDNIGHT = _story(
    cast.ending(LATE_TURN, calls=[cast.call(LATE_TURN, after=MINUTE)]),
    cast.engagement(EngagementKind.REGENERATED, about=LATE_TURN, at=MIDNIGHT + 2 * MINUTE),
    drained_after=1,
)
FAILED_OVER_AFTER_MIDNIGHT = _story(
    cast.call(LATE_TURN, error="stall"),
    cast.call(LATE_TURN, attempt=2, endpoint="own", after=MINUTE),
    drained_after=1,
)
WENT_ON = _story(
    cast.ending(cast.turn("once", within="a talk")),
    cast.ending(cast.turn("twice", within="a talk", at=NOON + 61 * DAY)),
    cast.ending(cast.turn("too late", within="a talk", at=NOON + 123 * DAY)),
    drained_after=1,
)
TOLD_BACKWARDS = _story(
    events.TurnAccepted(turn=cast.turn("later", within="a talk", at=NOON + DAY)),
    events.TurnAccepted(turn=cast.turn("before", within="a talk")),
    drained_after=1,
)
CAME_IN_BETWEEN = _story(
    *(events.TurnAccepted(turn=cast.turn(str(days), at=NOON + days * DAY)) for days in (0, 2, 1)), drained_after=2
)
CAME_BACK = _at(NOON, NOON + 91 * DAY, NOON + 183 * DAY)
BROUGHT_AFTER_ALL = _story(
    VISIBLE, cast.engagement(EngagementKind.ACQUIRED, at=NOON + DAY, value="spring"), drained_after=1
)
VOTED_THE_DAY_AFTER = _story(VISIBLE, cast.vote(TURN, "up", at=NOON + DAY), drained_after=1)

QUARTERS_OF_AN_HOUR = _at(_utc(11, 20, 18, 5), zone="Asia/Kathmandu")
"""23:50 there, and 18:00 in UTC is a quarter to midnight."""
IN_WINTER = _at(_utc(10, 3, 13, 15), zone="Australia/Lord_Howe")
"""23:45 there; in summer it would be the day after."""
HALF_AN_HOUR_LESS = _at(_utc(10, 4, 3, 0), _utc(10, 4, 13, 15), zone="Australia/Lord_Howe")
"""4 October ends there after 23.5 hours, a quarter of an hour before the second turn."""
AN_HOUR_MORE = _at(_utc(4, 4, 15, 0), _utc(4, 5, 3, 30), zone="America/Santiago")
"""4 April is not over there at the second turn: 23:30 for the second time."""
