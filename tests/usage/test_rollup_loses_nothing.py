"""A fact committed while a rollup runs, and a rollup killed while it runs: at every single statement."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import close_old_connections, connection, connections

from conversations.events import GenerationFinished
from tests.usage import cast, oracle, written
from tests.usage.cast import LI, WANG
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import Mark, RollupScan

pytestmark = pytest.mark.django_db(transaction=True)

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = cast.ending(cast.turn("first", who=LI))
SECOND = cast.ending(cast.turn("second", who=WANG))
SAME_PERSON = cast.ending(cast.turn("third", who=LI))
STATEMENTS = 48
"""More than one pass of a drain has over one window; past its end the intruder simply comes afterwards."""


class Killed(BaseException):
    """Not an Exception: nothing may catch it, as nothing catches SIGKILL."""


class At:
    """An execute wrapper that acts once, before the n-th statement of the connection it wraps."""

    def __init__(self, number: int, act: Callable[[], None]) -> None:
        self._left = number
        self._act = act

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self._act()
        return execute(sql, params, many, context)


class Elsewhere:
    """Another process, as far as the database can tell: a thread with a connection of its own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self._work()
        connections.close_all()

    def begin(self) -> None:
        """PostgreSQL lets it commit in between; on SQLite it has to wait for the transaction that is open."""
        self._thread.start()
        if connection.vendor == "postgresql" or not connection.in_atomic_block:
            self.join()

    def join(self) -> None:
        if self._thread.ident:
            self._thread.join()


@pytest.fixture(autouse=True)
def _no_connections_left() -> Iterator[None]:
    yield
    close_old_connections()


def assert_exact(*talked: GenerationFinished) -> None:
    ledger = Ledger()
    for end in talked:
        ledger.accepted(end.turn)
        ledger.finished(end)
    rollup.drain_all(now=cast.NOON)
    assert not Mark.objects.exists()
    assert written.usage_days() == oracle.usage_rows(ledger, partial(oracle.day_of, zone=SHANGHAI))
    assert written.latency_days() == oracle.latency_rows(ledger, SHANGHAI)
    assert written.user_days() == oracle.user_days(ledger, SHANGHAI)
    assert written.people_days() == oracle.people_days(ledger, SHANGHAI)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1))
def test_a_fact_committed_while_a_rollup_runs_is_never_lost(number: int) -> None:
    cast.talk(FIRST)
    intruder = Elsewhere(lambda: cast.talk(SECOND, SAME_PERSON))
    with connection.execute_wrapper(At(number, intruder.begin)):
        rollup.drain(now=cast.NOON)
    intruder.join()
    if not intruder._thread.ident:
        cast.talk(SECOND, SAME_PERSON)
    assert_exact(FIRST, SECOND, SAME_PERSON)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1))
def test_a_rollup_killed_anywhere_is_exact_when_run_again(number: int) -> None:
    def die() -> None:
        raise Killed

    cast.talk(FIRST, SECOND)
    try:
        with connection.execute_wrapper(At(number, die)):
            rollup.drain(now=cast.NOON)
    except Killed:
        assert Mark.objects.exists() or not RollupScan.objects.exists()
    assert_exact(FIRST, SECOND)


@pytest.mark.parametrize("number", range(1, STATEMENTS + 1, 3))
def test_two_rollups_at_once_count_everything_once(number: int) -> None:
    cast.talk(FIRST, SECOND)
    other = Elsewhere(partial(rollup.drain, now=cast.NOON))
    with connection.execute_wrapper(At(number, other.begin)):
        rollup.drain(now=cast.NOON)
    other.join()
    assert_exact(FIRST, SECOND)
