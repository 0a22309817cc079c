"""One tab's connection, as the rest of the house sees it: frames in order, never more waiting than a bound."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from dataclasses import dataclass
from typing import Any

from conversations.timing import timing

Message = MutableMapping[str, Any]
"""As ASGI has it: ``websocket.send`` with its text, ``websocket.close`` with its code."""

MAX_WAITING = 262_144
"""Characters. What is sent to a reader who does not read waits here; beyond it they are let go."""
CLOSE_TOO_SLOW = 4408

_GONE = (OSError, RuntimeError)
"""What uvicorn says of a page that is gone, and of one whom it said goodbye itself. Its reader hears of both."""


class Socket:
    """``offer`` never waits: a frame goes straight to the server's ``send``, whose coroutine is driven on the spot.

    While the reader keeps up that is all of it: no task, no queue, no timer. When the server waits for the reader, a
    task carries the frame on, and ``is_blocked`` until that is done. Frames that the log can give again are not
    offered meanwhile: whoever offers them keeps a cursor, and hears through ``on_drained`` when to go on from there.
    """

    __slots__ = ("_carrying", "_end", "_on_drained", "_send", "_waiting", "_waiting_size", "is_closed", "stuck_since")

    def __init__(
        self,
        send: Callable[[Message], Coroutine[Any, Any, None]],
        *,
        on_drained: "Callable[[Socket], None]",
        end: Callable[[], object],
    ) -> None:
        """``end`` ends the connection of a reader who does not even take the closing frame."""
        self._send = send
        self._on_drained = on_drained
        self._end = end
        self._carrying: asyncio.Task[None] | None = None
        self._waiting: list[Message] = []
        self._waiting_size = 0
        self.is_closed = False
        self.stuck_since: float | None = None
        """Since when the server waits for this reader; None while it does not."""

    @property
    def is_blocked(self) -> bool:
        return self._carrying is not None

    def offer(self, text: str) -> None:
        if self.is_closed:
            return
        message: Message = {"type": "websocket.send", "text": text}
        if self._carrying is None:
            self._give(message)
            return
        self._waiting.append(message)
        self._waiting_size += len(text)
        if self._waiting_size > MAX_WAITING:
            self.close(CLOSE_TOO_SLOW)

    def close(self, code: int) -> None:
        """Nothing is offered any more. Who does not read hears of it when they do; at ``stuck_s`` without, it ends."""
        if self.is_closed:
            return
        self.is_closed = True
        closing: Message = {"type": "websocket.close", "code": code}
        if self._carrying is None:
            self._give(closing)
        else:
            self._waiting = [closing]
        if self.stuck_since is not None:
            left_s = self.stuck_since + timing().stuck_s - time.monotonic()
            asyncio.get_running_loop().call_later(max(left_s, 0), self._end)

    def _give(self, message: Message) -> None:
        sending = self._send(message)
        try:
            waits_for = sending.send(None)
        except (StopIteration, *_GONE):
            return
        self.stuck_since = time.monotonic()
        self._carrying = asyncio.create_task(self._carry_on(_Begun(sending, waits_for)), name="slow reader")

    async def _carry_on(self, sending: Awaitable[None]) -> None:
        try:
            await sending
            while self._waiting:
                message = self._waiting.pop(0)
                self._waiting_size -= len(message.get("text", ""))
                self.stuck_since = time.monotonic()
                await self._send(message)
        except _GONE:
            self._waiting.clear()
        finally:
            self._carrying, self.stuck_since = None, None
        if not self.is_closed:
            self._on_drained(self)


@dataclass(slots=True)
class _Begun:
    """A coroutine that was driven up to its first wait: awaiting this is the rest of it."""

    coroutine: Coroutine[Any, Any, None]
    waits_for: object

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self.waits_for
        except BaseException:
            self.coroutine.close()
            raise
        yield from self.coroutine.__await__()
