"""What goes out when: first words at once, everything else together, and the entries of an answer in order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from conversations.delta_log import Appended, Entry
from conversations.ids import uuid7
from conversations.live_answer import LiveAnswer
from conversations.protocol import Delta, Snapshot, Started
from conversations.tick import Tick, interval

NEVER_S = 3600.0
"""The first tick comes at once, the second one not in this test."""


def an_answer() -> LiveAnswer:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return LiveAnswer(generation=uuid7(), conversation=uuid7(), message=uuid7(), owner_pk=1, epoch=1, accepted_at=now)


@dataclass
class Recorder:
    """A log that keeps what it is given, batch by batch, while it ``answers``."""

    batches: list[list[Entry]] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    settled: list[Entry] = field(default_factory=list)

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        self.batches.append(list(entries))
        self.asked.set()
        await self.answers.wait()
        return [Appended.YES] * len(entries)

    def take(self, entry: Entry, verdict: Appended) -> None:
        assert verdict is Appended.YES
        self.settled.append(entry)

    def texts(self) -> list[list[str]]:
        """Of the deltas, batch by batch."""
        return [[entry.frame.text for entry in batch if isinstance(entry.frame, Delta)] for batch in self.batches]


@asynccontextmanager
async def ticking(log: Recorder, *, every_s: float) -> AsyncIterator[Tick]:
    tick = Tick(log, log.take, every_s=every_s, most_s=every_s)
    running = asyncio.create_task(tick.run())
    yield tick
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def a_log(*, answers: bool = True) -> Recorder:
    log = Recorder()
    if answers:
        log.answers.set()
    return log


async def test_fifty_answers_are_one_batch() -> None:
    log, answers = a_log(), [an_answer() for _ in range(50)]
    async with ticking(log, every_s=0) as tick:
        for word in ("一", "二"):
            for answer in answers:
                tick.write(answer, word, "")
            await tick.done()
    assert log.texts() == [["一"] * 50, ["二"] * 50]
    assert [entry.generation for entry in log.batches[0]] == [answer.generation for answer in answers]


async def test_first_words_do_not_wait_for_the_tick_and_take_nobody_along() -> None:
    log, talker, newcomer = a_log(), an_answer(), an_answer()
    async with ticking(log, every_s=NEVER_S) as tick:
        tick.write(talker, "一", "")
        await tick.done(at_once=True)
        tick.write(talker, "二", "")
        await tick.done()
        tick.write(talker, "三", "")
        tick.write(newcomer, "你好", "")
        await tick.done(at_once=True)
    assert log.texts() == [["一"], ["二"], ["你好"]]


async def test_what_becomes_urgent_while_redis_is_asked_shares_the_next_batch() -> None:
    log, answers = a_log(answers=False), [an_answer() for _ in range(20)]
    async with ticking(log, every_s=NEVER_S) as tick:
        tick.write(answers[0], "先", "")
        await log.asked.wait()
        for answer in answers[1:]:
            tick.write(answer, "后", "")
        log.answers.set()
        await tick.done(at_once=True)
    assert log.texts() == [["先"], ["后"] * 19]


async def test_endpoints_are_read_together_just_before_the_tick_takes_what_they_wrote() -> None:
    log, answers = a_log(), [an_answer() for _ in range(3)]
    async with ticking(log, every_s=0) as tick:
        for answer in answers:
            tick.write(answer, "一", "")
        await tick.done()
        for answer in answers:
            read_once(tick, answer, "二三")
        await tick.done()
    assert log.texts() == [["一"] * 3, ["二三"] * 3]


def read_once(tick: Tick, answer: LiveAnswer, text: str) -> None:
    def fetch() -> None:
        tick.write(answer, text, "")
        tick.leave(fetch)

    tick.join(fetch)


async def test_an_endpoint_is_read_again_and_again_until_it_leaves() -> None:
    log, answer, reads = a_log(), an_answer(), iter("一二三")
    left = asyncio.Event()

    def fetch() -> None:
        if (word := next(reads, None)) is not None:
            tick.write(answer, word, "")
        else:
            tick.leave(fetch)
            left.set()

    async with ticking(log, every_s=0) as tick:
        tick.join(fetch)
        await left.wait()
        await tick.done()
    assert "".join(map("".join, log.texts())) == "一二三"


async def test_who_leaves_while_others_are_read_is_not_read_any_more() -> None:
    log, stopped, other = a_log(), an_answer(), an_answer()

    def read_of_stopped() -> None:
        tick.write(stopped, "never", "")

    def fetch() -> None:
        tick.write(other, "一", "")
        tick.leave(fetch)
        tick.leave(read_of_stopped)

    async with ticking(log, every_s=0) as tick:
        tick.join(fetch)
        tick.join(read_of_stopped)
        await tick.done()
    assert log.texts() == [["一"]]


async def test_the_entries_of_an_answer_are_in_order_however_they_came() -> None:
    log, answer = a_log(), an_answer()
    async with ticking(log, every_s=0) as tick:
        tick.add(answer, Started(generation=answer.generation, model="m", context_cut=False))
        tick.write(answer, "一", "")
        tick.write(answer, "二", "")
        tick.settle(answer)
        tick.write(answer, "三", "")
        tick.add(answer, Snapshot(generation=answer.generation, seq=answer.seq, text="一二三", thinking=""))
        await tick.done()
    ids = [int(entry.id.partition("-")[2]) for entry in log.settled]
    assert ids == [1, 2, 3, 4]
    assert [type(entry.frame) for entry in log.settled] == [Started, Delta, Delta, Snapshot]
    assert "".join(map("".join, log.texts())) == "一二三"


async def test_what_was_not_taken_of_a_lost_answer_is_never_shown() -> None:
    log, answer = a_log(answers=False), an_answer()
    async with ticking(log, every_s=0) as tick:
        tick.write(answer, "一", "")
        await log.asked.wait()
        tick.write(answer, "二", "")
        answer.drop()
        log.answers.set()
        await tick.done()
    assert log.texts() == [["一"]]


async def test_a_delta_costs_the_same_bytes_however_long_the_answer_is() -> None:
    answer = an_answer()
    sizes = []
    for _ in range(4000):
        answer.write("0123456789", "", datetime(2026, 11, 23, tzinfo=UTC))
        entry = answer.take()
        assert entry is not None
        sizes.append(len(entry.text))
    digits = 2 * (len("4000") - len("1"))
    assert max(sizes) - min(sizes) <= digits
    assert max(sizes) <= 130


@pytest.mark.parametrize(
    ("took_ms", "next_ms"),
    [(0, 30), (5, 30), (15, 30), (18, 36), (20, 40), (100, 40)],
)
def test_a_tick_that_takes_more_than_half_the_time_comes_less_often(took_ms: float, next_ms: float) -> None:
    assert interval(took_ms / 1000, least_s=0.03, most_s=0.04) == pytest.approx(next_ms / 1000)
