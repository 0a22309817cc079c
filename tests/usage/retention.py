"""A history old enough to be purged, and what must not change when it is."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.usage import cast
from tests.usage.cast import LI, NOON, WANG
from usage import models, rollup
from usage.models import EngagementEvent, TurnAccepted, UpstreamCall, UsageRecord
from usage.rollup import sealing

DAY = timedelta(days=1)
KEEP = 180
FACTS: tuple[Any, ...] = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)
ROWS: tuple[Any, ...] = (
    models.Acquisition,
    models.ActiveDay,
    models.ActiveSpread,
    models.AdoptionDay,
    models.BusyWindow,
    models.CallDay,
    models.CohortBracket,
    models.CohortCost,
    models.CohortDay,
    models.ConversationDay,
    models.FirstDay,
    models.LatencyDay,
    models.LatencyWindow,
    models.LifecycleDay,
    models.PeopleDay,
    models.ReturnDay,
    models.Session,
    models.SessionDay,
    models.UsageDay,
    models.UsageWindow,
    models.UserDay,
)


def due(day: datetime) -> datetime:
    """The first moment at which the local day of ``day`` may be purged."""
    return day + (KEEP + 1) * DAY


def three_days() -> None:
    """Li and wang, on three days in a row; a vote, a visit, and a call that runs over midnight."""
    for number, who in enumerate((LI, WANG, LI)):
        turn = cast.turn(f"day {number}", who=who, at=NOON + number * DAY)
        cast.talk(cast.ending(turn))
        cast.engage(cast.vote(turn, "up", at=turn.occurred_at + 20 * timedelta(hours=1)))
    late_evening = cast.turn("over midnight", at=NOON + timedelta(hours=11, minutes=58))
    cast.talk(cast.ending(late_evening, calls=[cast.call(late_evening, lasted=timedelta(minutes=9))]))
    rollup.drain_all(now=NOON)


def seal(*, until: datetime) -> sealing.Purged:
    """All days that end before ``until``'s."""
    return sealing.seal_days(now=due(until), keep_days=KEEP)


def fact_days() -> dict[str, set[date]]:
    return {table.__name__: set(table.objects.values_list("local_day", flat=True)) for table in FACTS}


def rows() -> dict[str, list[Any]]:
    """Of every rollup, byte for byte."""
    return {table.__name__: sorted(table.objects.values_list(), key=repr) for table in ROWS}
