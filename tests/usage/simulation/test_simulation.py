"""Made-up people: the same every time, in the product's own facts, and never among real ones."""

from datetime import datetime

import pytest
from django.db import models

from tests.usage import cast
from tests.usage.simulation.conftest import a_plan, nobody
from usage.errors import RealFactsPresent
from usage.models import EngagementEvent, Level, Mark, TurnAccepted, UpstreamCall, UsageRecord
from usage.periods import day_of
from usage.simulation import Truth, simulate
from usage.simulation.ledger import lives_of
from usage.simulation.visits import Visit

FACTS: tuple[type[models.Model], ...] = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)


def facts() -> list[list[tuple[object, ...]]]:
    """All of them, without the ids that the database gives."""
    names = [[field.attname for field in table._meta.fields if field.name != "id"] for table in FACTS]
    tables = zip(FACTS, names, strict=True)
    return [sorted(table._default_manager.values_list(*columns), key=repr) for table, columns in tables]


def moments_of(visit: Visit) -> list[datetime]:
    exchanged = [exchange.accepted.turn.occurred_at for exchange in visit.exchanges]
    signalled = [signal.occurred_at for exchange in visit.exchanges for signal in exchange.signals]
    return [*exchanged, *signalled, *(look.occurred_at for look in visit.looks)]


@pytest.mark.django_db
def test_every_fact_says_that_it_is_made_up() -> None:
    written = simulate(a_plan(), witness=nobody)
    counts = [table._default_manager.count() for table in FACTS]
    assert counts == [written.turns, written.records, written.calls, written.engagements]
    assert written.turns > 50
    assert not any(table._default_manager.filter(simulated=False).exists() for table in FACTS)


@pytest.mark.django_db
def test_the_same_plan_once_more_changes_nothing() -> None:
    simulate(a_plan(), witness=nobody)
    before = facts()
    simulate(a_plan(), witness=nobody)
    assert facts() == before


def test_the_same_seed_is_the_same_lives_and_another_one_is_not() -> None:
    assert list(lives_of(a_plan())) == list(lives_of(a_plan()))
    assert list(lives_of(a_plan())) != list(lives_of(a_plan(seed=8)))


def test_more_people_leave_the_others_as_they_are() -> None:
    alone = list(lives_of(a_plan(users=5)))
    among = [visit for visit in lives_of(a_plan(users=9)) if visit.person.number < 5]
    assert among == alone


def test_nothing_is_done_before_the_first_day_or_after_the_last() -> None:
    plan = a_plan(users=40)
    moments = [moment for visit in lives_of(plan) for moment in moments_of(visit)]
    assert plan.start_of(0) <= min(moments)
    assert max(moments) < plan.end


def test_days_are_those_of_the_zone() -> None:
    plan = a_plan(zone="Asia/Kathmandu")
    visits = list(lives_of(plan))
    days = {day_of(visit.looks[0].occurred_at, plan.zone) for visit in visits if visit.looks}
    assert {(day - plan.date_of(0)).days for day in days} <= set(range(plan.days))


def test_every_kind_of_thing_happens_in_a_few_hundred_lives() -> None:
    visits = list(lives_of(a_plan(users=300, days=60)))
    exchanges = [exchange for visit in visits for exchange in visit.exchanges]
    assert {exchange.finished.outcome for exchange in exchanges} == {
        "completed",
        "stopped",
        "failed",
        "interrupted",
        "expired",
    }
    calls = [call for exchange in exchanges for call in exchange.finished.calls]
    assert {call.cost.currency for call in calls} == {"CNY", "USD", ""}
    assert {call.error for call in calls} >= {"", "connect", "http_429", "stall"}
    assert {visit.person.campaign for visit in visits} == {"", "voucher", "campus"}
    assert any(visit.person.is_internal for visit in visits)
    assert any(exchange.finished.turn.model != exchange.accepted.turn.model for exchange in exchanges)


@pytest.mark.django_db
def test_whole_days_are_marked_so_that_the_rollup_finds_them() -> None:
    simulate(a_plan(), witness=nobody)
    marked = set(Mark.objects.values_list("level", flat=True))
    assert marked == {Level.REBUILD}


@pytest.mark.django_db
def test_nobody_is_made_up_among_real_people() -> None:
    cast.talk(cast.ending(cast.turn("hello")))
    with pytest.raises(RealFactsPresent):
        simulate(a_plan(), witness=nobody)
    assert TurnAccepted.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_interrupted_was_never_there() -> None:
    class Interrupted(Exception):
        pass

    seen: list[Visit] = []

    def interrupt(visit: Visit) -> None:
        seen.append(visit)
        if len(seen) == 700:  # in the second batch
            raise Interrupted

    with pytest.raises(Interrupted):
        simulate(a_plan(users=150, days=60), witness=interrupt)
    assert not TurnAccepted.objects.exists()
    assert not Mark.objects.exists()


def test_the_truth_does_not_depend_on_the_order_in_which_it_is_told() -> None:
    plan = a_plan()
    forth, back = Truth(plan), Truth(plan)
    visits = list(lives_of(plan))
    for there, here in zip(visits, reversed(visits), strict=True):
        forth.see(there)
        back.see(here)
    assert forth.as_json() == back.as_json()
