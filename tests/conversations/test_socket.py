"""One tab's connection: nothing stands between a frame and the server's ``send`` while the reader keeps up."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from conversations.socket import CLOSE_TOO_SLOW, MAX_WAITING, Message, Socket
from conversations.timing import timing


@dataclass
class Reader:
    """The server's side of a page, which reads or does not. ``refuses``: what ``send`` raises for one who is gone."""

    got: list[Message] = field(default_factory=list)
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    drained: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: type[Exception] | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        if self.refuses is not None:
            raise self.refuses
        self.got.append(message)

    def socket(self) -> Socket:
        return Socket(self.send, on_drained=lambda _: self.drained.set(), end=self.ended.set)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.got if message["type"] == "websocket.send"]


@pytest.fixture
def reader() -> Reader:
    """Reads."""
    reader = Reader()
    reader.reads.set()
    return reader


async def test_a_reader_who_keeps_up_costs_no_task_and_no_wait(reader: Reader) -> None:
    socket, tasks = reader.socket(), asyncio.all_tasks()
    for number in range(100):
        socket.offer(str(number))
        assert reader.texts[-1] == str(number)
    assert asyncio.all_tasks() == tasks
    assert not socket.is_blocked


async def test_one_task_carries_what_a_slow_reader_leaves_waiting_in_order(reader: Reader) -> None:
    socket, tasks = reader.socket(), asyncio.all_tasks()

    def stuck() -> bool:
        return socket.is_blocked and socket.stuck_since is not None

    reader.reads.clear()
    for number in range(10):
        socket.offer(str(number))
    assert stuck()
    assert len(asyncio.all_tasks() - tasks) == 1
    reader.reads.set()
    await reader.drained.wait()
    assert reader.texts == [str(number) for number in range(10)]
    assert not stuck()
    socket.offer("and on")
    assert reader.texts[-1] == "and on"


async def test_no_more_waits_than_the_bound_then_the_reader_is_let_go(reader: Reader) -> None:
    socket = reader.socket()
    reader.reads.clear()
    socket.offer("first")
    for _ in range(3):
        socket.offer("x" * (MAX_WAITING // 2))
    assert socket.is_closed
    (carrying,) = asyncio.all_tasks() - {asyncio.current_task()}
    reader.reads.set()
    await carrying
    assert reader.got == [
        {"type": "websocket.send", "text": "first"},
        {"type": "websocket.close", "code": CLOSE_TOO_SLOW},
    ]
    assert not reader.drained.is_set()


async def test_nothing_is_said_after_the_close(reader: Reader) -> None:
    socket = reader.socket()
    socket.close(4401)
    socket.offer("late")
    socket.close(4408)
    assert reader.got == [{"type": "websocket.close", "code": 4401}]


@pytest.mark.parametrize("blocked_by", ["a word", "the closing frame"])
async def test_who_does_not_even_take_the_closing_frame_is_gone_when_they_took_nothing_for_so_long(
    reader: Reader, blocked_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = replace(timing(), stuck_s=0.0)
    monkeypatch.setattr("conversations.socket.timing", lambda: impatient)
    socket = reader.socket()
    reader.reads.clear()
    if blocked_by == "a word":
        socket.offer("a word")
    socket.close(CLOSE_TOO_SLOW)
    await reader.ended.wait()
    assert not reader.got


async def test_who_reads_in_time_is_told_why_and_ends_the_connection_themselves(reader: Reader) -> None:
    socket = reader.socket()
    reader.reads.clear()
    socket.offer("a word")
    socket.close(CLOSE_TOO_SLOW)
    reader.reads.set()
    (carrying,) = asyncio.all_tasks() - {asyncio.current_task()}
    await carrying
    assert reader.got[-1] == {"type": "websocket.close", "code": CLOSE_TOO_SLOW}
    assert not reader.ended.is_set()


@pytest.mark.parametrize("refusal", [OSError, RuntimeError])
async def test_a_page_that_is_gone_is_no_error(reader: Reader, refusal: type[Exception]) -> None:
    reader.refuses = refusal
    socket = reader.socket()
    socket.offer("to nobody")
    reader.reads.clear()
    socket.offer("to nobody")
    (carrying,) = asyncio.all_tasks() - {asyncio.current_task()}
    reader.reads.set()
    await carrying
    assert not socket.is_blocked
