"""The load: people on websockets who ask, read, and ask again. Cheap, so that it measures the server and not itself."""

import asyncio
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import cast

from tests.load.answers import Answer, expected
from tests.load.websocket import CLOSE, PING, PONG, TEXT, Frames, frame

OPEN_S = 30.0
_KEY = b64encode(bytes(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A server on this machine; no other is ever a target."""

    name: str
    host: str
    port: int
    answer: Callable[[str, int], Answer]
    greets: bool
    """Its first frame says that it is ready."""

    def __post_init__(self) -> None:
        if not ip_address(self.host).is_loopback:
            raise ValueError("the benchmark only asks servers on the loopback address")


class Connection(asyncio.Protocol):
    """A websocket. ``on_frame`` gets every text frame; a lost connection is told as None."""

    def __init__(self, target: Target, session: str) -> None:
        self.target = target
        self.on_frame: Callable[[bytes | None], None] = self._greeted
        self._session = session
        self._frames = Frames()
        self._head: bytes | None = b""
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pong: asyncio.Future[None] | None = None

    async def open(self) -> None:
        async with asyncio.timeout(OPEN_S):
            await asyncio.get_running_loop().create_connection(lambda: self, self.target.host, self.target.port)
            await self._ready

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        address = f"{self.target.host}:{self.target.port}"
        self._transport.write(
            f"GET /ws/ HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY.decode()}\r\n"
            f"Cookie: sessionid={self._session}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            head, end, data = (self._head + data).partition(b"\r\n\r\n")
            if not end:
                self._head = head
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self._transport.close()
                return
            self._head = None
            if not self.target.greets:
                self._greeted(b"")
        for opcode, payload in self._frames.feed(data):
            if opcode == TEXT:
                self.on_frame(payload)
            elif opcode == PONG and self._pong and not self._pong.done():
                self._pong.set_result(None)
            elif opcode == PING:
                self._transport.write(frame(PONG, payload, from_client=True))
            elif opcode == CLOSE:
                self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self.on_frame(None)

    def _greeted(self, payload: bytes | None) -> None:
        if self._ready.done():
            return
        if payload is None:
            self._ready.set_exception(ConnectionError(f"{self.target.name} refused a socket"))
        else:
            self._ready.set_result(None)

    def say(self, text: bytes) -> None:
        self._transport.write(frame(TEXT, text, from_client=True))

    async def ping_s(self) -> float:
        """How long the server takes to answer, in the server's own code only: nothing of the product is asked."""
        self._pong = asyncio.get_running_loop().create_future()
        asked = time.perf_counter()
        self._transport.write(frame(PING, b"", from_client=True))
        await self._pong
        return time.perf_counter() - asked

    def close(self) -> None:
        self.on_frame = lambda _: None
        self._transport.close()


@dataclass(slots=True)
class Tally:
    """What all chats of a round saw. Times and turns count only while ``is_counting``."""

    is_counting: bool = False
    characters: int = 0
    frames: int = 0
    waited: int = 0
    """Turns that were told a place in the line."""
    first_s: list[float] = field(default_factory=list)
    gap_s: list[float] = field(default_factory=list)
    turn_s: list[float] = field(default_factory=list)
    ping_s: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, eq=False)
class Chat:
    """One person with one socket. ``nonces`` are shared by all, so that no two turns expect the same text."""

    connection: Connection
    tally: Tally
    nonces: Iterator[int]
    tokens: int
    limit_s: float
    """After so long a turn is an error."""
    _answer: Answer | None = None
    _over: "asyncio.Future[None] | None" = None
    _sent_at: float = 0.0
    _last_at: float = 0.0

    async def talk(self, *, until: float, pauses: Callable[[], float]) -> None:
        """Turn after turn, ``pauses()`` seconds apart; none begins after ``until``, by the loop's clock.

        The first fault ends it.
        """
        loop = asyncio.get_running_loop()
        is_well = True
        while is_well and loop.time() < until:
            is_well = await self.ask()
            await asyncio.sleep(pauses())

    async def ask(self) -> bool:
        """One turn; whether it went as it should."""
        fault = await self._turn(f"{next(self.nonces):05d}")
        if fault:
            self.tally.errors[fault] += 1
        return not fault

    async def _turn(self, nonce: str) -> str:
        self.connection.on_frame = self._heard
        self._over = asyncio.get_running_loop().create_future()
        self._answer = answer = self.connection.target.answer(nonce, self.tokens)
        self._last_at = 0.0
        self._sent_at = time.perf_counter()
        self.connection.say(answer.request)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.limit_s):
                await self._over
        if not answer.is_over and not answer.fault:
            return "not finished in time"
        if self.tally.is_counting:
            self.tally.turn_s.append(time.perf_counter() - self._sent_at)
            self.tally.waited += answer.has_waited
        return answer.fault or ("" if answer.text == expected(nonce, self.tokens) else "another text")

    def _heard(self, payload: bytes | None) -> None:
        answer, over, tally = self._answer, self._over, self.tally
        if answer is None or over is None or over.done():
            return
        if payload is None:
            answer.fault = "connection lost"
        elif visible := answer.take(payload):
            now = time.perf_counter()
            tally.characters += visible
            if tally.is_counting:
                tally.frames += 1
                if self._last_at:
                    tally.gap_s.append(now - self._last_at)
                else:
                    tally.first_s.append(now - self._sent_at)
            self._last_at = now
        if answer.is_over or answer.fault:
            over.set_result(None)
