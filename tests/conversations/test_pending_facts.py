"""A fault in the ledger, made by the database itself: ends, claims and titles stand, and their facts come later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Model as DjangoModel
from django.utils import timezone

from app.accounts.models import User
from conversations import pending_facts, tasks
from conversations.claims import Lookout
from conversations.database import in_database
from conversations.ending import FACT_TRIES, finish, finish_together
from conversations.lost_calls import LostCall, Written, account
from conversations.models import Conversation, Generation, ModelEndpoint, PendingFact, State
from conversations.protocol import Finished
from conversations.titles import write_title
from tests.conversations.turning import accepted, asking, ending
from tests.database import rows
from tests.faults.judge import judged
from tests.processes import Process
from tests.tab import Tab
from usage.models import Mark, UpstreamCall, UsageRecord

OF_ITS_OWN = {
    "id", "generation", "conversation", "answer", "call_of", "occurred_at", "window_start", "local_day", "finished_at",
    "ended_at", "first_token_ms", "first_token_bucket", "duration_ms", "duration_bucket", "speed_bucket",
}  # fmt: skip
"""Columns in which two answers differ that are alike."""

alone = pytest.mark.usefixtures("unseen", "catalog")


@contextmanager
def refused(model: type[DjangoModel], only: str = "1 = 1") -> Iterator[None]:
    """The database takes no row of this table for which ``only`` holds, in SQL about the row ``NEW``."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the ledger refuses'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW WHEN ({only}) "
                "EXECUTE FUNCTION ledger_refuses()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {only} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger refuses'); END"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER refuse{f' ON {table}' if connection.vendor == 'postgresql' else ''}")
            if connection.vendor == "postgresql":
                cursor.execute("DROP FUNCTION ledger_refuses()")


def is_about(generation: UUID) -> str:
    stored = str(generation) if connection.vendor == "postgresql" else generation.hex
    return f"NEW.generation = '{stored}'"


def states() -> set[str]:
    return set(Generation.objects.values_list("state", flat=True))


# --- ends -------------------------------------------------------------------------------------------------------------


@alone
def test_an_end_stands_without_its_fact_after_three_tries(li: User) -> None:
    (turn,) = accepted(asking(li))
    tried: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        tried.append(sql)
        return execute(sql, params, many, context)

    with refused(UsageRecord), connection.execute_wrapper(noted):
        frame = finish(ending(turn))
    assert isinstance(frame, Finished)
    assert (states(), UsageRecord.objects.count(), UpstreamCall.objects.count()) == ({State.COMPLETED}, 0, 0)
    assert [pending.about for pending in PendingFact.objects.all()] == [turn.frame.generation]
    assert sum(f'INSERT INTO "{UsageRecord._meta.db_table}"' in sql for sql in tried) == FACT_TRIES


@alone
def test_its_fact_comes_later_and_is_the_same(li: User) -> None:
    hindered, free = accepted(asking(li), asking(li))
    with refused(UsageRecord):
        finish(ending(hindered))
    tasks.record_pending_facts()
    finish(ending(free))
    for model in (UsageRecord, UpstreamCall):
        same = [field.name for field in model._meta.fields if field.name not in OF_ITS_OWN]
        assert len(set(model._default_manager.values_list(*same))) == 1
    row = Generation.objects.get(pk=hindered.frame.generation)
    fact = UsageRecord.objects.get(generation=row.pk)
    assert (fact.finished_at, fact.duration_ms, fact.first_token_ms, fact.occurred_at) == (
        row.finished_at, row.duration_ms, row.first_token_ms, row.created_at,
    )  # fmt: skip
    assert (UsageRecord.objects.count(), UpstreamCall.objects.count(), PendingFact.objects.count()) == (2, 2, 0)


@alone
def test_a_fact_that_comes_later_is_counted(li: User) -> None:
    (turn,) = accepted(asking(li))
    with refused(UsageRecord):
        finish(ending(turn))
    Mark.objects.all().delete()  # all that was there is counted
    tasks.record_pending_facts()
    assert {mark.window_start for mark in Mark.objects.all()} >= {UsageRecord.objects.get().window_start}


@alone
def test_one_that_is_refused_harms_no_other_of_its_group(li: User) -> None:
    turns = accepted(*(asking(li) for _ in range(3)))
    with refused(UsageRecord, is_about(turns[1].frame.generation)):
        frames = finish_together([ending(turn) for turn in turns])
    assert [type(frame) for frame in frames] == [Finished] * 3
    recorded = set(UsageRecord.objects.values_list("generation", flat=True))
    assert recorded == {turns[0].frame.generation, turns[2].frame.generation}
    assert PendingFact.objects.get().about == turns[1].frame.generation


@alone
def test_what_is_refused_again_stays_and_holds_up_no_other(li: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = accepted(asking(li), asking(li))
    with refused(UsageRecord):
        for turn in (bad, good):
            finish(ending(turn))
    monkeypatch.setattr(pending_facts, "AT_ONCE", 1)
    with refused(UsageRecord, is_about(bad.frame.generation)):
        for _ in range(2):
            tasks.record_pending_facts()
    assert UsageRecord.objects.get().generation == good.frame.generation
    assert [(row.about, row.tries) for row in PendingFact.objects.all()] == [(bad.frame.generation, 1)]


@alone
def test_a_fact_outlives_the_conversation_it_waits_for(li: User) -> None:
    (turn,) = accepted(asking(li))
    with refused(UsageRecord):
        finish(ending(turn))
    Conversation.objects.all().delete()
    tasks.record_pending_facts()
    assert UsageRecord.objects.get().generation == turn.frame.generation


@alone
def test_a_fact_that_is_told_twice_is_one(li: User) -> None:
    """Of two sweeps at once, or of one that died before it could forget."""
    (turn,) = accepted(asking(li))
    with refused(UsageRecord):
        finish(ending(turn))
    kept = PendingFact.objects.get()
    tasks.record_pending_facts()
    kept.save()
    tasks.record_pending_facts()
    assert (UsageRecord.objects.count(), UpstreamCall.objects.count(), PendingFact.objects.count()) == (1, 1, 0)


@alone
def test_no_word_is_kept(li: User) -> None:
    (turn,) = accepted(asking(li, text="一句悄悄话"))
    with refused(UsageRecord):
        finish(ending(turn))
    assert "悄悄话" not in str(PendingFact.objects.get().event)


# --- calls ------------------------------------------------------------------------------------------------------------


@alone
def test_a_lost_call_that_cannot_be_recorded_keeps_nobody_from_taking_over(li: User) -> None:
    (turn,) = accepted(asking(li))
    Generation.objects.update(state=State.STREAMING, lease_until=timezone.now() - timedelta(seconds=1))
    (claimed,) = Lookout().claim("there")
    with refused(UpstreamCall):
        account(LostCall(generation=claimed.generation, epoch=claimed.epoch, seen=Written(), at=timezone.now()))
    tasks.record_pending_facts()
    call = UpstreamCall.objects.get()
    assert (call.call_of, call.epoch, call.error) == (turn.frame.generation, 1, "lease_lost")


@alone
def test_a_title_is_written_once_though_its_call_cannot_be_recorded(li: User, valkey: Process) -> None:
    (turn,) = accepted(asking(li))
    finish(ending(turn))
    Generation.objects.update(endpoint=ModelEndpoint.objects.get())
    with refused(UpstreamCall):
        write_title(turn.frame.conversation)
    conversation = Conversation.objects.get()
    assert (conversation.title_source, conversation.title_tries) == ("model", 1)
    assert [row.kind for row in PendingFact.objects.all()] == ["UpstreamCallEnded"]
    tasks.record_pending_facts()
    assert UpstreamCall.objects.filter(purpose="title").count() == 1


# --- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_person_gets_the_whole_answer_from_a_house_whose_ledger_is_broken(
    tab_of: Callable[[User], Tab], li: User
) -> None:
    fault = refused(UsageRecord)
    await in_database(fault.__enter__)
    try:
        async with tab_of(li) as tab:
            turn = await tab.ask("nonce=li tokens=20")
            await tab.finished(turn.generation)
    finally:
        await in_database(fault.__exit__, None, None, None)
    (row,) = await rows(Generation.objects.all())
    assert (row.state, row.reason, row.epoch, row.takeovers) == (State.COMPLETED, "stop", 1, 0)
    await in_database(tasks.record_pending_facts)
    await judged(turn.generation, [tab])
