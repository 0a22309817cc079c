"""A round: so many streams in their steady turn, measured for some seconds. Bounded in time and count."""

import asyncio
import itertools
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.load.answers import token_length
from tests.load.chats import Chat, Connection, Tally
from tests.load.meter import Spent, percentile
from tests.load.stage import Server

OPENED_AT_ONCE = 20
PING_S = 0.02
PAUSE = 0.02
"""Of a turn, at the most, before somebody asks again."""
PATIENCE_S = 30.0
"""On top of what a turn should take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``rate`` in tokens a second and stream, 0 for as fast as the endpoint writes."""

    streams: int
    rate: float
    tokens: int
    first_token_s: float
    window_s: float

    @property
    def turn_s(self) -> float:
        return self.first_token_s + (self.tokens / self.rate if self.rate else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Whatever was measured, with what it cost, which says how far it can be believed, and what went wrong."""

    spent: Spent
    errors: dict[str, int] = field(default_factory=dict)
    """By code: anything but an answer that is completed with exactly the text that the endpoint sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Measured):
    """Times in milliseconds. ``first``: from sending to the first visible frame, less the endpoint's own delay.

    ``delivered``: tokens seen of those that so many streams should have shown in the window; not a number where the
    endpoint keeps no pace.
    """

    target: str
    load: Load
    deltas_per_s: float
    turns_per_s: float
    cpu_us_per_delta: float
    cpu_ms_per_turn: float
    database_ms_per_turn: float
    first_p50_ms: float
    first_p99_ms: float
    gap_p99_ms: float
    ping_p99_ms: float
    turn_p99_ms: float
    frames_per_delta: float
    delivered: float
    ratio: float | None = None
    """CPU per delta, to the yardstick's in the round just before."""


async def streaming(server: Server, load: Load) -> Round:
    """Starts are spread over one turn; then every stream is in its steady turn while the window is measured.

    So the window holds starts, ends and their database writes in the proportion they have in life. Nobody asks in the
    very millisecond in which their answer ended: all would keep step with the server's tick, at whatever place in it.
    """
    tally = Tally()
    connections = await opened(server, range(load.streams + 1))
    chats = chats_on(connections[1:], tally, load)
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1
    begin, end = start + load.turn_s, start + load.turn_s + load.window_s

    async def talk(number: int, chat: Chat) -> None:
        chance = random.Random(number)
        await asyncio.sleep(start + number * load.turn_s / load.streams - loop.time())
        await chat.talk(until=end, pauses=lambda: chance.uniform(0, PAUSE * load.turn_s))

    async with asyncio.TaskGroup() as tasks:
        for number, chat in enumerate(chats):
            tasks.create_task(talk(number, chat))
        probing = tasks.create_task(pinging(connections[0], tally))
        await asyncio.sleep(begin - loop.time())
        before, shown = server.meter.read(), tally.characters
        tally.is_counting = True
        await asyncio.sleep(end - loop.time())
        tally.is_counting = False
        spent, shown = server.meter.since(before), tally.characters - shown
        probing.cancel()
    closed(connections)
    return _round(server.name, load, tally, spent, shown)


def chats_on(connections: Iterable[Connection], tally: Tally, load: Load) -> list[Chat]:
    nonces = itertools.count(1)
    limit_s = 2 * load.turn_s + PATIENCE_S
    return [
        Chat(connection=one, tally=tally, nonces=nonces, tokens=load.tokens, limit_s=limit_s) for one in connections
    ]


async def opened(server: Server, numbers: Sequence[int]) -> list[Connection]:
    """A socket for each of these people, ready for use; dealt to the server's processes in turn."""
    targets = itertools.cycle(server.targets)
    connections = [Connection(next(targets), server.sessions[number]) for number in numbers]
    for at in range(0, len(connections), OPENED_AT_ONCE):
        await asyncio.gather(*(connection.open() for connection in connections[at : at + OPENED_AT_ONCE]))
    return connections


def closed(connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.close()


async def pinging(connection: Connection, tally: Tally) -> None:
    """Until cancelled: how late the event loop is."""
    while True:
        await asyncio.sleep(PING_S)
        seconds = await connection.ping_s()
        if tally.is_counting:
            tally.ping_s.append(seconds)


def deltas(characters: int) -> float:
    return characters / token_length(f"{1:05d}")


def _round(target: str, load: Load, tally: Tally, spent: Spent, shown: int) -> Round:
    seen = deltas(shown)
    turns = len(tally.turn_s)
    asked = load.streams * load.tokens * spent.seconds / load.turn_s if load.turn_s else math.nan
    return Round(
        target=target,
        load=load,
        deltas_per_s=seen / spent.seconds,
        turns_per_s=turns / spent.seconds,
        cpu_us_per_delta=spent.cpu_s["server"] / max(seen, 1) * 1e6,
        cpu_ms_per_turn=spent.cpu_s["server"] / max(turns, 1) * 1e3,
        database_ms_per_turn=spent.database_s / max(turns, 1) * 1e3,
        first_p50_ms=(percentile(tally.first_s, 50) - load.first_token_s) * 1e3,
        first_p99_ms=(percentile(tally.first_s, 99) - load.first_token_s) * 1e3,
        gap_p99_ms=percentile(tally.gap_s, 99) * 1e3,
        ping_p99_ms=percentile(tally.ping_s, 99) * 1e3,
        turn_p99_ms=percentile(tally.turn_s, 99) * 1e3,
        frames_per_delta=tally.frames / max(seen, 1),
        delivered=seen / asked,
        spent=spent,
        errors=dict(tally.errors),
    )
