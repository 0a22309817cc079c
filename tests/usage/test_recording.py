"""Events become facts in the transaction that caused them, a batch in a constant number of statements."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from conversations import events
from conversations.events import CallPurpose, Cost, Tokens
from tests.database import of_few_rows
from tests.usage import cast
from tests.usage.cast import LI, NOON, WANG
from usage.errors import FactIsImmutable
from usage.models import Level, Mark, TurnAccepted, UpstreamCall, UsageRecord

pytestmark = pytest.mark.django_db


def test_usage_hears_what_conversations_announce() -> None:
    turn = cast.turn("hello")
    title = cast.call(turn, epoch=0, purpose=CallPurpose.TITLE)
    events.turn_accepted.send(sender=None, events=[events.TurnAccepted(turn=turn)])
    events.generation_finished.send(sender=None, events=[cast.ending(turn)])
    events.upstream_call_ended.send(sender=None, events=[title])
    assert [table.objects.count() for table in (TurnAccepted, UsageRecord, UpstreamCall)] == [1, 1, 2]


def test_what_is_accepted_is_active_before_any_answer_ends() -> None:
    cast.accept(cast.turn("hello", who=LI))
    fact = TurnAccepted.objects.get()
    assert (fact.subject, fact.scenario, fact.local_day, fact.zone) == (
        LI,
        "writing",
        date(2026, 11, 20),
        "Asia/Shanghai",
    )
    assert not UsageRecord.objects.exists()


def test_the_day_of_a_fact_is_that_of_the_reporting_zone(settings: Settings) -> None:
    settings.REPORTING_TIME_ZONE = "America/New_York"
    cast.accept(cast.turn("hello"))
    assert TurnAccepted.objects.get().local_day == date(2026, 11, 19)


def test_an_unknown_count_stays_unknown() -> None:
    cast.finish(cast.ending(cast.turn("hello"), first_token_ms=None, tokens=Tokens(), calls=[]))
    record = UsageRecord.objects.get()
    assert record.input_uncached is record.output_visible is record.first_token_ms is record.first_token_bucket is None
    assert record.cost_pico is None


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([Cost(pico=3, currency="CNY"), Cost(pico=4, currency="CNY")], (7, "CNY")),
        ([Cost(pico=3, currency="CNY"), Cost()], (None, "")),
        ([Cost(pico=3, currency="CNY"), Cost(pico=4, currency="USD")], (None, "")),
    ],
)
def test_the_cost_of_a_record_is_known_only_if_that_of_every_call_is(
    costs: list[Cost], expected: tuple[int | None, str]
) -> None:
    turn = cast.turn("hello")
    calls = [cast.call(turn, attempt=n, cost=cost) for n, cost in enumerate(costs, start=1)]
    cast.finish(cast.ending(turn, calls=calls))
    record = UsageRecord.objects.get()
    assert (record.cost_pico, record.currency) == expected


def test_a_repeated_event_is_the_same_row_and_marks_again() -> None:
    end = cast.ending(cast.turn("hello"))
    cast.talk(end)
    Mark.objects.all().delete()
    cast.talk(end)
    assert [table.objects.count() for table in (TurnAccepted, UsageRecord, UpstreamCall)] == [1, 1, 1]
    assert set(Mark.objects.values_list("level", flat=True)) == {Level.WINDOW, Level.PERSON}


def test_an_ending_marks_the_window_of_its_acceptance_and_all_its_calls_were_busy_in() -> None:
    turn = cast.turn("long", at=NOON - timedelta(minutes=1))
    cast.finish(cast.ending(turn, calls=[cast.call(turn, lasted=timedelta(minutes=20))]))
    windows = Mark.objects.filter(level=Level.WINDOW).values_list("window_start", flat=True)
    assert sorted(windows) == [NOON - timedelta(minutes=15), NOON, NOON + timedelta(minutes=15)]


def test_facts_and_what_caused_them_are_committed_together_or_not_at_all() -> None:
    class ConversationNotSaved(Exception):
        pass

    def save_nothing() -> None:
        with transaction.atomic():
            cast.talk(cast.ending(cast.turn("hello")))
            raise ConversationNotSaved

    with pytest.raises(ConversationNotSaved):
        save_nothing()
    assert not TurnAccepted.objects.exists()
    assert not Mark.objects.exists()


def test_a_fact_that_cannot_be_written_fails_the_ending() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        cast.finish(cast.ending(cast.turn("hello"), tokens=Tokens(input_uncached=-1)))


def test_a_fact_is_never_changed_nor_deleted() -> None:
    cast.talk(cast.ending(cast.turn("hello")))
    record = UsageRecord.objects.get()
    for change in (
        record.save,
        record.delete,
        UsageRecord.objects.all().delete,
        lambda: UsageRecord.objects.update(outcome="completed"),
        lambda: UsageRecord.objects.bulk_update([record], ["outcome"]),
        lambda: UpstreamCall.objects.update(cost_pico=0),
    ):
        with pytest.raises(FactIsImmutable):
            change()


@pytest.mark.parametrize("people", [1, 20])
def test_a_batch_of_acceptances_costs_two_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    turns = [cast.turn(str(n), who=WANG) for n in range(people)]
    with django_assert_num_queries(2 if people > 1 else of_few_rows(2)):  # facts, marks
        cast.accept(*turns)


@pytest.mark.parametrize("people", [1, 20])
def test_a_batch_of_endings_costs_three_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    endings = [cast.ending(cast.turn(str(n))) for n in range(people)]
    with django_assert_num_queries(3 if people > 1 else of_few_rows(3)):  # records, calls, marks
        cast.finish(*endings)


def test_a_title_costs_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(of_few_rows(2)):
        cast.end_calls(cast.call(cast.turn("hello"), purpose=CallPurpose.TITLE))
