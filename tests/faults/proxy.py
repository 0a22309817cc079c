"""A TCP proxy in front of Redis, PostgreSQL, an endpoint or a web process, whose line can be spoilt while it runs.

It knows nothing of what it carries. It lives in a thread of the test with a loop of its own; every call on it blocks
until it has taken effect.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.ports import reserved

T = TypeVar("T")

HOST = "127.0.0.1"
CHUNK = 65_536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER for no seconds: closing sends RST, and what was not yet sent is lost."""


class Way(Enum):
    """What becomes of bytes, and of connections that are dialled."""

    PASS = "pass"
    HOLD = "hold"
    """Nothing moves, nothing is lost: a server that was paused. It moves on when the way is PASS again."""
    SWALLOW = "swallow"
    """A black hole: accepted and thrown away. A connection that lost a byte so stays black for ever."""
    MUTE = "mute"
    """What is said to the server arrives; its replies are thrown away, for good on a connection that lost one."""
    REFUSE = "refuse"
    """Nobody listens, and what was connected is reset."""


@dataclass(slots=True, eq=False)
class _Link:
    """One connection through the proxy: both its halves, and the tasks that carry."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    lost_bytes: bool = False
    lost_replies: bool = False
    carriers: list["asyncio.Task[None]"] = field(default_factory=list)

    def close(self, *, reset: bool) -> None:
        for carrier in self.carriers:
            carrier.cancel()
        for writer in (self.client, self.server):
            if writer is None:
                continue
            if reset:
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                writer.transport.abort()
            else:
                writer.close()


class Proxy:
    """``with Proxy(port_of_the_server) as proxy``: the product is given ``proxy.port``."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._way = Way.PASS
        self._delay_s = 0.0
        self._links: set[_Link] = set()
        self._dialled = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy of {target}", daemon=True)
        self._thread.start()
        self._do(self._begin())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- the knobs ----------------------------------------------------------------------------------------------------

    @property
    def connections(self) -> int:
        """Dialled so far."""
        return self._dialled

    @property
    def open_connections(self) -> int:
        return len(self._links)

    def turn(self, way: Way) -> None:
        self._do(self._turn(way))

    def aim(self, target: int) -> None:
        """As a load balancer does: whoever dials from now on reaches this port; who is connected stays connected."""
        self._do(self._aim(target))

    def delay(self, seconds: float) -> None:
        """Each chunk waits so long, in both directions; 0 ends it."""
        self._do(self._set_delay(seconds))

    def cut(self) -> None:
        """Close every connection in order (FIN), both ways. The next one is served."""
        self._do(self._close_links(reset=False))

    def reset(self) -> None:
        """Break every connection off (RST). The next one is served."""
        self._do(self._close_links(reset=True))

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- in the proxy's own loop --------------------------------------------------------------------------------------

    def _do(self, step: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(timeout=10)

    async def _begin(self) -> None:
        self._moves = asyncio.Event()
        self._moves.set()
        self.port = reserved()
        await self._listen()

    async def _end(self) -> None:
        self._server.close()
        await self._close_links(reset=True)

    async def _listen(self) -> None:
        """The port stays the same for good: the product was told it once."""
        self._server = await asyncio.start_server(self._accept, HOST, self.port, backlog=1024)

    async def _turn(self, way: Way) -> None:
        was, self._way = self._way, way
        if way is Way.HOLD:
            self._moves.clear()
        else:
            self._moves.set()
        if way is Way.REFUSE and was is not Way.REFUSE:
            self._server.close()
            await self._close_links(reset=True)
        if was is Way.REFUSE and way is not Way.REFUSE:
            await self._listen()

    async def _aim(self, target: int) -> None:
        self._target = target

    async def _set_delay(self, seconds: float) -> None:
        self._delay_s = seconds

    async def _close_links(self, *, reset: bool) -> None:
        links, self._links = self._links, set()
        for link in links:
            link.close(reset=reset)
        await asyncio.sleep(0)  # transports close in the next turn of the loop

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._dialled += 1
        link = _Link(writer)
        self._links.add(link)
        link.carriers.append(asyncio.create_task(self._serve(link, reader)))

    async def _serve(self, link: _Link, reader: asyncio.StreamReader) -> None:
        try:
            await self._moves.wait()
            there, link.server = await asyncio.open_connection(HOST, self._target)
            link.carriers.append(asyncio.create_task(self._carry(link, there, link.client)))
            await self._carry(link, reader, link.server)
        except OSError:
            link.close(reset=True)  # nobody serves behind us
            self._links.discard(link)

    async def _carry(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until its end; the end is carried over too, as far as anything is."""
        try:
            while chunk := await reader.read(CHUNK):
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                await self._moves.wait()
                link.lost_bytes = link.lost_bytes or self._way is Way.SWALLOW
                link.lost_replies = link.lost_replies or (self._way is Way.MUTE and writer is link.client)
                if not link.lost_bytes and not (link.lost_replies and writer is link.client):
                    writer.write(chunk)
                    await writer.drain()
            await self._moves.wait()
        except OSError:
            pass
        if not link.lost_bytes and self._way is not Way.SWALLOW:
            link.close(reset=False)
            self._links.discard(link)
