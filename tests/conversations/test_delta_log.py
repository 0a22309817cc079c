"""The log's own word for a batch: kept, refused or not known, entry by entry, in one round trip."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from redis.asyncio import Redis

from conversations.delta_log import Appended, DeltaLog, Entry, key_of
from conversations.ids import uuid7
from conversations.protocol import Delta, Finished, FrameUsage, LogFrame, Started, encode
from conversations.timing import timing
from tests.conversations.round_trips import PATIENT_S, Counted, counted_redis
from tests.faults.proxy import Proxy, Way
from tests.processes import Process
from tests.settings import VALKEY_PORT

YES, REFUSED, UNKNOWN = Appended.YES, Appended.REFUSED, Appended.UNKNOWN


@pytest.fixture
async def redis(valkey: Process) -> "AsyncIterator[Redis]":
    async with counted_redis() as client:
        yield client


def entry(number: int, *, epoch: int = 1, text: str = "字", frame: LogFrame | None = None, of: Any = None) -> Entry:
    generation = of or uuid7()
    frame = frame or Delta(generation=generation, after=number - 1, seq=number, text=text)
    said = encode(frame)
    return Entry(generation, key_of(generation), f"{epoch}-{number}", frame, said, said)


async def test_fifty_answers_are_one_command(redis: "Redis") -> None:
    log = DeltaLog(redis, reply_s=PATIENT_S)
    assert await log.append([entry(1)]) == [YES]  # connects, and the script is there from now on
    already = Counted.writes
    entries = [entry(1) for _ in range(50)]
    assert await log.append(entries) == [YES] * 50
    assert Counted.writes - already == 1
    for kept in entries:
        assert await log.read(kept.generation) == [kept.frame]


async def test_only_the_entry_that_is_not_newer_is_refused(redis: "Redis") -> None:
    log, generation = DeltaLog(redis, reply_s=PATIENT_S), uuid7()
    assert await log.append([entry(1, of=generation, epoch=2), entry(2, of=generation, epoch=2)]) == [YES, YES]
    batch = [entry(1), entry(3, of=generation, epoch=1), entry(2, of=generation, epoch=2), entry(1)]
    assert await log.append(batch) == [YES, REFUSED, REFUSED, YES]
    assert len(await log.read(generation)) == 2


async def test_a_log_that_is_no_log_is_not_known_and_hurts_nobody_else(redis: "Redis") -> None:
    log, broken = DeltaLog(redis, reply_s=PATIENT_S), entry(1)
    await redis.set(key_of(broken.generation), "something else")
    assert await log.append([entry(1), broken, entry(1)]) == [YES, UNKNOWN, YES]


async def test_any_text_comes_back_as_it_was(redis: "Redis") -> None:
    log = DeltaLog(redis, reply_s=PATIENT_S)
    kept = entry(1, text="你好 👋 \u2028 \r\n\t\\ \" ' " + "长" * 70_000)
    assert await log.append([kept]) == [YES]
    assert await log.read(kept.generation) == [kept.frame]


async def test_a_running_log_expires_late_and_an_ended_one_soon(redis: "Redis") -> None:
    log, generation = DeltaLog(redis, reply_s=PATIENT_S), uuid7()
    await log.append([entry(1, of=generation, frame=Started(generation=generation, model="m", context_cut=False))])
    await log.append([entry(2, of=generation)])
    assert timing().log_expiry_s < await redis.ttl(key_of(generation)) <= timing().running_log_s
    usage = FrameUsage(input_tokens=None, output_tokens=None, reasoning_tokens=None, token_source="none")
    end = Finished(
        generation=generation, seq=3, state="completed", reason="stop", length=1, sha256="", usage=usage,
        first_token_ms=None, duration_ms=None,
    )  # fmt: skip
    await log.append([entry(3, of=generation, frame=end)])
    assert 0 < await redis.ttl(key_of(generation)) <= timing().log_expiry_s


async def test_a_redis_that_forgot_the_script_is_told_again(redis: "Redis") -> None:
    log = DeltaLog(redis, reply_s=PATIENT_S)
    assert await log.append([entry(1)]) == [YES]
    await redis.script_flush()
    assert await log.append([entry(1)]) == [YES]


async def test_without_redis_nothing_is_known() -> None:
    async with aclosing(Redis(host="127.0.0.1", port=9)) as nobody:
        assert await DeltaLog(nobody, reply_s=PATIENT_S).append([entry(1), entry(1)]) == [UNKNOWN, UNKNOWN]
        assert await DeltaLog(nobody, reply_s=PATIENT_S).read(uuid7()) == []


async def test_who_takes_over_reads_all_and_keeps_the_earlier_owner_out(redis: "Redis") -> None:
    log, generation = DeltaLog(redis, reply_s=PATIENT_S), uuid7()
    shown = [entry(number, of=generation) for number in (1, 2)]
    assert await log.append(shown) == [YES, YES]
    other = uuid7()
    seized = await log.seize({generation: 2, other: 2}, within_s=0)
    assert seized == {generation: [kept.frame for kept in shown], other: []}
    late, own = entry(3, of=generation), entry(1, of=generation, epoch=2)
    assert await log.append([late, own]) == [REFUSED, YES]
    assert await log.read(generation) == [*(kept.frame for kept in shown), own.frame]


async def test_long_logs_are_read_with_one_question(redis: "Redis") -> None:
    """As long as a long answer makes them. One of them makes no sense, which takes no other's words away."""
    log = DeltaLog(redis, reply_s=PATIENT_S)
    logs = {uuid7(): [entry(number) for number in range(1, 2001)] for _ in range(5)}
    for generation, entries in logs.items():
        await log.append([kept._replace(generation=generation, log=key_of(generation)) for kept in entries])
    strange = uuid7()
    await redis.xadd(key_of(strange), {"f": "not a frame"})
    await log.seize({uuid7(): 2}, within_s=0)  # the script is there from now on
    already = Counted.writes
    seized = await log.seize(dict.fromkeys((*logs, strange), 2), within_s=0)
    assert Counted.writes - already == 1
    assert seized == {**{of: [kept.frame for kept in entries] for of, entries in logs.items()}, strange: []}


async def test_a_log_that_is_no_log_is_seized_as_gone(redis: "Redis") -> None:
    log, broken, whole = DeltaLog(redis, reply_s=PATIENT_S), uuid7(), entry(1)
    await redis.set(key_of(broken), "something else")
    assert await log.append([whole]) == [YES]
    assert await log.seize({broken: 2, whole.generation: 2}, within_s=0) == {
        broken: [],
        whole.generation: [whole.frame],
    }


async def test_who_takes_over_does_not_lose_words_to_a_late_reply(valkey: Process) -> None:
    """Held up until the question was asked a second time."""
    generation = uuid7()
    with Proxy(VALKEY_PORT) as line:
        async with aclosing(Redis(port=line.port)) as redis:
            log = DeltaLog(redis, reply_s=0.02)
            shown = entry(1, of=generation)
            assert await DeltaLog(redis, reply_s=PATIENT_S).append([shown]) == [YES]
            line.turn(Way.HOLD)
            seized = asyncio.create_task(log.seize({generation: 2}, within_s=PATIENT_S))
            async with asyncio.timeout(PATIENT_S):
                while line.connections < 2:  # noqa: ASYNC110 - the proxy lives in a thread of its own
                    await asyncio.sleep(0.01)
            line.turn(Way.PASS)
            assert await seized == {generation: [shown.frame]}


async def test_who_takes_over_goes_on_without_a_redis_that_stays_away(valkey: Process) -> None:
    with Proxy(VALKEY_PORT) as line:
        line.turn(Way.REFUSE)
        async with aclosing(Redis(port=line.port)) as redis:
            generation = uuid7()
            assert await DeltaLog(redis, reply_s=0.01).seize({generation: 2}, within_s=0.05) == {generation: []}
