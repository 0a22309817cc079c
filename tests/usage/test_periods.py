from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.usage.histories import zones
from usage.periods import day_bounds, day_of, window_of, windows_between

moments = st.integers(0, 4 * 365 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(moment=moments, zone=zones)
def test_a_moment_lies_within_its_local_day(moment: datetime, zone: ZoneInfo) -> None:
    start, end = day_bounds(day_of(moment, zone), zone)
    assert start <= moment < end


@given(moment=moments, zone=zones)
def test_a_window_lies_in_one_local_day(moment: datetime, zone: ZoneInfo) -> None:
    window = window_of(moment)
    assert window <= moment < window + timedelta(minutes=15)
    assert day_of(window, zone) == day_of(moment, zone)


def test_a_day_on_which_clocks_go_back_has_25_hours() -> None:
    start, end = day_bounds(date(2026, 11, 1), ZoneInfo("America/New_York"))
    assert end - start == timedelta(hours=25)


def test_a_midnight_that_clocks_skip_begins_where_they_jump() -> None:
    start, end = day_bounds(date(2026, 9, 6), ZoneInfo("America/Santiago"))
    assert (start, end - start) == (datetime(2026, 9, 6, 4, tzinfo=UTC), timedelta(hours=23))


def test_a_day_that_was_skipped_altogether_is_empty() -> None:
    start, end = day_bounds(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    assert start == end


def test_a_call_overlaps_every_window_it_was_busy_in_and_not_the_one_it_ended_at() -> None:
    start = datetime(2026, 11, 20, 4, 14, 59, tzinfo=UTC)
    window = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    quarter = timedelta(minutes=15)
    assert list(windows_between(start, window + 2 * quarter)) == [window, window + quarter]
    assert list(windows_between(window, window)) == [window]
