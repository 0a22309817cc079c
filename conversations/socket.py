"""One tab's connection, as the rest of the house sees it: frames in order, never more waiting than a bound."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

MAX_WAITING_BYTES = 262_144
"""What a slow reader may leave waiting. Beyond it deltas are dropped, and merged from the log when it reads again."""


class Socket:
    """``offer`` never waits; a writer of its own sends what was offered, in order."""

    def __init__(self, send: Callable[[str], Awaitable[None]], on_drained: Callable[[], None]) -> None:
        self._send = send
        self._on_drained = on_drained
        self._waiting: deque[str] = deque()
        self._waiting_bytes = 0
        self._something = asyncio.Event()
        self._refused = False
        self.stuck_since: float | None = None
        """Since when the server waits for this reader; None while it does not."""

    def offer(self, text: str, *, droppable: bool = False) -> bool:
        """False when the reader is too slow for a frame that the log can give again."""
        if droppable and self._waiting_bytes > MAX_WAITING_BYTES:
            self._refused = True
            return False
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        self._something.set()
        return True

    async def write(self) -> None:
        """Send until cancelled. The server's own back-pressure is what makes this wait."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                text = self._waiting.popleft()
                self.stuck_since = time.monotonic()
                await self._send(text)
                self.stuck_since = None
                self._waiting_bytes -= len(text)
            if self._refused:
                self._refused = False
                self._on_drained()
