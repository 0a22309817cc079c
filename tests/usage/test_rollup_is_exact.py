"""Incremental = rebuilt = oracle: in any order, late, repeated, looked at in between, in any zone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from tests.usage import cast, written
from tests.usage.conftest import empty_ledger
from tests.usage.exact import assert_exact, lived
from tests.usage.histories import Story, over_weeks, stories, zones
from usage import rollup
from usage.models import Level, Mark, Source, UsageWindow, UserDay
from usage.recording import MarkKey, put_marks
from usage.rollup.sums import recompute_windows

pytestmark = pytest.mark.django_db

# A rebuild does everything twice.
rebuilt = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
exactly = settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(story=stories(turns=9, when=over_weeks, seen=6))
@exactly
def test_every_rollup_is_so_over_weeks(story: Story) -> None:
    with empty_ledger(story.zone):
        assert_exact(lived(story), story.zone)


@given(story=stories())
@exactly
def test_every_rollup_is_what_the_oracle_says(story: Story) -> None:
    with empty_ledger(story.zone):
        assert_exact(lived(story), story.zone)


@given(story=stories(turns=5))
@rebuilt
def test_a_rebuild_gives_the_same_rows_byte_for_byte(story: Story) -> None:
    with empty_ledger(story.zone):
        lived(story)
        incremental = written.everything()
        rollup.mark_days(rollup.recorded_days())
        rollup.drain_all(now=story.start)
        assert written.everything() == incremental


@given(story=stories(turns=5))
@rebuilt
def test_a_rebuild_replaces_whatever_is_there(story: Story) -> None:
    with empty_ledger(story.zone):
        ledger = lived(story)
        UsageWindow.objects.update(turns=77, cost_units=5)
        UserDay.objects.update(valued=99)
        rollup.mark_days(rollup.recorded_days())
        rollup.drain_all(now=story.start)
        assert_exact(ledger, story.zone)


@given(story=stories(turns=5), after=zones)
@rebuilt
def test_a_new_reporting_zone_takes_a_rebuild_and_nothing_else(story: Story, after: ZoneInfo) -> None:
    with empty_ledger(story.zone):
        ledger = lived(story)
        with empty_ledger(after):
            rollup.mark_days(rollup.recorded_days())
            rollup.drain_all(now=story.start)
            assert_exact(ledger, after)


def test_a_turn_with_an_end_in_another_model_counts_in_both() -> None:
    """The router may answer with another model than the one that was asked."""
    zone = ZoneInfo("Asia/Shanghai")
    asked, answered = cast.turn("1", model="qwen-plus"), cast.turn("1", model="own-8b")
    cast.accept(asked)
    cast.finish(cast.ending(answered))
    rollup.drain(now=cast.NOON)
    counts = {key[3]: counts for key, counts in written.user_days().items()}
    assert counts == {"qwen-plus": (1, 0, 0), "own-8b": (0, 1, 0)}
    assert written.people_days()[cast.NOON.astimezone(zone).date(), "total", "", "", ""] == (1, 1, 1, 1, 1, 1)


def test_recomputing_a_window_touches_no_neighbour() -> None:
    quarter = timedelta(minutes=15)
    cast.talk(*(cast.ending(cast.turn(str(n), at=cast.NOON + n * quarter)) for n in (-1, 0, 1)))
    rollup.drain(now=cast.NOON)
    UsageWindow.objects.update(valued=77)
    put_marks(MarkKey(Level.WINDOW, cast.NOON + n * quarter) for n in (-1, 0, 1))
    recompute_windows(cast.NOON, cast.NOON + quarter)
    repaired = UsageWindow.objects.filter(source=Source.ENDED).exclude(valued=77)
    assert set(repaired.values_list("window_start", flat=True)) == {cast.NOON}
    marked = Mark.objects.filter(level=Level.WINDOW).values_list("window_start", flat=True)
    assert sorted(marked) == [cast.NOON - quarter, cast.NOON + quarter]


def test_windows_on_both_sides_of_midnight_mark_both_days() -> None:
    """Windows next to each other are recomputed together, and midnight is between two of them."""
    midnight = cast.NOON + timedelta(hours=12)
    cast.talk(*(cast.ending(cast.turn(str(n), at=midnight + n * timedelta(minutes=1))) for n in (-1, 1)))
    rollup.drain(now=midnight)
    answered = {key[0]: row["turns"] for key, row in written.usage_days().items() if key[1] == "accepted"}
    assert answered == {cast.NOON.date(): 1, cast.NOON.date() + timedelta(days=1): 1}
