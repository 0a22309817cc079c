"""What a process writes, in batches: one command to the log, its reply awaited, then the same bytes to the followers.

- at every tick: all answers that wrote something since the last time, ``started``, ``finished``
- in between, at once: first words, and what somebody must have before they go on (a new owner's fence)

One batch is under way at a time, so that the entries of an answer never overtake each other and Redis is asked once,
however many become urgent together: they share the next batch. One timer serves the whole process, and sets the pace at
which its endpoints are read: just before a tick takes what was written.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from django.utils import timezone

from conversations.delta_log import Appended, Entry
from conversations.live_answer import LiveAnswer
from conversations.protocol import LogFrame

logger = logging.getLogger(__name__)

SHARE = 0.5


class Log(Protocol):
    """What keeps a batch of entries, and says of each whether it did."""

    async def append(self, entries: Sequence[Entry]) -> list[Appended]: ...


def interval(took_s: float, *, least_s: float, most_s: float) -> float:
    """Until the next tick, after one that took so long.

    A tick may have ``SHARE`` of the time. One that needs more makes the loop lag: then it comes less often, and with it
    all that it costs for each answer, however little was written.
    """
    return min(max(least_s, took_s / SHARE), most_s)


class Tick:
    def __init__(self, log: Log, settled: Callable[[Entry, Appended], None], *, every_s: float, most_s: float) -> None:
        """``settled`` gets every entry with what the log said of it, in order.

        ``every_s`` lie between two ticks, up to ``most_s`` where they take more than ``SHARE`` of the time.
        """
        self._log = log
        self._settled = settled
        self._every_s = every_s
        self._most_s = most_s
        self._first: list[LiveAnswer] = []
        self._more: list[LiveAnswer] = []
        self._entries: list[Entry] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._fetches: dict[Callable[[], None], None] = {}
        self._go = asyncio.Event()
        self._is_everything = False
        self._timer: asyncio.TimerHandle | None = None
        self._pause_s = every_s
        self._next_at = 0.0
        """By the loop's clock."""

    def write(self, answer: LiveAnswer, text: str, thinking: str) -> None:
        """Called for every read that shows something."""
        is_first = answer.write(text, thinking, answer.first_token_at or timezone.now())
        if answer.awaits_tick:
            return
        answer.awaits_tick = True
        if is_first:
            self._first.append(answer)
            self._go.set()
        else:
            self._more.append(answer)
            self._soon()

    def settle(self, answer: LiveAnswer) -> None:
        """All that was written so far has its ``seq``, and goes out with the next batch."""
        if (entry := answer.take()) is not None:
            self._entries.append(entry)
            self._soon()

    def add(self, answer: LiveAnswer, frame: LogFrame) -> None:
        """An entry of its own, after what was written, with the next batch."""
        self.settle(answer)
        self._entries.append(answer.entry(frame))
        self._soon()

    async def done(self, *, at_once: bool = False) -> None:
        """All that was settled or added so far is in the log and with the followers, or known to be lost to the log."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if at_once:
            self._go.set()
        else:
            self._soon()
        await waiter

    def join(self, fetch: Callable[[], None]) -> None:
        """Fetch with every tick: one read finds all that came meanwhile, and what the tick takes is no older for it."""
        self._fetches[fetch] = None
        self._soon()

    def leave(self, fetch: Callable[[], None]) -> None:
        self._fetches.pop(fetch, None)

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._go.wait()
            self._go.clear()
            began = loop.time()
            if is_everything := self._is_everything:
                self._fetch()
            waiters, self._waiters = self._waiters, []
            try:
                await self._publish(self._batch())
            except Exception:
                logger.exception("a tick failed")
            if is_everything:
                self._pause_s = interval(loop.time() - began, least_s=self._every_s, most_s=self._most_s)
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def _soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._next_at, loop.time()), self._is_due)

    def _is_due(self) -> None:
        self._timer = None
        self._next_at = asyncio.get_running_loop().time() + self._pause_s
        self._is_everything = True
        self._go.set()

    def _fetch(self) -> None:
        for fetch in tuple(self._fetches):
            if fetch in self._fetches:  # nobody before it has ended it
                fetch()
        if self._fetches:
            self._soon()

    def _batch(self) -> list[Entry]:
        entries, self._entries = self._entries, []
        answers, self._first = self._first, []
        if self._is_everything:
            self._is_everything = False
            answers += self._more
            self._more = []
        entries += [entry for answer in answers if (entry := answer.take()) is not None]
        return entries

    async def _publish(self, entries: list[Entry]) -> None:
        if entries:
            for entry, verdict in zip(entries, await self._log.append(entries), strict=True):
                self._settled(entry, verdict)
