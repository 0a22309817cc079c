"""How a word reaches everybody who reads: made once, given to all, and merged for whoever reads slowly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.utils import timezone
from redis.asyncio import Redis

from conversations import protocol
from conversations.admission import Admission
from conversations.delta_log import Appended, DeltaLog, Entry
from conversations.followers import Followers
from conversations.ids import uuid7
from conversations.live_answer import LiveAnswer
from conversations.protocol import Delta, LogFrame, Started
from conversations.socket import Message, Socket
from tests.conversations.round_trips import PATIENT_S
from tests.processes import Process
from tests.settings import VALKEY_PORT
from tests.usage.cast import turn


@dataclass
class Page:
    """Reads, or not."""

    followers: Followers
    texts: list[str] = field(default_factory=list)
    reads: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.reads.set()
        self.socket = Socket(self.send, on_drained=self.followers.drained, end=lambda: None)

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.texts.append(message["text"])

    async def shows(self, count: int) -> list[LogFrame]:
        async with asyncio.timeout(15):
            while len(self.texts) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return [protocol.decode_log(text) for text in self.texts]


class CountedLog(DeltaLog):
    reads = 0

    async def read(self, generation: UUID) -> list[LogFrame]:
        self.reads += 1
        return await super().read(generation)


@dataclass
class House:
    """A process's log and followers, with one answer of its own."""

    log: CountedLog
    answer: LiveAnswer
    followers: Followers

    def page(self) -> Page:
        page = Page(self.followers)
        self.followers.follow(self.answer.generation, page.socket, 0)
        return page

    async def starts(self) -> None:
        self.answer.started = Started(generation=self.answer.generation, model="m", context_cut=False)
        await self._logs(self.answer.entry(self.answer.started))

    async def says(self, word: str) -> Entry:
        self.answer.write(word, "", timezone.now())
        entry = self.answer.take()
        assert entry is not None
        return await self._logs(entry)

    async def _logs(self, entry: Entry) -> Entry:
        assert await self.log.append([entry]) == [Appended.YES]
        self.followers.deliver(entry.generation, entry.frame, entry.text)
        return entry


@pytest.fixture
async def house(valkey: Process) -> AsyncIterator[House]:
    async with aclosing(Redis(host="127.0.0.1", port=VALKEY_PORT)) as redis:
        now = timezone.now()
        answer = LiveAnswer(
            generation=uuid7(), conversation=uuid7(), message=uuid7(), owner_pk=1, epoch=1, accepted_at=now
        )
        log = CountedLog(redis, reply_s=PATIENT_S)
        yield House(log, answer, Followers(log, {answer.generation: answer}, Admission(redis), owns=lambda: True))


async def test_one_frame_is_made_for_everybody_who_reads(house: House) -> None:
    await house.starts()
    pages = [house.page() for _ in range(5)]
    for page in pages:
        await page.shows(1)
    entry = await house.says("你好")
    for page in pages:
        await page.shows(2)
        assert page.texts[-1] is entry.text


async def test_who_asked_and_follows_before_the_first_word_needs_no_look_into_the_log(house: House) -> None:
    house.answer.turn = turn("asked")
    page = house.page()
    await house.starts()
    await house.says("你好")
    assert [type(frame) for frame in await page.shows(2)] == [Started, Delta]
    assert house.log.reads == 0
    late = house.page()
    assert [type(frame) for frame in await late.shows(2)] == [Started, Delta]
    assert house.log.reads == 1


async def test_a_slow_reader_is_given_what_was_missed_as_one_frame(house: House) -> None:
    await house.starts()
    slow, quick = house.page(), house.page()
    for page in (slow, quick):
        await page.shows(1)
    slow.reads.clear()
    for word in "一二三四五六七八九十":
        await house.says(word)
    assert len(await quick.shows(11)) == 11
    assert len(slow.texts) == 1
    slow.reads.set()
    frames = await slow.shows(4)
    deltas = [frame for frame in frames if isinstance(frame, Delta)]
    assert "".join(delta.text for delta in deltas) == "一二三四五六七八九十"
    assert [(delta.after, delta.seq) for delta in deltas] == [(0, 1), (1, 10)]


async def test_who_leaves_is_given_nothing_more_and_leaves_nothing_behind(house: House) -> None:
    await house.starts()
    stays, goes = house.page(), house.page()
    for page in (stays, goes):
        await page.shows(1)
    house.followers.leave(goes.socket)
    await house.says("一")
    await stays.shows(2)
    assert len(goes.texts) == 1
    house.followers.leave(stays.socket)
    house.followers.unfollow(house.answer.generation, stays.socket)
    await house.says("二")
    assert len(stays.texts) == 2


async def test_following_again_starts_over(house: House) -> None:
    await house.starts()
    page = house.page()
    await page.shows(1)
    await house.says("一")
    await page.shows(2)
    house.followers.follow(house.answer.generation, page.socket, 0)
    frames = await page.shows(4)
    assert next(frame for frame in frames[2:] if isinstance(frame, Delta)).text == "一"
    await house.says("二")
    assert len(await page.shows(5)) == 5
