"""A virtual tab: what a page does with the socket, in Python. Strict about the protocol; remembers all it saw."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from conversations import protocol
from conversations.database import in_database
from conversations.ids import uuid7
from conversations.models import text_digest
from conversations.protocol import (
    Accepted,
    AnyServerFrame,
    Delta,
    Error,
    Finished,
    Queued,
    Snapshot,
    Started,
    Welcome,
)

F = TypeVar("F")
PATIENCE_S = 15.0


async def eventually(found: Callable[[], Awaitable[F | None]], *, timeout_s: float = PATIENCE_S) -> F:
    """The first true value of a look at the database or another process; nothing tells when it changes."""
    async with asyncio.timeout(timeout_s):
        while not (value := await found()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return value


@dataclass
class Seen:
    """What a tab shows of one generation."""

    seq: int = 0
    text: str = ""
    thinking: str = ""
    started: Started | None = None
    finished: Finished | None = None
    asked: bool = False
    """For what was missed before an entry that came: that is given again."""
    positions: list[int] = field(default_factory=list)
    was_taken_back: bool = False
    """A snapshot came that does not begin with what was shown: only where the log was lost with its owner."""
    broken: list[str] = field(default_factory=list)
    """What no page may ever be told, each with the invariant's name."""


class Tab:
    def __init__(
        self, base_url: str, sign_in: Callable[[], str], *, through: int | None = None, client: str = ""
    ) -> None:
        """``sign_in`` gives the session's key; it reads the database. ``through``: the port of what stands in front of
        the address that its page has. ``client``: what it calls itself.
        """
        self._client = client
        self.origin = base_url
        self._through = through
        self._sign_in = sign_in
        self.frames: list[AnyServerFrame] = []
        self.seen: dict[UUID, Seen] = {}
        self.said: dict[UUID, set[str]] = {}
        """The texts that were sent under each request id."""
        self.gaps = 0
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> Welcome:
        session = await in_database(self._sign_in)
        address = self.origin if self._through is None else f"http://127.0.0.1:{self._through}"
        self._connection: ClientConnection = await connect(
            address.replace("http", "ws", 1) + (f"/ws/?client={self._client}" if self._client else "/ws/"),
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"sessionid={session}"},
            compression=None,
            max_size=None,
        )
        already = len(self.frames)
        self._reader = asyncio.create_task(self._read())
        try:
            return await self.until(lambda: next((f for f in self.frames[already:] if isinstance(f, Welcome)), None))
        except BaseException:
            self._connection.transport.abort()  # who dials again must not count as two
            raise

    async def close(self) -> None:
        await self._connection.close()
        await self._reader

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):  # by the server, or by its death
            async for raw in self._connection:
                frame = protocol.decode_server(raw)
                async with self._news:
                    self.frames.append(frame)
                    await self._apply(frame)
                    self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    async def _apply(self, frame: AnyServerFrame) -> None:
        if not isinstance(frame, Started | Delta | Snapshot | Finished | Queued):
            return
        seen = self.seen.setdefault(frame.generation, Seen())
        match frame:
            case Queued(position=position):
                seen.positions.append(position)
            case Started():
                seen.started = frame
            case Snapshot():
                _replace(seen, frame)
            case Delta() if frame.after == seen.seq:
                _append(seen, frame)
            case Delta() if frame.seq > seen.seq:
                self.gaps += 1
                seen.asked = True
                await self.say("follow", generation=frame.generation, after=seen.seq)
            case Finished() if seen.asked and frame.seq > seen.seq + 1:
                pass  # it comes again, after what was asked for
            case Finished():
                _finish(seen, frame)

    async def say(self, kind: str, **fields: Any) -> None:
        if kind == "send":
            fields.setdefault("parent", None)
            if isinstance(fields.get("id"), UUID):
                self.said.setdefault(fields["id"], set()).add(str(fields.get("text")))
        await self.raw(msgspec.json.encode({"type": kind, **fields}).decode())

    async def raw(self, text: str | bytes) -> None:
        await self._connection.send(text)

    async def until(self, found: Callable[[], F | None], *, timeout_s: float = PATIENCE_S) -> F:
        """The first true value; fails with everything this tab saw."""
        try:
            async with asyncio.timeout(timeout_s), self._news:
                while not (value := found()):
                    await self._news.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"did not come; the last frames: {self.frames[-8:]}") from None

    async def until_closed(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            await self._connection.wait_closed()
        assert self._connection.close_code is not None
        return self._connection.close_code

    # --- what people do -----------------------------------------------------------------------------------------------

    async def ask(self, text: str, **fields: Any) -> Accepted:
        """Send, and wait for it to be accepted."""
        fields = {"id": uuid7(), "conversation": uuid7(), **fields}
        return await self.accepted("send", text=text, **fields)

    async def accepted(self, kind: str, **fields: Any) -> Accepted:
        fields.setdefault("id", uuid7())
        await self.say(kind, **fields)
        answer = await self.answered(UUID(str(fields["id"])))
        assert isinstance(answer, Accepted), answer
        return answer

    async def answered(self, request: UUID) -> Accepted | Error:
        return await self.until(lambda: self._answer_to(request))

    async def refused(self, kind: str, **fields: Any) -> Error:
        """Send something that is answered by an error, and return it."""
        already = len(self.frames)
        await self.say(kind, **fields)
        return await self.until(lambda: next((f for f in self.frames[already:] if isinstance(f, Error)), None))

    def _answer_to(self, request: UUID) -> Accepted | Error | None:
        return next((f for f in reversed(self.frames) if isinstance(f, Accepted | Error) and f.id == request), None)

    async def finished(self, generation: UUID, *, timeout_s: float = PATIENCE_S) -> Seen:
        await self.until(lambda: self.of(generation).finished, timeout_s=timeout_s)
        assert not self.of(generation).broken, self.of(generation).broken
        return self.of(generation)

    async def shows(self, generation: UUID, characters: int = 1) -> Seen:
        """Wait until so much of the answer is visible."""
        await self.until(lambda: len(self.of(generation).text) >= characters)
        return self.of(generation)

    def of(self, generation: UUID) -> Seen:
        return self.seen.setdefault(generation, Seen())


def _replace(seen: Seen, frame: Snapshot) -> None:
    if seen.finished is not None and frame.text != seen.text:
        seen.broken.append(f"I6: other words after finished: {frame.text[:80]!r}")
    if not frame.text.startswith(seen.text) or (seen.finished is None and frame.seq < seen.seq):
        seen.was_taken_back = True
    seen.seq, seen.text, seen.thinking, seen.asked = frame.seq, frame.text, frame.thinking, False


def _append(seen: Seen, frame: Delta) -> None:
    if seen.finished is not None:
        seen.broken.append(f"I6: entry {frame.seq} after finished {seen.finished.seq}")
    if frame.seq <= frame.after:
        seen.broken.append(f"I6: a delta from {frame.after} to {frame.seq}")
    seen.seq, seen.asked = frame.seq, False
    seen.text += frame.text
    seen.thinking += frame.thinking


def _finish(seen: Seen, frame: Finished) -> None:
    if seen.finished not in (None, frame):
        seen.broken.append(f"I5: ended as {seen.finished}, then as {frame}")
    if (frame.length, frame.sha256) != text_digest(seen.text):
        seen.broken.append(f"I4: finished speaks of {frame.length} characters, shown are {seen.text[-80:]!r}")
    if seen.finished is None and frame.seq != seen.seq + 1:
        seen.broken.append(f"I6: finished is entry {frame.seq} after entry {seen.seq}")
    seen.seq, seen.finished = frame.seq, frame
