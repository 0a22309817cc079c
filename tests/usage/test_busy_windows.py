"""How busy an endpoint was: each call in every window it overlaps, and the most at one moment."""

from datetime import timedelta

import pytest

from conversations import events
from tests.usage import cast
from tests.usage.cast import NOON
from usage import rollup
from usage.models import BusyWindow, UpstreamCall
from usage.periods import WINDOW
from usage.rollup.sums import recompute_windows

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def call(name: str, start: timedelta, lasted: timedelta, *, endpoint: str = "cloud", error: str = "") -> None:
    made = cast.call(cast.turn(name), after=start, lasted=lasted, endpoint=endpoint, error=error)
    cast.end_calls(made)


def busy(endpoint: str = "cloud") -> dict[int, tuple[int, int, int, int]]:
    """busy ms, peak, calls, failed by the number of the window after noon."""
    rollup.drain_all(now=NOON)
    rows = BusyWindow.objects.filter(endpoint=endpoint).order_by("window_start")
    return {(row.window_start - NOON) // WINDOW: (row.busy_ms, row.peak, row.calls, row.failed) for row in rows}


def test_a_call_counts_in_every_window_for_the_time_it_overlaps_and_begins_in_one() -> None:
    call("long", WINDOW - 5 * SECOND, WINDOW + 7 * SECOND, error="stall")
    assert busy() == {0: (5000, 1, 1, 1), 1: (900_000, 1, 0, 0), 2: (2000, 1, 0, 0)}


def test_windows_are_half_open() -> None:
    call("until the end", timedelta(), WINDOW)
    assert busy() == {0: (900_000, 1, 1, 0)}
    assert UpstreamCall.objects.get().last_window == NOON


def test_who_ends_makes_room_for_who_begins_at_that_moment() -> None:
    call("one", timedelta(), SECOND)
    call("two", SECOND, SECOND)
    call("three", 1.5 * SECOND, SECOND)
    assert busy() == {0: (3000, 2, 3, 0)}


def test_one_that_runs_over_from_before_counts_in_the_peak() -> None:
    call("before", WINDOW - SECOND, 2 * SECOND)
    call("after", WINDOW, SECOND)
    assert busy()[1] == (2000, 2, 1, 0)


def test_a_rebuild_of_everything_has_the_call_that_runs_into_a_day_without_other_facts() -> None:
    call("over midnight", timedelta(hours=12) - SECOND, 3 * SECOND)
    before = busy()
    BusyWindow.objects.all().delete()
    rollup.mark_days(rollup.recorded_days())
    assert busy() == before
    assert len(before) == 2


def test_parts_of_milliseconds_add_up_to_the_whole_call() -> None:
    call("odd", timedelta(microseconds=700), 2 * WINDOW + timedelta(microseconds=1600))
    assert sum(ms for ms, *_ in busy().values()) == 1_800_002


def test_a_call_that_took_no_time_is_a_call() -> None:
    call("refused", timedelta(), timedelta(), error="connect")
    assert busy() == {0: (0, 0, 1, 1)}


def test_endpoints_do_not_wait_for_each_other() -> None:
    call("one", timedelta(), SECOND)
    call("two", timedelta(), SECOND, endpoint="own")
    assert (busy()[0][1], busy("own")[0][1]) == (1, 1)


def test_a_late_call_changes_every_window_it_was_busy_in() -> None:
    call("one", WINDOW, SECOND)
    assert busy() == {1: (1000, 1, 1, 0)}
    call("late", WINDOW - SECOND, 2 * SECOND)
    assert busy() == {0: (1000, 1, 1, 0), 1: (2000, 2, 1, 0)}


def test_a_window_is_the_same_alone_and_in_a_day() -> None:
    call("long", WINDOW - SECOND, 2 * WINDOW)
    alone = busy()
    recompute_windows(NOON, NOON + 4 * WINDOW)
    assert busy() == alone


def test_the_attempts_of_one_generation_are_calls() -> None:
    turn = cast.turn("hello")
    attempts = [cast.call(turn, attempt=n, error="connect" if n < 3 else "") for n in (1, 2, 3)]
    events.generation_finished.send(sender=None, events=[cast.ending(turn, calls=attempts)])
    assert busy() == {0: (12_000, 3, 3, 2)}
