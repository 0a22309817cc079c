"""Up to which moment the numbers are complete, and who finds out when they are not."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from tests.usage import cast
from tests.usage.cast import NOON
from usage import rollup
from usage.errors import RollupIncomplete
from usage.models import LatencyDay, LatencyWindow, Level, Mark, UsageDay
from usage.recording import MarkKey, put_marks
from usage.reports.snapshot import COMMIT, complete_through
from usage.rollup.rebuild import rebuild_day
from usage.tasks import drain_marks

pytestmark = pytest.mark.django_db

NOW = NOON + timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def test_nothing_is_complete_before_the_first_pass() -> None:
    assert complete_through(NOW) is None


def test_an_idle_ledger_is_complete_up_to_the_last_pass() -> None:
    rollup.drain(now=NOW)
    rollup.drain(now=NOW - QUARTER)  # a late worker with an older clock takes nothing back
    assert complete_through(NOW) == NOW - COMMIT


@pytest.mark.parametrize("level", list(Level))
def test_a_mark_at_any_level_holds_it_back_to_the_fact_that_made_it(level: Level) -> None:
    rollup.drain(now=NOW)
    put_marks([MarkKey(level, NOON + QUARTER, cast.LI if level is Level.PERSON else None)])
    assert complete_through(NOW) == NOON + QUARTER


def test_the_moment_of_a_fact_travels_through_the_levels() -> None:
    cast.talk(cast.ending(cast.turn("hello", at=NOON + QUARTER)))
    rollup.drain(now=NOW, budget_s=0)
    assert complete_through(NOW) is None
    assert set(Mark.objects.values_list("window_start", flat=True)) == {NOON + QUARTER}


def test_a_turn_that_has_not_ended_holds_it_back_until_it_has() -> None:
    turn = cast.turn("hello", at=NOON + timedelta(minutes=20))
    cast.accept(turn)
    rollup.drain(now=NOW)
    assert complete_through(NOW) == NOON + QUARTER
    cast.finish(cast.ending(turn))
    rollup.drain(now=NOW)
    assert complete_through(NOW) == NOW - COMMIT


def test_the_task_makes_facts_into_rows() -> None:
    cast.talk(cast.ending(cast.turn("hello")))
    drain_marks()
    assert UsageDay.objects.exists()
    assert not Mark.objects.exists()


def test_a_key_the_database_refuses_starves_no_other_and_is_not_kept_quiet() -> None:
    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if 'INSERT INTO "usage_latencyday"' in sql:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    cast.talk(cast.ending(cast.turn("hello")))
    with connection.execute_wrapper(refuse), pytest.raises(RollupIncomplete, match="latency day 2026-11-20"):
        rollup.drain(now=NOW)
    assert set(Mark.objects.values_list("level", flat=True)) == {Level.LATENCY_DAY}
    assert UsageDay.objects.exists()


def windows_kept() -> set[datetime]:
    return set(LatencyWindow.objects.values_list("window_start", flat=True))


def test_latency_by_windows_is_forgotten_after_35_days_and_by_days_never() -> None:
    old, kept = NOON - timedelta(days=35) - QUARTER, NOON - timedelta(days=35)
    cast.talk(*(cast.ending(cast.turn(str(at), at=at)) for at in (old, kept)))
    rollup.drain(now=NOON - timedelta(days=1))
    assert windows_kept() == {old, kept}
    rollup.drain(now=NOON)
    assert windows_kept() == {kept}
    assert LatencyDay.objects.filter(local_day=old.date()).exists()


def test_a_rebuild_makes_none_that_would_be_forgotten_and_all_others() -> None:
    old, kept = NOON - timedelta(days=35) - QUARTER, NOON - timedelta(days=35)
    cast.talk(*(cast.ending(cast.turn(str(at), at=at)) for at in (old, kept)))
    rollup.drain(now=NOON)
    LatencyWindow.objects.all().delete()
    rebuild_day(NOON.date() - timedelta(days=35))
    assert windows_kept() == {kept}


def test_nothing_is_forgotten_while_marks_wait() -> None:
    old = NOON - timedelta(days=36)
    cast.talk(cast.ending(cast.turn("old", at=old)))
    rollup.drain(now=old)
    cast.talk(cast.ending(cast.turn("new")))
    rollup.drain(now=NOON, budget_s=0)
    assert windows_kept() == {old}
