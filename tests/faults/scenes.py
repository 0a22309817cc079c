"""What tests of faults have in common: how an answer comes under way in two tabs, and what a page does on its own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from websockets.exceptions import WebSocketException

from app.accounts.models import User
from app.demonstration.scripts import Entry
from conversations import turns
from conversations.database import in_database
from conversations.ids import uuid7
from conversations.models import Generation
from conversations.protocol import Accepted, Error, Pong, Send
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.tab import Tab, eventually

LONG_S = 90.0
"""Patience for what waits out time-outs of its own."""
FROM_STOP = "from stop to the end at the endpoint"
HUNG_UP_S = 2.0
"""In which the endpoint sees that nobody wants its answer any more. Not scaled: no timer has a part in it."""
DIAL_S = 15.0
"""After which a page that was not welcomed dials again."""


async def streaming(generation: UUID) -> Generation:
    """The row, once it says that a model writes."""

    async def begun() -> Generation | None:
        found = await rows(Generation.objects.filter(pk=generation, state="streaming"))
        return found[0] if found else None

    return await eventually(begun)


async def under_way(tab: Tab, elsewhere: Tab, text: str, *, shown: int = 0, **fields: Any) -> UUID:
    """Asked in ``tab``, which it opens, followed in ``elsewhere``; both show so much, and the row says who writes."""
    await tab.open()
    accepted = await tab.ask(text, **fields)
    await elsewhere.say("follow", generation=accepted.generation, after=0)
    if shown:
        await elsewhere.shows(accepted.generation, shown)
        await tab.shows(accepted.generation, shown)
    await streaming(accepted.generation)
    return accepted.generation


async def resumed(tab: Tab, origin: str, generation: UUID) -> None:
    """What a page does whose process is gone: it dials another one, and follows from the entry it has."""
    with contextlib.suppress(WebSocketException, OSError):
        await tab.close()
    tab.origin = origin
    await opened(tab)
    await tab.say("follow", generation=generation, after=tab.of(generation).seq)


async def opened(tab: Tab) -> Tab:
    """Dialled again until it is welcomed, as a page does."""
    async with asyncio.timeout(LONG_S):
        while True:
            try:
                async with asyncio.timeout(DIAL_S):
                    await tab.open()
                    return tab
            except (OSError, WebSocketException, TimeoutError):
                await asyncio.sleep(0.1)


async def pinged(tab: Tab, *, for_s: float) -> float:
    """The longest that its process let a ping wait, of many in so much time: no less than its event loop stood still.

    The event loop of the tests has its part in it, too.
    """
    worst, until = 0.0, time.monotonic() + for_s
    while True:
        said, already = time.monotonic(), len(tab.frames)
        await tab.say("ping")
        await tab.until(lambda: any(isinstance(f, Pong) for f in tab.frames[already:]))  # noqa: B023
        worst = max(worst, time.monotonic() - said)
        if time.monotonic() >= until:
            return worst
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def hung_up_on(
    endpoint: DemonstrationEndpoint, gauges: Gauges, *, how: str = "", bound_s: float = HUNG_UP_S
) -> AsyncIterator[None]:
    """Within it a stop is pressed. Left once the endpoint has no request under way that it had then, which it dates."""
    asked = {entry.id for entry in endpoint.log() if entry.ended_at is None}
    assert asked
    pressed = time.time()
    yield

    def ended(log: list[Entry]) -> list[float] | None:
        moments = [entry.ended_at for entry in log if entry.id in asked and entry.ended_at is not None]
        return moments if len(moments) == len(asked) else None

    moments = await endpoint.until(ended)
    gauges.saw(FROM_STOP + how, max(moments) - pressed, unit="s", bound=bound_s)


class Sender:
    """What a page does with a send: say it again under the same id until it is accepted."""

    def __init__(self, tab: Tab, text: str) -> None:
        self._tab = tab
        self._request: dict[str, Any] = {"id": uuid7(), "conversation": uuid7(), "text": text}
        self.id: UUID = self._request["id"]

    async def say(self) -> None:
        await self._tab.say("send", **self._request)

    async def until_accepted(self) -> Accepted:
        while True:
            already = len(self._tab.frames)
            await self.say()
            answer: Accepted | Error = await self._tab.until(lambda: self._answer(already), timeout_s=LONG_S)  # noqa: B023
            if isinstance(answer, Accepted):
                return answer
            assert answer.code == "unavailable", answer

    def _answer(self, already: int) -> Accepted | Error | None:
        mine = (f for f in self._tab.frames[already:] if isinstance(f, Accepted | Error) and f.id == self.id)
        return next(mine, None)


async def abandoned(person: User, *, takeovers: int = 0, owner: str = "gone", leased_s: float = -1) -> UUID:
    """An accepted turn that no process runs, as a process leaves it that dies before its first step."""

    def accept() -> UUID:
        request = Send(id=uuid7(), conversation=uuid7(), parent=None, text="你好")
        generation = turns.accept(person, request, now=timezone.now(), process=owner).frame.generation
        Generation.objects.filter(pk=generation).update(
            takeovers=takeovers, lease_until=timezone.now() + timedelta(seconds=leased_s)
        )
        return generation

    return await in_database(accept)
