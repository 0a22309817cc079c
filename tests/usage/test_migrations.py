"""What is counted since a migration is counted of the days before it, too."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from conversations.events import EngagementKind, Tokens, TokenSource
from tests.usage import cast, written
from tests.usage.cast import LI, NOON, WANG
from tests.usage.retention import KEEP, due, seal, three_days
from usage import rollup
from usage.models import (
    CallDay,
    CohortCost,
    ConversationDay,
    CountedSince,
    LatencyDay,
    LifecycleDay,
    Mark,
    PeopleDay,
    ReturnDay,
    UsageDay,
    UsageRecord,
    UsageWindow,
)
from usage.rollup import sealing

pytestmark = pytest.mark.django_db


def counted_again(migration: str) -> None:
    import_module(f"usage.migrations.{migration}").have_counted(apps, connection.SchemaEditorClass(connection))
    assert Mark.objects.exists()
    rollup.drain_all(now=NOON)


def test_costs_of_cohorts_the_top_hundredth_and_who_was_satisfied_twice() -> None:
    for days in (0, 1):
        turn = cast.turn(str(days), at=NOON - timedelta(days=days))
        cast.talk(cast.ending(turn))
        cast.engage(cast.vote(turn, "up"))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    CohortCost.objects.all().delete()
    PeopleDay.objects.update(top_turns=None, top_turns_all=None)
    LifecycleDay.objects.update(satisfied_twice=None)

    counted_again("0005_cohort_costs")
    assert written.everything() == counted


def test_what_came_after_calls() -> None:
    turn = cast.turn("hello")
    calls = [cast.call(turn, error="stall"), cast.call(turn, attempt=2, endpoint="own")]
    cast.talk(cast.ending(turn, calls=calls))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    CallDay.objects.all().delete()
    counted_again("0006_call_days")
    assert written.everything() == counted


def test_how_deep_conversations_went() -> None:
    for days in (0, 1, 40):
        cast.talk(cast.ending(cast.turn(str(days), within="a talk", at=NOON - timedelta(days=days))))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    ConversationDay.objects.all().delete()
    counted_again("0009_conversations")
    assert written.everything() == counted
    assert not CountedSince.objects.exists()


def test_what_sealed_days_have_nothing_of_is_counted_since_the_day_after_them() -> None:
    """Of conversations, calls (read with the day before) and speed: as after an upgrade over all of them."""
    three_days()
    seal(until=NOON)
    for rows in (ConversationDay.objects.all(), CallDay.objects.all(), LatencyDay.objects.filter(measure="speed")):
        rows.delete()
    counted_again("0009_conversations")
    saturday, sunday = (NOON.date() + timedelta(days=days) for days in (1, 2))
    since = {"conversations": saturday, "speed": saturday, "calls": sunday}
    assert dict(CountedSince.objects.values_list("what", "local_day")) == since
    assert set(ConversationDay.objects.values_list("local_day", flat=True)) == {saturday, sunday}


def test_what_was_counted_before_days_were_sealed_is_counted_from_the_beginning() -> None:
    three_days()
    seal(until=NOON)
    counted_again("0009_conversations")
    assert [since.what for since in CountedSince.objects.all()] == ["conversations"]


def test_whose_turns_and_answers_they_were() -> None:
    for number, who in enumerate((LI, WANG)):
        cast.talk(cast.ending(cast.turn(str(number), who=who, at=NOON + number * timedelta(minutes=15))))
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=WANG, value="spring"))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    for rows in (UsageWindow, UsageDay, LatencyDay):
        assert rows.objects.filter(organic=False).exists()
    UsageWindow.objects.update(organic=True)
    for rows in (UsageDay, LatencyDay):
        rows.objects.filter(organic=False).delete()
    counted_again("0010_organic")
    assert written.everything() == counted
    assert not CountedSince.objects.exists()


def test_of_sealed_days_it_is_not_known_whose_they_were() -> None:
    three_days()
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=WANG, value="spring"))
    rollup.drain_all(now=NOON)
    seal(until=NOON)
    counted_again("0010_organic")
    assert dict(CountedSince.objects.values_list("what", "local_day")) == {"organic": NOON.date() + timedelta(days=1)}


def test_who_came_back_after_how_many_days() -> None:
    for days in (0, 1, 40):
        cast.talk(cast.ending(cast.turn(str(days), at=NOON - timedelta(days=days))))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    ReturnDay.objects.all().delete()
    counted_again("0011_returns")
    assert written.everything() == counted


def test_people_of_ranges_are_added_since_the_day_from_which_there_are_user_days() -> None:
    three_days()
    seal(until=NOON)
    sealing.purge_people(now=due(NOON), keep_days=KEEP)
    ReturnDay.objects.all().delete()
    counted_again("0011_returns")
    saturday, sunday = (NOON.date() + timedelta(days=days) for days in (1, 2))
    assert dict(CountedSince.objects.values_list("what", "local_day")) == {"people": saturday}
    assert set(ReturnDay.objects.values_list("local_day", flat=True)) == {saturday, sunday}


def test_how_fast_answers_were_written() -> None:
    """From less than a token in ten seconds up to what no model can."""
    for number, (tokens, ms) in enumerate([(1, 11_000), (1, 9_000), (0, 900), (333, 10_000), (9_999, 1)]):
        used = Tokens(input_uncached=1, output_visible=tokens, source=TokenSource.REPORTED)
        cast.talk(cast.ending(cast.turn(str(number)), tokens=used, first_token_ms=5, duration_ms=5 + ms))
    rollup.drain_all(now=NOON)
    counted, buckets = written.everything(), speed_buckets()
    assert len(set(buckets)) == 4
    UsageRecord._base_manager.update(speed_bucket=None)
    LatencyDay.objects.filter(measure=LatencyDay.Measure.SPEED).delete()
    counted_again("0007_speed")
    assert speed_buckets() == buckets
    assert written.everything() == counted


def speed_buckets() -> list[int | None]:
    return list(UsageRecord.objects.order_by("pk").values_list("speed_bucket", flat=True))


def test_of_answers_that_nobody_saw_nothing_is_said() -> None:
    turn = cast.turn("hello")
    cast.talk(cast.ending(turn, outcome="failed", visible_characters=0))
    cast.engage(cast.engagement(EngagementKind.REGENERATED, about=turn))
    rollup.drain_all(now=NOON)
    counted = written.everything()
    answered = UsageWindow.objects.filter(answers=1)
    assert [row.regenerated for row in answered] == [0]
    answered.update(regenerated=1)
    counted_again("0012_of_answers_shown")
    assert written.everything() == counted


def test_what_was_said_of_answers_of_sealed_days_stays() -> None:
    three_days()
    UsageWindow.objects.filter(answers=1).update(shown=0, rated_up=1)
    seal(until=NOON + timedelta(days=1))
    import_module("usage.migrations.0012_of_answers_shown").have_counted(apps, None)
    assert {mark.window_start for mark in Mark.objects.all()} == {NOON + 2 * timedelta(days=1)}
