"""Rebuilds, late facts and sights: each step of a pass is killed before its first statement, its second, and so on.

It begins anew each time, so that one pass is killed at every statement that it has. Of facts as they come it is
``test_rollup_loses_nothing`` that tells, with another process at work meanwhile.
"""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from conversations.events import Engagement, EngagementKind
from tests.usage import cast, exact, retention
from tests.usage.cast import LI, NOON, WANG
from tests.usage.interference import killed_at
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import LateAdjustment, Level, Mark, UsageDay, UsageWindow, UserDay
from usage.rollup.drain import LEVELS, _run

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TALKED = [cast.ending(cast.turn(str(who), who=who)) for who in (LI, WANG)]
SIGNALS = [
    cast.vote(TALKED[0].turn, "up", at=NOON + DAY),
    cast.engagement(EngagementKind.ACQUIRED, who=WANG, at=NOON - DAY, value="spring"),
]
SIGHTS = [
    cast.engagement(EngagementKind.SCENARIO_SEEN, who=LI, at=NOON - DAY),
    cast.engagement(EngagementKind.SCENARIO_SEEN, who=WANG, at=NOON + DAY),
]
"""Li had seen what they tried, which nobody knew; wang sees it when they had used it already."""


def pass_killed_everywhere() -> dict[str, int]:
    """How often each of its steps was killed: as many statements as it has."""
    kills: dict[str, int] = {}
    for level in LEVELS:
        for step in level():
            kills[step.name] = 0
            while killed_at(kills[step.name] + 1, partial(_run, step)):
                kills[step.name] += 1
    return kills


def counted(signals: list[Engagement]) -> Ledger:
    """Everything is told, and a pass is over."""
    cast.talk(*TALKED)
    cast.engage(*signals)
    rollup.drain_all(now=NOON)
    ledger = Ledger()
    for end in TALKED:
        ledger.accepted(end.turn)
        ledger.finished(end)
    for signal in signals:
        ledger.engaged(signal)
    return ledger


def assert_exact(ledger: Ledger) -> None:
    assert not Mark.objects.exists()
    exact.assert_exact(ledger, ZoneInfo("Asia/Shanghai"))


def test_a_rebuild() -> None:
    ledger = counted(SIGNALS)
    UsageWindow.objects.update(turns=77)
    UsageDay.objects.update(calls=77)
    UserDay.objects.update(valued=99)
    rollup.mark_days([NOON.date()])
    kills = pass_killed_everywhere()
    assert kills["rebuild 2026-11-20"] > 40
    assert_exact(ledger)


def test_a_sight_that_is_told_late() -> None:
    ledger = counted(SIGNALS)
    cast.engage(*SIGHTS)
    for sight in SIGHTS:
        ledger.engaged(sight)
    kills = pass_killed_everywhere()
    assert sum(kills[name] for name in kills if name.startswith("adoption")) > 5
    assert_exact(ledger)


def test_what_comes_when_its_day_is_sealed() -> None:
    retention.three_days()
    retention.seal(until=NOON)
    before = retention.rows()
    cast.talk(cast.ending(cast.turn("late", who=WANG)))
    kills = pass_killed_everywhere()
    assert kills["late for 2026-11-20T04:00:00+00:00"] > 10
    assert sorted(LateAdjustment.objects.values_list("fact_kind", flat=True)) == ["call", "ending", "turn"]
    assert not any(table.objects.filter(window_start=NOON, subject=WANG).exists() for table in retention.FACTS)
    assert not Mark.objects.filter(level=Level.WINDOW).exists()
    assert retention.rows() == before
