"""What processes tell each other over the channel layer: never a word of text, and nothing that may not be lost.

Each process has one channel there, whatever the number of its sockets. It is in the group of all processes, and in
the group of every person who has a tab open here.

``stop``        somebody pressed stop; the row says so already
``hint``        a frame for all tabs of a person: something changed, REST is the truth
``hints``       many of them, from one process to all others
``signed_out``  the tabs of one session go
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from conversations import protocol
from conversations.people import hints_group
from conversations.presence import CLOSE_SIGNED_OUT, Presence, Tab
from conversations.protocol import Changed
from conversations.timing import timing

PROCESSES = "processes"
TOGETHER_S = 0.1
"""What running answers have to hint travels together: two messages for each turn were a twentieth of its cost."""
_AWAY = (RedisError, OSError, TimeoutError)


async def tell_to_stop(generation: UUID) -> None:
    """Whoever runs it. The row says so already, or is gone."""
    await get_channel_layer().group_send(PROCESSES, {"type": "stop", "generation": str(generation)})


class Hints:
    """One process's end of it."""

    def __init__(self, presence: Presence, *, on_stop: Callable[[UUID], None]) -> None:
        self._presence = presence
        self._on_stop = on_stop
        self._channel: str | None = None
        self._heard: set[int] = set()
        """People whose group this process is in."""
        self._untold: list[tuple[int, str]] = []
        """People, and the frame for their tabs."""
        self._sending: set[asyncio.Task[None]] = set()

    async def hear(self) -> None:
        """Until cancelled, or until Redis cannot be reached to begin with."""
        layer = get_channel_layer()
        with contextlib.suppress(*_AWAY):
            channel = await layer.new_channel()
            await layer.group_add(PROCESSES, channel)
            self._channel = channel
            while True:
                self._take(await layer.receive(channel))

    def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "stop", "generation": generation}:
                self._on_stop(UUID(generation))
            case {"type": "hint", "person": person, "frame": frame}:
                self._show(person, frame)
            case {"type": "hints", "by": by, "hints": hints} if by != self._channel:
                for person, frame in hints:
                    self._show(person, frame)
            case {"type": "signed_out", "person": person, "session": session}:
                for tab in self._presence.tabs_of(person):
                    if tab.session == session:
                        tab.socket.close(CLOSE_SIGNED_OUT)

    def _show(self, person_pk: int, frame: str) -> None:
        for tab in self._presence.tabs_of(person_pk):
            tab.socket.offer(frame)

    # --- whose hints are heard --------------------------------------------------------------------------------------

    async def enter(self, tab: Tab) -> None:
        """From now on the tab hears of its person; later, if Redis is away."""
        self._presence.enter(tab)
        await self._join(tab.person_pk)

    async def leave(self, tab: Tab) -> None:
        self._presence.leave(tab)
        person = tab.person_pk
        if person in self._heard and not self._presence.tabs_of(person):
            self._heard.discard(person)
            with contextlib.suppress(*_AWAY):
                async with asyncio.timeout(timing().redis_reply_s * 5):
                    await get_channel_layer().group_discard(hints_group(person), self._channel)

    async def join_missed(self) -> None:
        """People who came while Redis was away."""
        for person in self._presence.people() - self._heard:
            await self._join(person)

    async def _join(self, person_pk: int) -> None:
        """Asked for every tab: the second one of a person waits until the group of the first is joined, too."""
        if self._channel is None:
            return
        with contextlib.suppress(*_AWAY):
            async with asyncio.timeout(timing().redis_reply_s * 5):
                await get_channel_layer().group_add(hints_group(person_pk), self._channel)
            self._heard.add(person_pk)

    # --- what is told -----------------------------------------------------------------------------------------------

    async def stop(self, generation: UUID) -> None:
        with contextlib.suppress(*_AWAY):
            async with asyncio.timeout(timing().redis_reply_s * 5):
                await tell_to_stop(generation)

    def tell_tabs(self, person_pk: int, changed: Changed) -> None:
        """Soon, beside everything else: the tabs of this process even without Redis."""
        self._untold.append((person_pk, protocol.encode(changed)))
        if len(self._untold) == 1:
            asyncio.get_running_loop().call_later(TOGETHER_S, self._tell)

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        for person, frame in untold:
            self._show(person, frame)
        task = asyncio.create_task(self._send(PROCESSES, {"type": "hints", "by": self._channel, "hints": untold}))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, group: str, message: dict[str, Any]) -> None:
        with contextlib.suppress(*_AWAY):
            async with asyncio.timeout(timing().redis_reply_s * 5):
                await get_channel_layer().group_send(group, message)
