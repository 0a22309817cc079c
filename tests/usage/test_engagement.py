"""What people do besides asking: each once, in its transaction, counted where the answer was asked for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from conversations import events
from conversations.events import EngagementKind
from tests.database import of_few_rows
from tests.usage import cast
from tests.usage.cast import LI, NOON, WANG
from usage import recording, rollup
from usage.errors import FactIsImmutable
from usage.models import EngagementEvent, Level, Mark, Source, UsageDay, UsageWindow, UserDay
from usage.reports.query import UsageQuery
from usage.reports.usage_by_day import usage_by_day
from usage.rollup.answers import HORIZON

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THREE_DAYS_LATER = NOON + HORIZON + DAY
TURN = cast.turn("hello")


def counts(*names: str) -> tuple[int, ...]:
    """Of the one group of answers there is."""
    rollup.drain(now=THREE_DAYS_LATER)
    row = UsageDay.objects.get(source=Source.ANSWERED)
    return tuple(getattr(row, name) for name in names)


# --- recorded ---------------------------------------------------------------------------------------------------------


def test_usage_hears_of_them_alone_with_a_turn_and_with_an_ending() -> None:
    started = cast.engagement(EngagementKind.CONVERSATION_STARTED)
    stopped = cast.engagement(EngagementKind.STOPPED, about=TURN, value="after_first")
    events.turn_accepted.send(sender=None, events=[events.TurnAccepted(turn=TURN, engagements=(started,))])
    ended = replace(cast.ending(TURN, outcome="stopped"), engagements=(stopped,))
    events.generation_finished.send(sender=None, events=[ended])
    events.engaged.send(sender=None, events=[cast.vote(TURN, "down")])
    assert set(EngagementEvent.objects.values_list("kind", "value")) == {
        ("conversation_started", ""),
        ("stopped", "after_first"),
        ("rated", "down"),
    }


def test_a_signal_has_the_group_of_the_turn_that_asked_for_its_answer() -> None:
    turn = cast.turn("hello", scenario="study", model="own-8b", channel="api", is_internal=True)
    cast.engage(cast.engagement(EngagementKind.COPIED, about=turn, scenario="writing", is_internal=False))
    fact = EngagementEvent.objects.get()
    assert (fact.scenario, fact.model, fact.channel, fact.is_internal) == ("study", "own-8b", "api", True)
    assert (fact.answer, fact.asked_at, fact.asked_window) == (turn.answer, NOON, NOON)


def test_a_repeat_is_the_same_fact_for_one_person_only() -> None:
    seen = cast.engagement(EngagementKind.SCENARIO_SEEN, who=LI)
    cast.engage(seen)
    cast.engage(seen, replace(seen, subject=WANG))
    assert sorted(EngagementEvent.objects.values_list("subject", flat=True)) == [LI, WANG]


def test_a_signal_days_later_marks_the_window_and_the_day_of_the_answer() -> None:
    cast.engage(cast.vote(TURN, "up", at=NOON + 2 * DAY))
    assert set(Mark.objects.values_list("level", "window_start", "subject")) == {
        (Level.WINDOW, NOON, None),
        (Level.PERSON, NOON, LI),
    }


def test_what_is_about_no_answer_marks_its_own_window() -> None:
    cast.engage(cast.engagement(EngagementKind.CONVERSATION_STARTED, at=NOON + DAY))
    assert set(Mark.objects.values_list("level", "window_start", "subject")) == {(Level.WINDOW, NOON + DAY, None)}


@pytest.mark.parametrize(
    "kind", [EngagementKind.SCENARIO_SEEN, EngagementKind.SCENARIO_CHOSEN, EngagementKind.ACQUIRED]
)
def test_what_is_about_a_person_marks_their_day_too(kind: EngagementKind) -> None:
    cast.engage(cast.engagement(kind, at=NOON + DAY, value="spring"))
    assert set(Mark.objects.values_list("level", "window_start", "subject")) == {
        (Level.WINDOW, NOON + DAY, None),
        (Level.PERSON, NOON + DAY, LI),
    }


def test_it_is_never_changed_nor_deleted() -> None:
    cast.engage(cast.vote(TURN, "up"))
    fact = EngagementEvent.objects.get()
    for change in (fact.save, fact.delete, EngagementEvent.objects.all().delete):
        with pytest.raises(FactIsImmutable):
            change()


@pytest.mark.parametrize("people", [1, 20])
def test_a_batch_costs_two_statements(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch = [cast.vote(cast.turn(str(n)), "up") for n in range(people)]
    with django_assert_num_queries(2 if people > 1 else of_few_rows(2)):  # facts, marks
        recording.on_engaged(events=batch)


# --- counted ----------------------------------------------------------------------------------------------------------


def test_the_latest_vote_counts_and_one_taken_back_does_not() -> None:
    cast.talk(cast.ending(TURN))
    votes = [
        cast.vote(TURN, value, at=NOON + timedelta(hours=n), name=str(n)) for n, value in enumerate(("up", "down"))
    ]
    cast.engage(*reversed(votes))
    assert counts("rated_up", "rated_down") == (0, 1)
    cast.engage(cast.vote(TURN, "", at=NOON + 3 * DAY, name="back"))
    assert counts("rated_up", "rated_down", "unsatisfied") == (0, 0, 1)  # the verdict has stood for days


def test_what_is_said_of_an_answer_that_nobody_saw_is_in_no_rate() -> None:
    """Asking anew after a failure, above all: of two answers shown, two were asked for anew, and not three."""
    turns = [cast.turn(name) for name in ("seen", "seen too", "failed")]
    seen, too, failed = turns
    cast.talk(cast.ending(seen), cast.ending(too), cast.ending(failed, outcome="failed", visible_characters=0))
    for turn in turns:
        cast.engage(cast.engagement(EngagementKind.REGENERATED, about=turn), cast.vote(turn, "down"))
        cast.engage(*(cast.engagement(kind, about=turn) for kind in (EngagementKind.COPIED, EngagementKind.SHARED)))
    assert counts("shown", "regenerated", "rated_down", "copied", "shared") == (2, 2, 2, 2, 2)
    assert counts("answers", "unsatisfied") == (3, 3)


def test_an_answer_copied_twice_is_one_answer_copied() -> None:
    cast.talk(cast.ending(TURN))
    cast.engage(*(cast.engagement(EngagementKind.COPIED, about=TURN, name=name) for name in "12"))
    assert counts("answers", "copied", "satisfied_strict") == (1, 1, 1)


def test_going_on_with_an_answer_makes_no_second_one() -> None:
    cast.talk(cast.ending(TURN), cast.ending(cast.turn("more", goes_on_with="hello", kind=events.TurnKind.CONTINUE)))
    cast.engage(cast.vote(TURN, "up"))
    assert counts("answers", "rated_up") == (1, 1)


@pytest.mark.parametrize(
    ("characters", "expected"), [(0, (0, 1, 0, 1)), (1, (1, 0, 1, 1)), (199, (1, 0, 1, 1)), (200, (1, 0, 0, 0))]
)
def test_stopped_before_the_first_word_is_given_up_and_soon_after_is_cut_short(
    characters: int, expected: tuple[int, ...]
) -> None:
    cast.talk(cast.ending(TURN, outcome="stopped", visible_characters=characters))
    assert counts("shown", "abandoned", "stopped_early", "unsatisfied") == expected


@pytest.mark.parametrize(
    ("likeness", "after_its_end", "verdict"),
    [
        (1000, timedelta(seconds=119), (0, 1)),
        (600, timedelta(seconds=119), (0, 1)),
        (1000, timedelta(seconds=120), (0, 0)),
        (599, timedelta(seconds=1), (1, 0)),
        (0, timedelta(hours=71), (1, 0)),
        (0, timedelta(hours=73), (0, 0)),
    ],
)
def test_a_next_question_tells_whether_it_says_the_same_again(
    likeness: int, after_its_end: timedelta, verdict: tuple[int, int]
) -> None:
    end = cast.ending(TURN)
    cast.talk(end)
    cast.engage(cast.follow_up(TURN, likeness, at=end.finished_at + after_its_end))
    assert counts("satisfied_broad", "unsatisfied") == verdict


def test_an_answer_is_judged_by_what_was_said_of_it_in_three_days() -> None:
    cast.talk(cast.ending(TURN))
    cast.engage(cast.vote(TURN, "up", at=NOON + HORIZON))
    assert counts("rated_up", "satisfied_strict") == (1, 0)
    cast.engage(cast.vote(TURN, "up", at=NOON + HORIZON - timedelta(microseconds=1), name="in time"))
    assert counts("rated_up", "satisfied_strict") == (1, 1)


def test_a_person_has_satisfied_answers_on_the_day_they_asked() -> None:
    cast.talk(cast.ending(TURN))
    cast.engage(cast.vote(TURN, "up", at=NOON + DAY))
    rollup.drain(now=THREE_DAYS_LATER)
    assert list(UserDay.objects.values_list("local_day", "satisfied")) == [(date(2026, 11, 20), 1)]


def test_what_people_see_and_choose_is_counted_when_they_do() -> None:
    cast.engage(
        *(cast.engagement(EngagementKind.SCENARIO_SEEN, name=name) for name in "12"),
        cast.engagement(EngagementKind.SCENARIO_CHOSEN),
        cast.engagement(EngagementKind.CONVERSATION_STARTED),
    )
    rollup.drain(now=NOON)
    row = UsageWindow.objects.get(source=Source.VISITED)
    assert (row.window_start, row.scenario, row.model) == (NOON, "writing", "")
    assert (row.scenarios_seen, row.scenarios_chosen, row.conversations) == (2, 1, 1)


# --- reported ---------------------------------------------------------------------------------------------------------


def test_a_verdict_is_pending_until_its_three_days_are_over() -> None:
    cast.talk(cast.ending(TURN))
    cast.engage(cast.vote(TURN, "up"), cast.engagement(EngagementKind.SCENARIO_SEEN))
    friday = UsageQuery(first_day=date(2026, 11, 20), last_day=date(2026, 11, 20))
    midnight = NOON + timedelta(hours=12)
    for now, satisfied in ((midnight + HORIZON, None), (midnight + HORIZON + timedelta(minutes=1), 1)):
        rollup.drain(now=now)
        report = usage_by_day(friday, now=now)
        (row,) = report.days[0].rows
        assert (row.measures.rated_up, row.measures.satisfied_strict) == (1, satisfied)
        assert report.total.measures.satisfied_strict == satisfied
        assert report.total.measures.quality_unknown == (None if satisfied is None else 0)
