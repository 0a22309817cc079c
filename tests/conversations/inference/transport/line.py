"""The ends of a line that these tests hold: one without a network, and a server that does what it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


class Line(asyncio.Transport):
    """A transport to nowhere; what is asked of it can be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.wants_more = True
        self.is_aborted = False

    def is_closing(self) -> bool:
        return self.is_aborted

    def abort(self) -> None:
        self.is_aborted = True

    def pause_reading(self) -> None:
        assert self.wants_more
        self.wants_more = False

    def resume_reading(self) -> None:
        assert not self.wants_more
        self.wants_more = True


class Talk:
    """One connection, seen from the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> bytes:
        """Head and body of the next one. Raises ``IncompleteReadError`` once the client has left."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
        return head + await self._reader.readexactly(length)

    async def answer(self, response: bytes) -> None:
        self._writer.write(response)
        await self._writer.drain()

    def half_close(self) -> None:
        self._writer.write_eof()

    async def until_left(self) -> None:
        """By the client, with whatever it still had to say."""
        with suppress(ConnectionError):
            while await self._reader.read(65536):
                pass


Serve = Callable[[Talk], Awaitable[None]]


class Server:
    """Counts what a client did to it."""

    def __init__(self) -> None:
        self.port = 0
        self.accepted = 0
        self.open = 0
        self._changed = asyncio.Event()

    def count(self, change: int) -> None:
        self.accepted += change > 0
        self.open += change
        self._changed.set()

    async def until_open(self, number: int) -> None:
        while self.open != number:
            self._changed.clear()
            await self._changed.wait()


@asynccontextmanager
async def serving(serve: Serve, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """``serve`` once per connection, which ends with it."""
    server = Server()
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.count(1)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serve(Talk(reader, writer))
        finally:
            writer.close()
            server.count(-1)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        talks.add(task)
        task.add_done_callback(talks.discard)

    listening = await asyncio.start_server(accept, host, 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def answering(response: bytes = ANSWER) -> Serve:
    """The same to every request, as long as the client stays."""

    async def serve(talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.answer(response)

    return serve


def once(response: bytes) -> Serve:
    """One answer; then the server closes."""

    async def serve(talk: Talk) -> None:
        await talk.request()
        await talk.answer(response)

    return serve
