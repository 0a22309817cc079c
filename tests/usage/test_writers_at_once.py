"""Facts are committed late, out of order and many at once, while rollups run: each is counted, and once.

"Everything after the last id" loses some of them: an id is given long before it can be seen.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from threading import Condition
from zoneinfo import ZoneInfo

import pytest
from django.db import close_old_connections, connection, transaction

from conversations.events import GenerationFinished
from tests.usage import cast, exact
from tests.usage.cast import LI, NOON, WANG, ZHAO
from tests.usage.interference import PATIENCE_S, Before, Elsewhere, Held, at_once, killed_before
from tests.usage.mutating import in_code
from tests.usage.oracle import Ledger
from usage import recording, rollup
from usage.rollup import sums
from usage.rollup.drain import _run

pytestmark = pytest.mark.django_db(transaction=True)

Mutant = Callable[[], AbstractContextManager[None]]
PEOPLE = (LI, WANG, ZHAO, LI)
"""Of each writer: two of them are the same person, and the third shares the lane of the first."""
FIRST = cast.ending(cast.turn("first", who=LI))
ONE_OF_EACH = [cast.ending(cast.turn(f"one {writer}", who=who)) for writer, who in enumerate(PEOPLE)]
MANY = [
    [cast.ending(cast.turn(f"{writer} {n}", who=who, at=NOON + timedelta(minutes=7 * n))) for n in range(6)]
    for writer, who in enumerate(PEOPLE)
]
IN_THE_MIDDLE = 'INSERT INTO "usage_latencywindow"'
"""Of a window: its sums have been read."""


@pytest.fixture(autouse=True)
def _no_connections_left() -> Iterator[None]:
    yield
    close_old_connections()


def drained() -> None:
    rollup.drain(now=NOON)


def assert_exact(*talked: GenerationFinished) -> None:
    ledger = Ledger()
    for end in talked:
        ledger.accepted(end.turn)
        ledger.finished(end)
    rollup.drain_all(now=NOON)
    exact.assert_exact(ledger, ZoneInfo("Asia/Shanghai"))


def four_commit_after_later_ones_were_counted() -> None:
    """Each holds its facts across a rollup; who wrote first commits last."""
    cast.talk(FIRST)  # its marks are there when the others make theirs
    writers = [Held(partial(cast.talk, end)) for end in ONE_OF_EACH]
    for writer in writers:
        writer.begin()
    for writer in reversed(writers):
        drained()
        writer.commit()
    assert_exact(FIRST, *ONE_OF_EACH)


def one_commits_in_the_middle_of_a_window() -> None:
    cast.talk(FIRST)
    other = Elsewhere(partial(cast.talk, ONE_OF_EACH[1]))
    with connection.execute_wrapper(Before(IN_THE_MIDDLE, other.begin)):
        drained()
    other.join()
    assert_exact(FIRST, ONE_OF_EACH[1])


def a_worker_is_killed_in_the_middle_of_a_window() -> None:
    cast.talk(FIRST)
    assert killed_before(IN_THE_MIDDLE, drained)
    assert_exact(FIRST)


on_postgresql = pytest.mark.on_postgresql  # SQLite has one writer: nothing is committed while another is at work
STORIES = [
    pytest.param(four_commit_after_later_ones_were_counted, marks=on_postgresql),
    one_commits_in_the_middle_of_a_window,
    a_worker_is_killed_in_the_middle_of_a_window,
]
MARKS_GO = "    Mark.objects.filter(level=Level.WINDOW, **span).delete()\n"
MARKS_COME = "    put_marks([MarkKey(level, window) for level in ABOVE_WINDOWS"
IS_MARKED = "Mark.objects.filter(level=key.level, window_start=key.window_start, subject=key.subject).exists()"
MUTANTS = {
    "a_mark_that_is_there_is_not_made_again": pytest.param(
        partial(in_code, recording.put_marks, ("for key in keys]", f"for key in keys if not {IS_MARKED}]")),
        four_commit_after_later_ones_were_counted,
        marks=on_postgresql,
    ),
    "marks_are_deleted_last": pytest.param(
        partial(in_code, sums.recompute_windows, (MARKS_GO, ""), (MARKS_COME, MARKS_GO + MARKS_COME)),
        one_commits_in_the_middle_of_a_window,
        marks=on_postgresql,
    ),
    "a_key_is_not_one_transaction": pytest.param(
        partial(in_code, _run, ("with transaction.atomic():", "if True:")),
        a_worker_is_killed_in_the_middle_of_a_window,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_no_fact_is_lost(story: Callable[[], None]) -> None:
    story()


@pytest.mark.parametrize(("mutant", "story"), MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_loses_one(mutant: Mutant, story: Callable[[], None]) -> None:
    with mutant(), pytest.raises(AssertionError):
        story()


class Passes:
    """How many passes have ended, for those who wait for one that began after they wrote."""

    def __init__(self) -> None:
        self._ended, self._count, self._writers = Condition(), 0, len(MANY)

    def go_on(self) -> Iterator[None]:
        """For each worker: as long as there are writers."""
        while self._writers:
            yield
            with self._ended:
                self._count += 1
                self._ended.notify_all()

    def wait_for_two(self) -> None:
        """The first may have begun before."""
        with self._ended:
            wanted = self._count + 2
            assert self._ended.wait_for(lambda: self._count >= wanted, PATIENCE_S)

    def writer_is_done(self) -> None:
        with self._ended:
            self._writers -= 1


def test_four_writers_at_once_while_a_worker_drains() -> None:
    """On PostgreSQL each of them keeps every third of its facts across a whole pass."""
    passes = Passes()

    def write(endings: list[GenerationFinished]) -> None:
        try:
            for number, end in enumerate(endings):
                with transaction.atomic():
                    cast.talk(end)
                    if number % 3 == 1 and connection.vendor == "postgresql":
                        passes.wait_for_two()
        finally:
            passes.writer_is_done()

    def work() -> None:
        for _ in passes.go_on():
            drained()

    at_once(work, *(partial(write, endings) for endings in MANY))
    assert_exact(*(end for endings in MANY for end in endings))
