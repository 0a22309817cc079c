"""A storm: 1,000 people with open sockets ask within one second, then nobody does. P14.

Their answers are slow (10 tokens a second, 4 seconds), so that all are open at once and the starts are what is
measured. ``waited``: how many were told a place in the line.
"""

import asyncio
import math
from dataclasses import dataclass

from tests.load.bench import Bench, Plan
from tests.load.chats import Chat, Tally
from tests.load.meter import percentile
from tests.load.modes import Mode
from tests.load.rounds import Load, Measured, chats_on, closed, opened, pinging
from tests.load.stage import Server
from tests.load.verdicts import Figure, Verdict, judged, median

WITHIN_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm(Measured):
    """Milliseconds; ``first`` as in a round. ``ping``: how late the event loop was."""

    turns: int
    answered: int
    waited: int
    first_p50_ms: float
    first_p99_ms: float
    ping_p99_ms: float
    cpu_ms_per_turn: float


async def storm(server: Server, load: Load) -> Storm:
    tally = Tally(is_counting=True)
    connections = await opened(server, range(load.streams + 1))
    loop = asyncio.get_running_loop()
    start, before = loop.time() + 0.1, server.meter.read()

    async def ask(number: int, chat: Chat) -> bool:
        await asyncio.sleep(start + number * WITHIN_S / load.streams - loop.time())
        return await chat.ask()

    probing = asyncio.create_task(pinging(connections[0], tally))
    asking = (ask(number, chat) for number, chat in enumerate(chats_on(connections[1:], tally, load)))
    answered = sum(await asyncio.gather(*asking))
    spent = server.meter.since(before)
    probing.cancel()
    closed(connections)
    return Storm(
        spent=spent,
        turns=load.streams,
        answered=answered,
        waited=tally.waited,
        first_p50_ms=(percentile(tally.first_s, 50) - load.first_token_s) * 1e3,
        first_p99_ms=(percentile(tally.first_s, 99) - load.first_token_s) * 1e3,
        ping_p99_ms=percentile(tally.ping_s, 99) * 1e3,
        cpu_ms_per_turn=spent.cpu_s["server"] / load.streams * 1e3,
        errors=dict(tally.errors),
    )


class Storms(Mode):
    name = "storm"
    most = 3

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._load = plan.load(1000, rate=10, tokens=40)
        self._storms: list[Storm] = []

    @property
    def people(self) -> int:
        return self._load.streams + 1

    @property
    def results(self) -> list[Storm]:
        return self._storms

    def measure(self, bench: Bench) -> None:
        self._storms.append(bench.measured(self._load, lambda: storm(bench.stage.product, self._load)))

    def verdicts(self) -> list[Verdict]:
        storms = self._storms
        answered = sum(one.answered for one in storms) / sum(one.turns for one in storms) if storms else math.nan
        figures = [
            Figure(measured=answered, bound=1.0, form="{:.1%}", name="answered", is_least=True),
            Figure(
                measured=median(one.first_p99_ms for one in storms),
                bound=3000,
                form="{:,.0f} ms",
                name="first token p99",
            ),
        ]
        remarks = [f"{median(one.waited for one in storms):.0f} were told a place"] if storms else []
        return [judged("P14", "1,000 turns begun in one second", figures, storms, remarks=remarks)]
