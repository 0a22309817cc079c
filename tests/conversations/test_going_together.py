"""Turns that are accepted, or end, in one transaction: each as it would be alone, whatever becomes of the others."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.accounts.models import User
from conversations import errors
from conversations.ending import finish_together
from conversations.grouped import MOST, Grouped
from conversations.ids import uuid7
from conversations.inference.types import TokenSource, Usage
from conversations.models import Generation, ModelEndpoint, Scenario, State
from conversations.protocol import Finished
from conversations.turns import AcceptedTurn, accept_together
from tests.conversations.turning import accepted, asking, ending
from usage.models import TurnAccepted, UsageRecord

# --- what goes together -----------------------------------------------------------------------------------------------


class Gate:
    """A transaction that stays open until it is told."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.entered = threading.Semaphore(0)
        self.opened = threading.Event()

    def together(self, items: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(items))
        self.entered.release()
        self.opened.wait(60)
        return [ValueError(item) if item < 0 else item * 2 for item in items]


async def test_the_first_goes_at_once_and_what_comes_meanwhile_goes_together(transactional_db: None) -> None:
    gate = Gate()
    grouped = Grouped(gate.together)
    first = asyncio.create_task(grouped.run(1))
    await asyncio.to_thread(gate.entered.acquire)
    others = [asyncio.create_task(grouped.run(number)) for number in (2, -3, 4)]
    gave_up = asyncio.create_task(grouped.run(5))
    await asyncio.sleep(0)  # they stand in line
    gave_up.cancel()
    gate.opened.set()
    assert await first == 2
    results = await asyncio.gather(*others, return_exceptions=True)
    assert [str(result) for result in results] == ["4", "-3", "8"]
    assert gate.groups == [[1], [2, -3, 4]]


async def test_a_group_has_a_bound(transactional_db: None) -> None:
    gate = Gate()
    grouped = Grouped(gate.together)
    first = asyncio.create_task(grouped.run(0))
    await asyncio.to_thread(gate.entered.acquire)
    others = [asyncio.create_task(grouped.run(number)) for number in range(1, MOST + 2)]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(first, *others)
    assert [len(group) for group in gate.groups] == [1, MOST, 1]


async def test_a_group_that_could_not_be_tried_fails_each_and_the_next_one_is_tried(transactional_db: None) -> None:
    class Broken(Exception):
        pass

    seen: list[int] = []

    def together(items: Sequence[int]) -> list[int | Exception]:
        seen.extend(items)
        if items == [1]:
            raise Broken
        return list(items)

    grouped = Grouped(together)
    with pytest.raises(Broken):
        await grouped.run(1)
    assert await grouped.run(2) == 2
    assert seen == [1, 2]


# --- turns ------------------------------------------------------------------------------------------------------------


def test_one_that_is_refused_harms_no_other(catalog: ModelEndpoint, li: User, wang: User) -> None:
    Scenario.objects.filter(slug="write").update(is_paused=True)
    his = uuid7()
    accepted(asking(wang, conversation=his))
    before = Generation.objects.count()
    first, paused, nowhere, foreign, last = accept_together(
        [
            asking(li),
            asking(li, scenario="write"),
            asking(li, scenario="no-such"),
            asking(li, conversation=his),
            asking(wang),
        ]
    )
    assert [type(each) for each in (first, last)] == [AcceptedTurn, AcceptedTurn]
    assert [type(each) for each in (paused, nowhere, foreign)] == [errors.Paused, errors.Invalid, errors.NotFound]
    assert Generation.objects.count() == TurnAccepted.objects.count() == before + 2


def test_the_same_request_twice_in_a_group_is_one_turn(catalog: ModelEndpoint, li: User) -> None:
    one = asking(li)
    first, again, other = accepted(one, one, asking(li))
    assert [each.is_new for each in (first, again, other)] == [True, False, True]
    assert first.frame == again.frame
    assert Generation.objects.count() == TurnAccepted.objects.count() == 2


def test_two_questions_in_one_conversation_start_one_answer(catalog: ModelEndpoint, li: User) -> None:
    conversation = uuid7()
    results = accept_together([asking(li, conversation=conversation) for _ in range(2)])
    assert [type(each) for each in results] == [AcceptedTurn, errors.Busy]
    assert Generation.objects.count() == 1


# --- ends -------------------------------------------------------------------------------------------------------------

UNRECORDABLE = Usage(input_tokens=-5, output_tokens=1, source=TokenSource.REPORTED)
"""No endpoint gets so far: what it reports is checked. Here it stands for a fault in the ledger."""


def test_an_end_that_is_somebody_elses_or_cannot_be_recorded_harms_no_other(catalog: ModelEndpoint, li: User) -> None:
    first, taken, unrecordable, last = accepted(*(asking(li) for _ in range(4)))
    frames = finish_together(
        [ending(first), ending(taken, epoch=7), ending(unrecordable, usage=UNRECORDABLE), ending(last)]
    )
    assert [type(frame) for frame in frames] == [Finished, type(None), errors.Unavailable, Finished]
    ended = {row.pk for row in Generation.objects.filter(state=State.COMPLETED)}
    assert ended == {first.frame.generation, last.frame.generation}
    assert {record.generation for record in UsageRecord.objects.all()} == ended


def test_an_end_that_is_written_again_is_told_again(catalog: ModelEndpoint, li: User) -> None:
    endings = [ending(turn) for turn in accepted(asking(li), asking(li))]
    assert finish_together(endings) == finish_together(endings)
    assert UsageRecord.objects.count() == 2


def test_an_end_of_a_turn_that_another_process_accepted_has_the_same_fact(catalog: ModelEndpoint, li: User) -> None:
    one, other = accepted(asking(li, scenario="write"), asking(li, scenario="write"))
    finish_together([ending(one), replace(ending(other), turn=None)])
    fields = ("subject", "scenario", "model", "kind", "locale", "channel", "is_internal", "outcome")
    assert len(set(UsageRecord.objects.values_list(*fields))) == 1
    assert UsageRecord.objects.count() == 2
