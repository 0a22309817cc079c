"""Raw facts go after their time, by whole days, and not a number changes by it."""

import pytest

from tests.usage import cast
from tests.usage.cast import NOON
from tests.usage.retention import DAY, due, fact_days, rows, seal, three_days
from usage import rollup
from usage.models import Level, Mark, Seal, TurnAccepted, UpstreamCall, UsageDay, UserDay
from usage.recording import MarkKey, put_marks
from usage.rollup import sealing

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY = (NOON.date() + number * DAY for number in range(3))


@pytest.fixture(autouse=True)
def _history() -> None:
    three_days()


def test_a_day_stays_until_its_time_is_over() -> None:
    assert seal(until=NOON - DAY) == sealing.Purged(days=0, rows=0, is_waiting=False)
    assert seal(until=NOON).days == 1
    assert list(Seal.objects.values_list("local_day", flat=True)) == [FRIDAY]


def test_rows_are_the_same_byte_for_byte_before_and_after() -> None:
    before = rows()
    seal(until=NOON + DAY)
    rollup.drain_all(now=NOON)
    assert rows() == before


def test_only_the_facts_of_sealed_days_go() -> None:
    seal(until=NOON)
    assert fact_days() == {
        "TurnAccepted": {SATURDAY, SUNDAY},
        "UsageRecord": {SATURDAY, SUNDAY},
        "UpstreamCall": {FRIDAY, SATURDAY, SUNDAY},
        "EngagementEvent": {SUNDAY, SUNDAY + DAY},
    }


def test_a_call_that_ran_over_midnight_stays_for_the_day_it_ran_into() -> None:
    seal(until=NOON)
    assert UpstreamCall.objects.filter(local_day=FRIDAY).count() == 1
    seal(until=NOON + DAY)
    assert not UpstreamCall.objects.filter(local_day__lte=SATURDAY).exists()


def test_a_rebuild_of_everything_leaves_a_sealed_day_as_it_is() -> None:
    before = rows()
    seal(until=NOON)
    rollup.mark_days(rollup.recorded_days())
    rollup.drain_all(now=NOON)
    assert rows() == before


def test_marks_put_on_a_sealed_day_by_hand_change_nothing_and_do_not_stay() -> None:
    before = rows()
    seal(until=NOON)
    put_marks(MarkKey(level, NOON, cast.LI if level is Level.PERSON else None) for level in Level)
    rollup.drain_all(now=NOON)
    assert rows() == before
    assert not Mark.objects.exists()


@pytest.mark.parametrize("level", list(Level))
def test_a_mark_that_waits_keeps_the_facts(level: Level) -> None:
    put_marks([MarkKey(level, NOON, cast.LI if level is Level.PERSON else None)])
    assert seal(until=NOON) == sealing.Purged(days=0, rows=0, is_waiting=True)
    assert TurnAccepted.objects.filter(local_day=FRIDAY).exists()


def test_days_are_sealed_in_order_and_each_once() -> None:
    first = seal(until=NOON + DAY)
    assert (first.days, first.is_waiting) == (2, False)
    assert seal(until=NOON + DAY) == sealing.Purged(days=0, rows=0, is_waiting=False)
    seals = list(Seal.objects.order_by("ends_at").values_list("starts_at", "ends_at"))
    assert seals[0][1] == seals[1][0]


def test_days_without_facts_are_sealed_too() -> None:
    assert seal(until=NOON + 9 * DAY).days == 10
    assert Seal.objects.filter(facts=0).count() == 7


def test_time_that_is_up_stops_between_two_days() -> None:
    answers = iter([True, False])
    purged = sealing.seal_days(now=due(NOON + DAY), keep_days=180, goes_on=lambda: next(answers))
    assert (purged.days, purged.is_waiting) == (1, True)


def test_nothing_is_sealed_where_nothing_happened() -> None:
    assert sealing.seal_days(now=NOON - 400 * DAY, keep_days=180).days == 0


def test_what_was_counted_from_people_who_are_purged_is_never_counted_again() -> None:
    seal(until=NOON + DAY)
    sealing.purge_people(now=NOON + 401 * DAY, keep_days=400)
    before = rows()
    put_marks(MarkKey(level, NOON) for level in Level if level > Level.PERSON)
    rollup.drain_all(now=NOON)
    assert rows() == before
    assert not Mark.objects.exists()


def test_people_go_later_and_only_from_sealed_days() -> None:
    long_after = NOON + 401 * DAY
    assert sealing.purge_people(now=long_after, keep_days=400).days == 0
    seal(until=NOON + DAY)
    days_before = list(UsageDay.objects.values_list().order_by("local_day"))
    purged = sealing.purge_people(now=long_after, keep_days=400)
    assert purged.days == 1
    assert purged.rows
    assert min(UserDay.objects.values_list("local_day", flat=True)) == SATURDAY
    assert list(UsageDay.objects.values_list().order_by("local_day")) == days_before
