"""Deleting an account ends the answers that run for it, in the same transaction; what was not deleted goes on."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import transaction
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.admission import _line
from conversations.database import in_database
from conversations.events import StopPoint
from conversations.models import Generation, ModelEndpoint, State
from conversations.prompt import running
from tests.conversations.turning import accepted, asking
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judge_everything, judged
from tests.processes import Process
from tests.settings import VALKEY_PORT
from tests.tab import Tab, eventually
from usage.models import EngagementEvent, TurnAccepted, UsageRecord

OpenTab = Callable[[User], Tab]


def delete(person: User) -> None:
    User.objects.filter(pk=person.pk).delete()


@pytest.fixture
def redis(valkey: Process) -> Iterator["Redis"]:
    with Redis(port=VALKEY_PORT) as client:
        yield client


async def nobody_waits(redis: "Redis") -> bool:
    return not redis.zcard(_line("demonstration"))


async def record_of(generation: UUID) -> UsageRecord:
    return await in_database(lambda: UsageRecord.objects.get(generation=generation))


async def test_an_answer_that_streams_is_a_fact_before_its_account_is_gone(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=50))
    async with tab_of(li) as tab:
        turn = await tab.ask("说个没完")
        shown = len((await tab.shows(turn.generation, 20)).text)
        await in_database(delete, li)
        record = await record_of(turn.generation)
        assert not await rows(Generation.objects.all())
    assert (record.outcome, record.reason, record.attempts) == ("stopped", "account_deleted", 1)
    assert record.visible_characters >= shown
    assert record.token_source == "estimated"
    assert await calls_of(turn.generation) == [(1, 1, "cancelled", "estimated")]
    await judge_everything([])


async def test_who_deletes_an_account_has_not_pressed_stop(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as tab:
        turn = await tab.ask("说个没完")
        await tab.shows(turn.generation)
        await in_database(delete, li)
    stops = EngagementEvent.objects.filter(kind="stopped", value__in=list(StopPoint))
    assert not await rows(stops)


async def test_who_stood_in_the_line_had_asked_nobody(
    tab_of: OpenTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    one_at_a_time: ModelEndpoint,
    redis: "Redis",
) -> None:
    """And leaves it at once: the place that comes free is nobody's who is gone."""
    endpoint.script(Script(contains="nonce=wang", tokens_per_s=100))
    async with tab_of(wang) as his, tab_of(li) as hers:
        running = await his.ask("nonce=wang tokens=3000")
        await his.shows(running.generation)
        waiting = await hers.ask("我也想问")
        await hers.until(lambda: hers.of(waiting.generation).positions)
        await in_database(delete, li)
        await eventually(lambda: nobody_waits(redis))
        await his.say("stop", generation=running.generation)
        await his.finished(running.generation)
        record = await record_of(waiting.generation)
        await judge_everything([his], endpoint=endpoint)
    assert (record.outcome, record.attempts, record.token_source) == ("stopped", 0, "none")
    assert await calls_of(waiting.generation) == []
    assert "我也想问" not in {entry.question for entry in endpoint.log()}


async def test_an_answer_that_another_process_ended_just_before_keeps_its_fact(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    async with tab_of(li) as tab:
        turn = await tab.ask("nonce=li tokens=5")
        await tab.finished(turn.generation)
        await in_database(delete, li)
    record = await record_of(turn.generation)
    assert (record.outcome, record.reason) == ("completed", "stop")


async def test_a_deletion_that_is_undone_leaves_the_answer_to_whoever_takes_it_over(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Its owner was kept from the log, and lets go; no word that was shown is lost."""

    def delete_and_think_better_of_it() -> None:
        with transaction.atomic():
            delete(li)
            transaction.set_rollback(True)

    endpoint.script(Script(tokens_per_s=50))
    async with tab_of(li) as tab:
        turn = await tab.ask("nonce=li tokens=200")
        await tab.shows(turn.generation, 20)
        await in_database(delete_and_think_better_of_it)
        await tab.finished(turn.generation)
        row = await judged(turn.generation, [tab])
    assert (row.state, row.epoch, row.takeovers) == (State.COMPLETED, 2, 1)


@pytest.mark.usefixtures("unseen", "catalog")
def test_somebody_elses_answers_are_not_among_them(li: User, wang: User) -> None:
    accepted(asking(li), asking(wang))
    delete(li)
    assert [row.owner_id for row in running()] == [wang.pk]
    assert UsageRecord.objects.get().subject == li.subject
    assert TurnAccepted.objects.count() == 2
