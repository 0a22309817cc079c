"""One measured round each: steady streams, short turns, memory. Bounded in time and count."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.answers import token_length
from tests.load.chats import Chat, Connection, Tally, Target
from tests.load.meter import Spent, percentile, resident_bytes
from tests.load.stage import Server

OPENED_AT_ONCE = 20
PING_S = 0.02
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
class Round:
    """Times in milliseconds. ``first``: from sending to the first visible frame, less the endpoint's own delay.

    ``delivered``: tokens seen of those that so many streams should have shown in the window. Shares are of one core;
    ``foreign`` is what others took of the server's, ``load_core`` how busy the other one was, with whatever.
    """

    target: str
    streams: int
    turns_per_s: float
    cpu_us_per_delta: float
    cpu_ms_per_turn: float
    server_share: float
    first_p50_ms: float
    first_p99_ms: float
    gap_p99_ms: float
    ping_p99_ms: float
    turn_p99_ms: float
    frames_per_delta: float
    delivered: float
    generator_share: float
    endpoint_share: float
    valkey_share: float
    foreign: float
    load_core: float
    errors: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Of the web process, in KiB a socket. ``active`` is a stream with its socket."""

    sockets: int
    first_half_kib: float
    second_half_kib: float
    streams: int
    active_kib: float


async def streaming(server: Server, load: Load) -> Round:
    """Starts are spread over one turn; then every stream is in its steady turn while the window is measured.

    So the window holds starts, ends and their database writes in the proportion they have in life.
    """
    tally = Tally()
    connections = await opened(server.target, range(load.streams + 1))
    chats = _chats(server.target, connections[1:], tally, load)
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1
    begin, end = start + load.turn_s, start + load.turn_s + load.window_s

    async def talk(number: int, chat: Chat) -> None:
        await asyncio.sleep(start + number * load.turn_s / load.streams - loop.time())
        await chat.talk(until=end)

    async with asyncio.TaskGroup() as tasks:
        for number, chat in enumerate(chats):
            tasks.create_task(talk(number, chat))
        probing = tasks.create_task(_ping(connections[0], tally))
        await asyncio.sleep(begin - loop.time())
        before, shown = server.meter.read(), tally.characters
        tally.is_counting = True
        await asyncio.sleep(end - loop.time())
        tally.is_counting = False
        spent, shown = server.meter.since(before), tally.characters - shown
        probing.cancel()
    for connection in connections:
        connection.close()
    return _round(server.target, load, tally, spent, shown)


def _chats(target: Target, connections: Sequence[Connection], tally: Tally, load: Load) -> list[Chat]:
    nonces = itertools.count(1)
    limit_s = 2 * load.turn_s + PATIENCE_S
    return [
        Chat(target=target, connection=one, tally=tally, nonces=nonces, tokens=load.tokens, limit_s=limit_s)
        for one in connections
    ]


async def opened(target: Target, numbers: Sequence[int]) -> list[Connection]:
    """A socket for each of these people, ready for use."""
    connections = [Connection(target, target.sessions[number]) for number in numbers]
    for at in range(0, len(connections), OPENED_AT_ONCE):
        await asyncio.gather(*(connection.open() for connection in connections[at : at + OPENED_AT_ONCE]))
    return connections


async def _ping(connection: Connection, tally: Tally) -> None:
    while True:
        await asyncio.sleep(PING_S)
        seconds = await connection.ping_s()
        if tally.is_counting:
            tally.ping_s.append(seconds)


def _round(target: Target, load: Load, tally: Tally, spent: Spent, shown: int) -> Round:
    deltas = shown / token_length(f"{1:05d}")
    turns = len(tally.turn_s)
    cycle_s = load.turn_s or load.window_s
    return Round(
        target=target.name,
        streams=load.streams,
        turns_per_s=turns / spent.seconds,
        cpu_us_per_delta=spent.cpu_s["server"] / max(deltas, 1) * 1e6,
        cpu_ms_per_turn=spent.cpu_s["server"] / max(turns, 1) * 1e3,
        server_share=spent.share("server"),
        first_p50_ms=(percentile(tally.first_s, 50) - load.first_token_s) * 1e3,
        first_p99_ms=(percentile(tally.first_s, 99) - load.first_token_s) * 1e3,
        gap_p99_ms=percentile(tally.gap_s, 99) * 1e3,
        ping_p99_ms=percentile(tally.ping_s, 99) * 1e3,
        turn_p99_ms=percentile(tally.turn_s, 99) * 1e3,
        frames_per_delta=tally.frames / max(deltas, 1),
        delivered=deltas / (load.streams * load.tokens * spent.seconds / cycle_s),
        generator_share=spent.share("generator"),
        endpoint_share=spent.share("endpoint"),
        valkey_share=spent.share("valkey"),
        foreign=spent.foreign,
        load_core=spent.load_core,
        errors=dict(tally.errors),
    )


async def memory(server: Server, *, sockets: int, load: Load) -> Memory:
    """RSS after a warm-up, with half the sockets, with all, and with answers running on some of them."""
    warm = await opened(server.target, range(OPENED_AT_ONCE))
    half = sockets // 2
    empty = await _settled(server.pid)
    connections = await opened(server.target, range(half))
    halfway = await _settled(server.pid)
    connections += await opened(server.target, range(half, sockets))
    full = await _settled(server.pid)
    tally = Tally()
    talkers = _chats(server.target, connections[: load.streams], tally, load)
    until = asyncio.get_running_loop().time() + load.window_s
    async with asyncio.TaskGroup() as tasks:
        for chat in talkers:
            tasks.create_task(chat.talk(until=until))
            await asyncio.sleep(load.window_s / load.streams)
        active = await _settled(server.pid)
    for connection in [*warm, *connections]:
        connection.close()
    if tally.errors:
        raise RuntimeError(f"streams failed: {dict(tally.errors)}")
    idle = (full - empty) / sockets
    return Memory(
        sockets=sockets,
        first_half_kib=(halfway - empty) / half / 1024,
        second_half_kib=(full - halfway) / (sockets - half) / 1024,
        streams=load.streams,
        active_kib=(idle + (active - full) / load.streams) / 1024,
    )


async def _settled(pid: int) -> int:
    await asyncio.sleep(1.5)
    return resident_bytes(pid)
