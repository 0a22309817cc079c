"""A fact committed while a rollup runs, and a rollup killed while it runs: at every single statement.

Another rollup beside it, at every third.
"""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import close_old_connections, connection
from pytest_django import DjangoAssertNumQueries

from conversations.events import EngagementKind, GenerationFinished
from tests.usage import cast, exact
from tests.usage.cast import LI, WANG, ZHAO
from tests.usage.interference import At, Elsewhere, killed_at
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import Mark, RollupScan

pytestmark = pytest.mark.django_db(transaction=True)

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = cast.ending(cast.turn("first", who=LI))
SECOND = cast.ending(cast.turn("second", who=WANG))
SAME_PERSON = cast.ending(cast.turn("third", who=LI))
SAME_LANE = cast.ending(cast.turn("fourth", who=ZHAO))
THE_DAY_BEFORE = cast.ending(cast.turn("fifth", who=LI, at=cast.NOON - timedelta(hours=12, minutes=10)))
"""Moves the first day of li, and their session begins before midnight, where FIRST's does not."""
LATE = (SECOND, SAME_PERSON, SAME_LANE, THE_DAY_BEFORE)
SIGNALS = (
    # Given on another day than the one it changes.
    cast.vote(FIRST.turn, "up", at=cast.NOON + timedelta(hours=20)),
    cast.engagement(EngagementKind.SCENARIO_SEEN, who=LI, at=cast.NOON - timedelta(days=1)),
    cast.engagement(EngagementKind.ACQUIRED, who=LI, at=cast.NOON - timedelta(days=1), value="spring"),
)
STATEMENTS = 210
"""What a pass over FIRST and SECOND takes, and more: past its end the intruder simply comes afterwards."""


@pytest.fixture(autouse=True)
def _no_connections_left() -> Iterator[None]:
    yield
    close_old_connections()


def arrive_late() -> None:
    cast.talk(*LATE)
    cast.engage(*SIGNALS)


def assert_exact(*talked: GenerationFinished) -> None:
    ledger = Ledger()
    for signal in SIGNALS if SAME_PERSON in talked else ():
        ledger.engaged(signal)
    for end in talked:
        ledger.accepted(end.turn)
        ledger.finished(end)
    rollup.drain_all(now=cast.NOON)
    exact.assert_exact(ledger, SHANGHAI)


def test_a_pass_is_no_longer_than_these_tests_look(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    cast.talk(FIRST, SECOND)
    with django_assert_max_num_queries(STATEMENTS):
        rollup.drain(now=cast.NOON)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1))
def test_a_fact_committed_while_a_rollup_runs_is_never_lost(number: int) -> None:
    cast.talk(FIRST)
    intruder = Elsewhere(arrive_late)
    with connection.execute_wrapper(At(number, intruder.begin)):
        rollup.drain(now=cast.NOON)
    intruder.join()
    if not intruder.has_begun:
        arrive_late()
    assert_exact(FIRST, *LATE)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1))
def test_a_rollup_killed_anywhere_is_exact_when_run_again(number: int) -> None:
    cast.talk(FIRST, SECOND)
    if killed_at(number, lambda: rollup.drain(now=cast.NOON)):
        assert Mark.objects.exists() or not RollupScan.objects.exists()
    assert_exact(FIRST, SECOND)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1, 3))
def test_two_rollups_at_once_count_everything_once(number: int) -> None:
    """The other one brings facts of its own, so that it changes every level under the feet of the first."""

    def work() -> None:
        arrive_late()
        rollup.drain(now=cast.NOON)

    cast.talk(FIRST)
    other = Elsewhere(work)
    with connection.execute_wrapper(At(number, other.begin)):
        rollup.drain(now=cast.NOON)
    other.join()
    if not other.has_begun:
        work()
    assert_exact(FIRST, *LATE)
