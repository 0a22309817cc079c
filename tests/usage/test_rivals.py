"""What went wrong elsewhere where the use of models is counted, by the numbers of the issues, and does not here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from app.accounts.models import User
from conversations import history, tasks
from conversations.events import Cost
from conversations.models import Conversation
from tests.conversations.transcripts import a_conversation
from tests.usage import cast
from tests.usage.asking import DAY, FRIDAY, asked, of
from tests.usage.cast import LI
from tests.usage.interference import Elsewhere
from usage import rollup
from usage.models import Mark, UpstreamCall, UsageDay
from usage.rollup.people import BATCH

pytestmark = pytest.mark.usefixtures("everybody_is_shown")

CENT_PICO = 10**10
CENT = Cost(pico=CENT_PICO, currency="CNY")


AFTER = cast.NOON + 5 * DAY


def spent(first_day: date = FRIDAY, *, days: int = 1) -> int:
    """In cents, by the report."""
    last_day = first_day + (days - 1) * DAY
    (row,) = of(asked("usage", first_day=first_day, last_day=last_day, by=(), at=AFTER).asked)
    return int(row.cost.get("CNY", 0)) // CENT_PICO


def cost_a_cent(name: str, *, at: datetime = cast.NOON, outcome: str = "completed", error: str = "") -> None:
    turn = cast.turn(name, at=at)
    cast.talk(cast.ending(turn, outcome=outcome, calls=[cast.call(turn, cost=CENT, error=error)]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "error"), [("stopped", "cancelled"), ("failed", "reset"), ("interrupted", "lease_lost")]
)
def test_an_answer_that_was_broken_off_costs_what_it_cost(outcome: str, error: str) -> None:
    """LiteLLM 14457: nothing was spent on a stream that its reader left."""
    cost_a_cent("left", outcome=outcome, error=error)
    assert spent() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_spent_waits_in_no_process() -> None:
    """LiteLLM 38157: what a process had queued was gone when it was shut down."""
    seen: list[int] = []
    other = Elsewhere(lambda: seen.append(UpstreamCall.objects.count() * Mark.objects.count()))
    cost_a_cent("hello")
    other.begin()
    assert seen == [Mark.objects.count()]


@pytest.mark.django_db
def test_no_key_is_left_out_because_there_are_many() -> None:
    """LiteLLM 29292: of each flush only the first hundred keys were written, and the others dropped."""
    people = [UUID(int=(n << 6) | LI.int % 64) for n in range(BATCH + 20)]
    cast.accept(*(cast.turn(str(who), who=who, scenario=f"scenario-{n}") for n, who in enumerate(people)))
    rollup.drain(now=cast.NOON)
    assert UsageDay.objects.count() == len(people)
    (row,) = of(asked("active_users").asked)
    assert row.dau == len(people)


@pytest.mark.django_db
def test_what_the_database_refuses_is_not_kept_quiet() -> None:
    """LiteLLM 29292 again: a failed write was logged, and its facts forgotten."""

    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "usage_upstreamcall" in sql:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(DatabaseError, match="disk full"), transaction.atomic():
        cost_a_cent("hello")
    assert not Mark.objects.exists()


@pytest.fixture
def _in_kolkata() -> Iterator[None]:
    """A cent every three hours, on three days there (+05:30), which reach into four of UTC."""
    start = datetime(2026, 11, 18, 0, 15, tzinfo=ZoneInfo("Asia/Kolkata"))
    with override_settings(REPORTING_TIME_ZONE="Asia/Kolkata"):
        for number in range(24):
            cost_a_cent(str(number), at=(start + number * timedelta(hours=3)).astimezone(UTC))
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_kolkata")
def test_one_day_of_a_zone_is_that_day_and_nothing_of_its_neighbours() -> None:
    """LiteLLM 27780: a day of somebody away from UTC showed $8.78 for $0.99: all of the days of UTC that it touches."""
    assert [spent(FRIDAY + n * DAY) for n in (-3, -2, -1, 0, 1)] == [0, 8, 8, 8, 0]


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_kolkata")
def test_single_days_add_up_to_the_range() -> None:
    """LiteLLM 29568: five days asked for one by one were half as much again as the five together."""
    assert sum(spent(FRIDAY + n * DAY) for n in (-3, -2, -1, 0, 1)) == spent(FRIDAY - 3 * DAY, days=5) == 24


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey")
def test_a_chat_that_is_deleted_was_used() -> None:
    """Open WebUI 28084: the numbers shrank with every chat that somebody deleted."""
    li = User.objects.create_user("li@example.com", "li-knows-this")
    conversation = a_conversation(li, "西安三天")
    turn = replace(cast.turn("hello"), conversation=conversation.pk)
    cast.talk(cast.ending(turn, calls=[cast.call(turn, cost=CENT)]))
    history.delete(conversation, now=timezone.now() - DAY)
    tasks.purge_deleted()
    rollup.mark_days([FRIDAY])
    assert not Conversation.objects.exists()
    assert spent() == 1
