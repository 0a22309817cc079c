"""The web process's memory: 5,000 signed-in sockets that do nothing, then streams on some of them. P10.

Measured first of all, in a fresh process, where no earlier load has left its memory; what only the first answers need
(threads, connections, code) is there before the counting begins.
"""

import asyncio
from dataclasses import dataclass

from tests.load.bench import Bench, Plan
from tests.load.chats import Tally
from tests.load.meter import resident_bytes
from tests.load.modes import Mode
from tests.load.rounds import OPENED_AT_ONCE, Load, Measured, chats_on, closed, opened
from tests.load.stage import Server
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

SOCKETS, STREAMS = 5000, 500
SETTLING_S = 1.5
LINEAR = 1.1
"""The second half may cost so much of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory(Measured):
    """Of the web process, in KB (1,000 bytes) a socket. ``active`` is a stream with its socket."""

    sockets: int
    first_half_kb: float
    second_half_kb: float
    streams: int
    active_kb: float

    @property
    def idle_kb(self) -> float:
        return (self.first_half_kb + self.second_half_kb) / 2


async def memory(server: Server, load: Load, *, sockets: int) -> Memory:
    """Resident bytes after a warm-up, with half the sockets, with all, and with answers running on some of them."""
    before, tally = server.meter.read(), Tally()
    warm = await opened(server, range(OPENED_AT_ONCE))
    await asyncio.gather(*(chat.ask() for chat in chats_on(warm, tally, load)))
    half = sockets // 2
    empty = await _settled(server)
    connections = await opened(server, range(half))
    halfway = await _settled(server)
    connections += await opened(server, range(half, 2 * half))
    full = await _settled(server)
    async with asyncio.TaskGroup() as tasks:
        for chat in chats_on(connections[: load.streams], tally, load):
            tasks.create_task(chat.ask())
            await asyncio.sleep(load.turn_s / 2 / load.streams)
        active = await _settled(server)
    spent = server.meter.since(before)
    closed([*warm, *connections])
    return Memory(
        spent=spent,
        sockets=2 * half,
        first_half_kb=(halfway - empty) / half / 1000,
        second_half_kb=(full - halfway) / half / 1000,
        streams=load.streams,
        active_kb=((full - empty) / (2 * half) + (active - full) / load.streams) / 1000,
        errors=dict(tally.errors),
    )


async def _settled(server: Server) -> int:
    await asyncio.sleep(SETTLING_S)
    return sum(map(resident_bytes, server.pids))


class Idle(Mode):
    name = "idle"
    most = 1

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._load = plan.load(STREAMS, rate=10, tokens=100)
        self._sockets = max(plan.count(SOCKETS), self._load.streams)
        self._memories: list[Memory] = []

    @property
    def people(self) -> int:
        return max(self._sockets, OPENED_AT_ONCE) + 1

    @property
    def results(self) -> list[Memory]:
        return self._memories

    def measure(self, bench: Bench) -> None:
        product, load = bench.stage.product, self._load
        self._memories.append(bench.once(load, lambda: memory(product, load, sockets=self._sockets)))

    def verdicts(self) -> list[Verdict]:
        first, second = (
            median(one.first_half_kb for one in self._memories),
            median(one.second_half_kb for one in self._memories),
        )
        figures = [
            Figure(measured=median(one.idle_kb for one in self._memories), bound=40, form="{:.0f} KB", name="idle"),
            Figure(measured=median(one.active_kb for one in self._memories), bound=80, form="{:.0f} KB", name="active"),
            Figure(measured=second / first, bound=LINEAR, form="{:.2f} x", name="second half"),
        ]
        return [
            judged(
                "P10",
                f"memory of a socket, {self._sockets:,} of them, and of a stream",
                figures,
                self.results,
                noise=Noise.NOTHING,
            )
        ]
