"""Who is reading which generation in this process, and how every word reaches them: one path for all.

The starter, a second tab, another device and a reconnect follow the same way: they are registered
first, then what they miss is read, then what was read twice is dropped. Generations of this process
are pushed by its tick; those of other processes are fed by one multiplexed read of their logs.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from redis.exceptions import RedisError

from conversations import protocol
from conversations.admission import Admission
from conversations.database import in_database
from conversations.delta_log import DeltaLog
from conversations.errors import ConversationError
from conversations.live_answer import LiveAnswer
from conversations.protocol import Delta, Finished, LogFrame, Queued, Snapshot, Started
from conversations.replay import replay
from conversations.rows import row_frames, still_active
from conversations.socket import Socket
from conversations.timing import timing

logger = logging.getLogger(__name__)

FEED_BLOCK_MS = 200
"""How long one read of foreign logs blocks: a log followed from now on joins the next one."""


@dataclass(slots=True, eq=False)
class Follower:
    """One socket's reading of one generation."""

    generation: UUID
    socket: Socket
    cursor: int
    catching_up: bool = True
    again: bool = False
    """Something came that it was not given: it was catching up, or its reader was not reading."""
    place: int = 0
    """In the queue, as it was last told; 0 before that."""


@dataclass(slots=True)
class _Readers:
    """Of one generation."""

    followers: dict[Socket, Follower] = field(default_factory=dict)
    last_entry: str = "0-0"
    heard_at: float = field(default_factory=time.monotonic)


class Followers:
    def __init__(
        self, log: DeltaLog, local: Mapping[UUID, LiveAnswer], admission: Admission, *, owns: Callable[[], bool]
    ) -> None:
        """``local`` are the generations that this process runs itself; ``owns``: are they its own for certain?"""
        self._log = log
        self._local = local
        self._owns = owns
        self._admission = admission
        self._readers: dict[UUID, _Readers] = {}
        self._reads: dict[Socket, dict[UUID, Follower]] = {}
        """The same followers by socket, so that nothing walks all generations for one of them."""
        self._catch_ups: set[asyncio.Task[None]] = set()

    def follow(self, generation: UUID, socket: Socket, after: int) -> None:
        """Send ``socket`` all of ``generation`` past ``after``, now and as it comes. Following twice starts over.

        Who asked, and follows before the first word, has missed nothing: no log is read for that.
        """
        self.unfollow(generation, socket)
        follower = Follower(generation, socket, after)
        self._readers.setdefault(generation, _Readers()).followers[socket] = follower
        self._reads.setdefault(socket, {})[generation] = follower
        answer = self._local.get(generation)
        if answer is not None and answer.is_unheard:
            follower.catching_up = False
        else:
            self._catch_up(follower)

    def reads(self, generation: UUID, socket: Socket) -> bool:
        return generation in self._reads.get(socket, {})

    def unfollow(self, generation: UUID, socket: Socket) -> None:
        reads = self._reads.get(socket)
        if reads is None or reads.pop(generation, None) is None:
            return
        if not reads:
            del self._reads[socket]
        readers = self._readers[generation]
        del readers.followers[socket]
        if not readers.followers:
            del self._readers[generation]

    def leave(self, socket: Socket) -> None:
        for generation in list(self._reads.get(socket, ())):
            self.unfollow(generation, socket)

    def drained(self, socket: Socket) -> None:
        """A slow reader reads again: give it what it missed, merged."""
        for follower in self._reads.get(socket, {}).values():
            if follower.again and not follower.catching_up:
                self._catch_up(follower)

    def deliver(self, generation: UUID, frame: LogFrame, text: str) -> None:
        """A new log entry: to everybody who has all before it, as the bytes that stand in the log."""
        readers = self._readers.get(generation)
        if readers is None:
            return
        readers.heard_at = time.monotonic()
        for follower in tuple(readers.followers.values()):
            if follower.catching_up or follower.socket.is_blocked:
                follower.again = True
            else:
                self._pass_on(follower, frame, text)

    def waiting(self, generation: UUID, position: int, eta_s: int | None) -> None:
        """Somebody's place in the queue. Not a log entry: only the newest is of interest.

        A place never grows: one who was accepted earlier may reach the line later, which is no news for a page.
        """
        readers = self._readers.get(generation)
        if readers is None:
            return
        readers.heard_at = time.monotonic()
        text = protocol.encode(Queued(generation=generation, position=position, eta_s=eta_s))
        for follower in readers.followers.values():
            if not follower.place or position < follower.place:
                follower.place = position
                follower.socket.offer(text)

    def _pass_on(self, follower: Follower, frame: LogFrame, text: str) -> None:
        if isinstance(frame, Started):
            follower.socket.offer(text)
            return
        if frame.seq <= follower.cursor:
            if not isinstance(frame, Delta):
                self._catch_up(follower)  # a new owner may know less than was shown, or start over
            return
        in_order = (
            isinstance(frame, Snapshot)
            or (frame.after if isinstance(frame, Delta) else frame.seq - 1) == follower.cursor
        )
        if not in_order:
            self._catch_up(follower)
        else:
            follower.socket.offer(text)
            follower.cursor = frame.seq
            if isinstance(frame, Finished):
                self.unfollow(follower.generation, follower.socket)

    def _catch_up(self, follower: Follower) -> None:
        follower.catching_up = True
        task = asyncio.create_task(self._caught_up(follower))
        self._catch_ups.add(task)
        task.add_done_callback(self._catch_ups.discard)

    async def _caught_up(self, follower: Follower) -> None:
        """Read until nothing new came meanwhile. A hole that the row cannot fill yet is tried again by the sweep.

        A reader who does not read is given no more than one frame; ``drained`` goes on from there.
        """
        follower.again = True
        try:
            while follower.again:
                follower.again = False
                for frame in await self._missed(follower):
                    if follower.socket.is_blocked:
                        follower.again = True
                        return
                    follower.socket.offer(protocol.encode(frame))
                    if not isinstance(frame, Started):
                        follower.cursor = frame.seq
                    if isinstance(frame, Finished):
                        self.unfollow(follower.generation, follower.socket)
                        return
        except Exception:
            logger.exception("a follower of %s could not catch up; the next entry tries again", follower.generation)
        finally:
            follower.catching_up = False

    async def _missed(self, follower: Follower) -> list[LogFrame]:
        frames = await self._log.read(follower.generation)
        missed = replay(follower.generation, frames, follower.cursor) if frames else None
        if missed is not None and (follower.generation in self._local or _says_more(missed)):
            return missed
        if (answer := self._local.get(follower.generation)) is not None:
            if not self._owns():
                return []
            is_ahead = answer.seq < follower.cursor
            return replay(follower.generation, answer.frames(), 0 if is_ahead else follower.cursor) or []
        try:
            from_row = await in_database(row_frames, follower.generation)
        except ConversationError:
            return []
        if missed is not None:
            # Its owner may have died after the commit of the end, and before the log had it.
            is_over = bool(from_row) and isinstance(from_row[-1], Finished)
            return replay(follower.generation, from_row, follower.cursor) or [] if is_over else missed
        missed = replay(follower.generation, from_row + frames, follower.cursor)
        return missed if missed is not None else replay(follower.generation, from_row, follower.cursor) or []

    async def feed(self) -> None:
        """Until cancelled: pass on what other processes write, while anybody here follows it."""
        while True:
            cursors = {
                generation: readers.last_entry
                for generation, readers in self._readers.items()
                if generation not in self._local
            }
            if not cursors:
                await asyncio.sleep(FEED_BLOCK_MS / 1000)
                continue
            try:
                for generation, entry_id, text in await self._log.wait(cursors, FEED_BLOCK_MS):
                    if (readers := self._readers.get(generation)) is not None:
                        readers.last_entry = entry_id
                        self.deliver(generation, protocol.decode_log(text), text)
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(timing().renewal_s)

    async def sweep(self) -> None:
        """Until cancelled: whoever heard nothing for a while reads the row, one query for all of them.

        Who waits in a line of another process is told the place.
        """
        while True:
            await asyncio.sleep(timing().renewal_s)
            deadline = time.monotonic() - timing().silence_s
            silent = {g: r for g, r in self._readers.items() if r.heard_at < deadline and g not in self._local}
            if not silent:
                continue
            with contextlib.suppress(ConversationError):
                active = await in_database(still_active, list(silent))
                for generation, readers in silent.items():
                    readers.heard_at = time.monotonic()
                    if generation not in active:
                        for follower in tuple(readers.followers.values()):
                            if not follower.catching_up:
                                self._catch_up(follower)
                    elif (place := await self._admission.place(active[generation], generation)) is not None:
                        self.waiting(generation, place, None)


def _says_more(missed: Sequence[LogFrame]) -> bool:
    """Than that a model began, which is said to every reader again."""
    return any(not isinstance(frame, Started) for frame in missed)
