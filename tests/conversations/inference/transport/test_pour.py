"""A body that is handed on as it comes, or at somebody's pace: then nobody looks at the connection in between."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conversations.inference.errors import UpstreamReset
from conversations.inference.response import UpstreamResponse
from conversations.inference.transport.address import Origin
from conversations.inference.transport.pool import Pool
from tests.certificate import Certificate
from tests.conversations.inference.transport.line import Server, Talk, serving

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
LEAVE, LISTEN = b"leave", b"listen"
"""For the endpoint itself."""


def chunk(word: str) -> bytes:
    return b"%x\r\n%b\r\n" % (len(word), word.encode())


@dataclass
class Beat:
    """A pace that these tests set: every ``fetch`` is called when they say so."""

    fetches: list[Callable[[], None]] = field(default_factory=list)
    joined: asyncio.Event = field(default_factory=asyncio.Event)

    def join(self, fetch: Callable[[], None]) -> None:
        self.fetches.append(fetch)
        self.joined.set()

    def leave(self, fetch: Callable[[], None]) -> None:
        self.fetches.remove(fetch)

    def beat(self) -> None:
        for fetch in tuple(self.fetches):
            fetch()


@dataclass
class Reader:
    """Takes words until it has enough."""

    words: list[str] = field(default_factory=list)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, read: bytes) -> bool:
        self.words.append(read.decode())
        self._heard.set()
        return "enough?" not in self.words[-1]

    async def has(self, number: int) -> None:
        while len(self.words) < number:
            self._heard.clear()
            await self._heard.wait()

    async def until(self, text: str, beat: Beat) -> None:
        while "".join(self.words) != text:
            beat.beat()
            await asyncio.sleep(0)


class Words:
    """An endpoint that says what it is told, to one request after the other."""

    def __init__(self) -> None:
        self._says: asyncio.Queue[bytes] = asyncio.Queue()
        self._said = asyncio.Event()

    async def serve(self, talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.answer(HEAD)
            while not (said := await self._says.get()).endswith(END):
                if said == LEAVE:
                    return None
                if said == LISTEN:
                    return await talk.until_left()
                await talk.answer(said)
                self._said.set()
            await talk.answer(said)
            self._said.set()

    async def say(self, said: bytes) -> None:
        """On its way when this returns."""
        self._said.clear()
        self._says.put_nowait(said)
        await self._said.wait()

    def leave(self) -> None:
        self._says.put_nowait(LEAVE)

    def listen(self) -> None:
        """Until the other side has left."""
        self._says.put_nowait(LISTEN)


@dataclass(frozen=True)
class Asked:
    response: UpstreamResponse
    again: Callable[[], Awaitable[UpstreamResponse]]
    server: Server


Ask = Callable[[], AbstractAsyncContextManager[Asked]]


@pytest.fixture(params=["http", "https"])
def ask(request: pytest.FixtureRequest, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asked once, headers are there; closed at the end."""
    certificate = Certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    scheme = str(request.param)

    @asynccontextmanager
    async def asked() -> AsyncIterator[Asked]:
        async with serving(words.serve, tls=certificate.context if scheme == "https" else None) as server:
            pool = Pool(Origin(scheme=scheme, host="127.0.0.1", port=server.port))

            async def again() -> UpstreamResponse:
                return await pool.send(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", connect_s=30)

            response = await again()
            try:
                yield Asked(response, again, server)
            finally:
                await response.close()
                pool.close()

    return asked


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def beat() -> Beat:
    return Beat()


async def test_without_a_pace_it_is_handed_on_as_it_comes(ask: Ask, words: Words, reader: Reader) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, None))
        for number, word in enumerate(["one ", "two "], start=1):
            await words.say(chunk(word))
            await reader.has(number)
        await words.say(END)

        assert await pouring is True
        assert reader.words == ["one ", "two "]


async def test_at_a_pace_nobody_is_woken_between_two_beats(ask: Ask, words: Words, reader: Reader, beat: Beat) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
        await beat.joined.wait()
        for word in ("one ", "two ", "three "):
            await words.say(chunk(word))
        assert reader.words == []

        await reader.until("one two three ", beat)
        await words.say(END)
        while not pouring.done():
            beat.beat()
            await asyncio.sleep(0)

        assert pouring.result() is True
        assert beat.fetches == []


async def test_what_is_enough_leaves_the_rest_for_the_next(ask: Ask, words: Words, reader: Reader, beat: Beat) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, None))
        await words.say(chunk("enough? "))
        assert await pouring is False

        pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
        await words.say(chunk("more ") + END)
        await reader.until("enough? more ", beat)
        beat.beat()

        assert await pouring is True


async def test_read_to_its_end_at_a_pace_its_connection_serves_the_next(
    ask: Ask, words: Words, reader: Reader, beat: Beat
) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
        await words.say(chunk("one ") + END)
        await reader.until("one ", beat)
        beat.beat()
        assert await pouring is True
        await asked.response.close()

        response = await asked.again()
        pouring = asyncio.ensure_future(response.pour(reader.take, None))
        await words.say(chunk("two ") + END)

        assert await pouring is True
        assert reader.words[-1] == "two "
        assert asked.server.accepted == 1
        await response.close()


async def test_a_line_that_breaks_between_two_beats_is_told_after_the_last_words(
    ask: Ask, words: Words, reader: Reader, beat: Beat
) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
        await beat.joined.wait()
        await words.say(chunk("last "))
        words.leave()
        await asked.server.until_open(0)
        while not pouring.done():
            beat.beat()
            await asyncio.sleep(0)

        assert reader.words == ["last "]
        with pytest.raises(UpstreamReset):
            await pouring


async def test_left_in_the_middle_the_endpoint_learns_of_it(ask: Ask, words: Words, reader: Reader, beat: Beat) -> None:
    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
        await words.say(chunk("one "))
        await reader.until("one ", beat)
        pouring.cancel()
        await asyncio.gather(pouring, return_exceptions=True)
        await asked.response.close()
        words.listen()
        await asked.server.until_open(0)

        assert beat.fetches == []


async def test_a_fault_of_whoever_takes_it_is_theirs(ask: Ask, words: Words, beat: Beat) -> None:
    def take(_read: bytes) -> bool:
        raise LookupError("a fault of ours")

    async with ask() as asked:
        pouring = asyncio.ensure_future(asked.response.pour(take, None))
        await words.say(chunk("one "))

        with pytest.raises(LookupError):
            await pouring


async def test_without_a_descriptor_left_it_is_read_all_the_same(
    ask: Ask, words: Words, reader: Reader, beat: Beat
) -> None:
    async with ask() as asked:
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        try:
            pouring = asyncio.ensure_future(asked.response.pour(reader.take, beat))
            await beat.joined.wait()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        await words.say(chunk("one ") + END)
        await reader.until("one ", beat)
        beat.beat()

        assert await pouring is True
