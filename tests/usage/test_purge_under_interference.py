"""A purge or an erasure that is killed, that is not alone, or that a fact comes across: at every single statement.

Where it is the purge that comes across a rollup, at every eighth of that one's.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import close_old_connections, connection
from pytest_django import DjangoAssertNumQueries

from tests.usage import cast
from tests.usage.cast import LI, NOON, WANG
from tests.usage.interference import At, Elsewhere, killed_at
from tests.usage.retention import DAY, FACTS, KEEP, due, rows
from usage import erasure, rollup
from usage.models import Erasure, LateAdjustment, Seal, TurnAccepted, UsageDay, UserDay
from usage.rollup import sealing
from usage.rollup.sealing import Purged

pytestmark = pytest.mark.django_db(transaction=True)

FRIDAY = cast.ending(cast.turn("friday", who=LI))
SATURDAY = cast.ending(cast.turn("saturday", who=WANG, at=NOON + DAY))
LATE = cast.ending(cast.turn("late", who=WANG))
STATEMENTS = {"seal_friday": 31, "purge_people": 12, "remove_li": 26, "rollup": 210}
"""What each takes on PostgreSQL, and more: past its end the intruder simply comes afterwards."""
if connection.vendor == "sqlite":  # no locks to be taken one by one
    STATEMENTS |= {"seal_friday": 17, "purge_people": 8}


def at_every_statement_of(work: str, *, step: int = 1) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("number", range(1, STATEMENTS[work] + 1, step))


@pytest.fixture(autouse=True)
def _history() -> Iterator[None]:
    cast.talk(FRIDAY, SATURDAY)
    cast.engage(cast.vote(FRIDAY.turn, "up"))
    rollup.drain_all(now=NOON)
    yield
    close_old_connections()


def seal_friday() -> Purged:
    return sealing.seal_days(now=due(NOON), keep_days=KEEP)


def purge_people() -> Purged:
    return sealing.purge_people(now=due(NOON), keep_days=KEEP)


def remove_li() -> None:
    erasure.erase_due(now=NOON)


def with_another(number: int, work: Callable[[], object], *, other: Callable[[], object]) -> None:
    intruder = Elsewhere(other)
    with connection.execute_wrapper(At(number, intruder.begin)):
        work()
    intruder.join()
    if not intruder.has_begun:
        other()


def facts_of_friday() -> int:
    return sum(table.objects.filter(window_start=NOON).count() for table in FACTS)


@pytest.mark.parametrize("work", [seal_friday, purge_people, remove_li])
def test_none_is_longer_than_these_tests_look(
    work: Callable[[], object], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    erasure.request(LI, now=NOON, mode=Erasure.Mode.REMOVE)
    if work is purge_people:
        seal_friday()
    with django_assert_max_num_queries(STATEMENTS[work.__name__]):
        work()


@at_every_statement_of("seal_friday")
def test_a_purge_killed_anywhere_has_done_all_of_a_day_or_nothing(number: int) -> None:
    before, facts = rows(), facts_of_friday()
    killed_at(number, seal_friday)
    assert facts_of_friday() == (0 if Seal.objects.exists() else facts)
    seal_friday()
    rollup.drain_all(now=NOON)
    assert (facts_of_friday(), Seal.objects.get().facts) == (0, facts)
    assert rows() == before


@at_every_statement_of("seal_friday")
def test_two_purges_at_once_are_one(number: int) -> None:
    before, facts = rows(), facts_of_friday()
    with_another(number, seal_friday, other=seal_friday)
    seal_friday()
    assert (facts_of_friday(), Seal.objects.get().facts) == (0, facts)
    assert rows() == before


@at_every_statement_of("seal_friday")
def test_a_fact_that_comes_across_a_purge_is_counted_or_has_its_line(number: int) -> None:
    with_another(number, seal_friday, other=lambda: cast.talk(LATE))
    rollup.drain_all(now=NOON)
    seal_friday()
    counted = sum(UsageDay.objects.filter(local_day=NOON.date()).values_list("turns", flat=True))
    late = LateAdjustment.objects.filter(fact_kind="turn").count()
    assert counted + late == 2
    assert facts_of_friday() == 0


@at_every_statement_of("seal_friday")
def test_a_rollup_across_a_purge_changes_no_row(number: int) -> None:
    def rebuild() -> None:
        rollup.mark_days([NOON.date()])
        rollup.drain(now=NOON)

    before = rows()
    with_another(number, seal_friday, other=rebuild)
    rollup.drain_all(now=NOON)
    assert seal_friday().is_waiting is False
    rollup.drain_all(now=NOON)
    assert rows() == before


@at_every_statement_of("rollup", step=8)
def test_a_purge_across_a_rollup_waits_or_finds_all_counted(number: int) -> None:
    cast.talk(LATE)
    with_another(number, lambda: rollup.drain(now=NOON), other=seal_friday)
    rollup.drain_all(now=NOON)
    seal_friday()
    assert sum(UsageDay.objects.filter(local_day=NOON.date()).values_list("turns", flat=True)) == 2
    assert not LateAdjustment.objects.exists()


@at_every_statement_of("purge_people")
def test_people_purged_anywhere_are_purged_when_done_again(number: int) -> None:
    seal_friday()
    killed_at(number, purge_people)
    assert UserDay.objects.filter(local_day=NOON.date()).exists() == (not Seal.objects.exclude(people_purged_at=None))
    purge_people()
    assert not UserDay.objects.filter(local_day=NOON.date()).exists()


@at_every_statement_of("remove_li")
def test_an_erasure_killed_anywhere_is_done_when_done_again(number: int) -> None:
    erasure.request(LI, now=NOON, mode=Erasure.Mode.REMOVE)
    killed_at(number, remove_li)
    remove_li()
    rollup.drain_all(now=NOON)
    assert_only_wang_is_left()


@at_every_statement_of("remove_li")
def test_two_erasures_at_once_are_one(number: int) -> None:
    erasure.request(LI, now=NOON, mode=Erasure.Mode.REMOVE)
    with_another(number, remove_li, other=remove_li)
    remove_li()
    rollup.drain_all(now=NOON)
    assert Erasure.objects.get().facts == 4
    assert_only_wang_is_left()


@at_every_statement_of("remove_li")
def test_a_rollup_across_an_erasure_brings_nobody_back(number: int) -> None:
    def rebuild() -> None:
        rollup.mark_days([NOON.date()])
        rollup.drain(now=NOON)

    erasure.request(LI, now=NOON, mode=Erasure.Mode.REMOVE)
    with_another(number, remove_li, other=rebuild)
    remove_li()
    rollup.drain_all(now=NOON)
    assert_only_wang_is_left()


def assert_only_wang_is_left() -> None:
    assert not TurnAccepted.objects.filter(subject=LI).exists()
    assert set(UserDay.objects.values_list("subject", flat=True)) == {WANG}
    assert set(UsageDay.objects.values_list("local_day", flat=True)) == {(NOON + DAY).date()}
