"""What comes for a sealed day is a line beside its numbers: never lost, never added to them, never counted twice."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from conversations.events import EngagementKind
from tests.usage import cast
from tests.usage.cast import NOON, WANG
from tests.usage.retention import DAY, rows, seal, three_days
from usage import rollup
from usage.models import EngagementEvent, LateAdjustment, Mark, TurnAccepted, UpstreamCall, UsageRecord

pytestmark = pytest.mark.django_db

ANSWER = cast.turn("day 0")
HALF_A_YEAR_LATER = NOON + 200 * DAY


@pytest.fixture(autouse=True)
def _sealed_friday() -> None:
    three_days()
    seal(until=NOON)


def lines() -> list[tuple[str, str, str]]:
    rollup.drain_all(now=NOON)
    return sorted(LateAdjustment.objects.values_list("fact_kind", "kind", "outcome"))


def test_a_whole_turn_is_a_line_for_each_of_its_facts_and_changes_no_number() -> None:
    before = rows()
    cast.talk(cast.ending(cast.turn("late", who=WANG)))
    assert lines() == [("call", "answer", ""), ("ending", "send", "completed"), ("turn", "send", "")]
    assert rows() == before


def test_its_line_keeps_what_it_was_about_and_what_it_cost() -> None:
    cast.talk(cast.ending(cast.turn("late", scenario="study")))
    lines()
    call = LateAdjustment.objects.get(fact_kind="call")
    assert (call.scenario, call.endpoint, call.cost_pico, call.currency) == ("study", "cloud", cast.CNY.pico, "CNY")
    assert (call.local_day, call.zone) == (NOON.date(), "Asia/Shanghai")


def test_a_late_fact_goes_when_it_has_its_line() -> None:
    cast.talk(cast.ending(cast.turn("late")))
    lines()
    for table in (TurnAccepted, UsageRecord, UpstreamCall):
        assert not table.objects.filter(window_start=NOON).exists()


def test_a_vote_on_an_answer_of_half_a_year_ago_is_a_line_of_its_day() -> None:
    before = rows()
    cast.engage(cast.vote(ANSWER, "down", at=HALF_A_YEAR_LATER, name="late"))
    assert lines() == [("engagement", "rated", "down")]
    assert LateAdjustment.objects.get().local_day == NOON.date()
    assert rows() == before


def test_a_repeat_of_a_late_fact_is_the_same_line() -> None:
    vote = cast.vote(ANSWER, "down", at=HALF_A_YEAR_LATER, name="late")
    cast.engage(vote)
    lines()
    cast.engage(vote)
    assert len(lines()) == 1
    assert not EngagementEvent.objects.filter(asked_window=NOON).exists()


def test_what_was_known_when_the_day_was_sealed_is_not_late() -> None:
    """Here the call that ran over midnight, which stays for the day it ran into."""
    cast.accept(cast.turn("late", at=NOON + timedelta(hours=11, minutes=58)))
    assert lines() == [("turn", "send", "")]


def test_a_late_call_that_runs_over_midnight_is_a_line_and_stays_for_the_next_day() -> None:
    turn = cast.turn("late", at=NOON + timedelta(hours=11, minutes=50))
    cast.end_calls(cast.call(turn, lasted=timedelta(minutes=20)))
    assert lines() == [("call", "answer", "")]
    assert UpstreamCall.objects.filter(call_of=turn.generation).exists()
    seal(until=NOON + DAY)
    assert not UpstreamCall.objects.filter(call_of=turn.generation).exists()
    assert len(lines()) == 1


def test_what_is_older_than_every_seal_is_late_too() -> None:
    cast.engage(cast.engagement(EngagementKind.SCENARIO_SEEN, at=NOON - 30 * DAY))
    assert lines() == [("engagement", "scenario_seen", "")]
    assert not Mark.objects.exists()


def test_a_line_says_nothing_of_its_person() -> None:
    columns = {field.name for field in LateAdjustment._meta.get_fields()}
    assert not columns & {"subject", "conversation", "generation", "answer"}


def test_a_rebuild_says_how_many_there_are() -> None:
    cast.accept(cast.turn("late"))
    out = StringIO()
    call_command("usage_rebuild", "--to=2026-11-20", stdout=out)
    assert out.getvalue().startswith("1 days are sealed and stay as they are; 1 facts came too late for them.\n")


def test_a_check_does_not_call_a_sealed_day_wrong() -> None:
    out = StringIO()
    call_command("usage_rebuild", "--check", stdout=out)
    sealed, summary = out.getvalue().splitlines()
    assert sealed == "1 days are sealed and stay as they are; 0 facts came too late for them."
    assert summary == "3 days, 0 not compared, 0 rows differ."
