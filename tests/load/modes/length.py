"""Whether a long answer costs more: 4,000 tokens against 200, 25 streams of 200 tokens a second. P12, second half.

The long answers begin together, so that what a delta costs near their beginning and near their end can be compared
with no start or end in between: that is where work which grows with the text would show.
"""

import asyncio
from dataclasses import dataclass

from tests.load.bench import Bench, Plan
from tests.load.chats import Tally
from tests.load.meter import Spent
from tests.load.modes import Mode
from tests.load.rounds import Load, Measured, Round, chats_on, closed, deltas, opened
from tests.load.stage import Server
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

STREAMS, RATE = 25, 200
SHORT, LONG = 200, 4000
EARLY, LATE = (0.1, 0.3), (0.7, 0.9)
"""Parts of an answer, by the clock."""
NOISE = 1.15
"""What the same part of the same answer differs from run to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongAnswers(Measured):
    """CPU in microseconds per delta: of all from the first request to the last end, and of two parts."""

    whole_us: float
    early_us: float
    late_us: float


async def long_answers(server: Server, load: Load) -> LongAnswers:
    tally = Tally()
    connections = await opened(server, range(load.streams))
    chats = chats_on(connections, tally, load)
    begin, before = asyncio.get_running_loop().time(), server.meter.read()
    writing_s = load.turn_s - load.first_token_s

    async def part(of: tuple[float, float]) -> float:
        start, end = (begin + load.first_token_s + share * writing_s for share in of)
        await asyncio.sleep(start - asyncio.get_running_loop().time())
        at, shown = server.meter.read(), tally.characters
        await asyncio.sleep(end - asyncio.get_running_loop().time())
        return _us_per_delta(server.meter.since(at), tally.characters - shown)

    async with asyncio.TaskGroup() as tasks:
        for chat in chats:
            tasks.create_task(chat.ask())
        early, late = tasks.create_task(part(EARLY)), tasks.create_task(part(LATE))
    spent = server.meter.since(before)
    closed(connections)
    return LongAnswers(
        spent=spent,
        whole_us=_us_per_delta(spent, tally.characters),
        early_us=early.result(),
        late_us=late.result(),
        errors=dict(tally.errors),
    )


def _us_per_delta(spent: Spent, characters: int) -> float:
    return spent.cpu_s["server"] / max(deltas(characters), 1) * 1e6


class Length(Mode):
    name = "length"
    most = 2

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._short, self._long = (plan.load(STREAMS, rate=RATE, tokens=tokens) for tokens in (SHORT, LONG))
        self._rounds: list[Round] = []
        self._longs: list[LongAnswers] = []

    @property
    def people(self) -> int:
        return self._short.streams + 1

    @property
    def results(self) -> list[Measured]:
        return [*self._rounds, *self._longs]

    def measure(self, bench: Bench) -> None:
        self._rounds.append(bench.round(self._short))
        self._longs.append(bench.measured(self._long, lambda: long_answers(bench.stage.product, self._long)))

    def verdicts(self) -> list[Verdict]:
        short = median(one.cpu_us_per_delta for one in self._rounds)
        early, late = median(one.early_us for one in self._longs), median(one.late_us for one in self._longs)
        figures = [
            Figure(
                measured=median(one.whole_us for one in self._longs) / short, bound=1.0, form="{:.2f} x", name="in all"
            ),
            Figure(measured=late / early, bound=NOISE, form="{:.2f} x", name="late against early"),
        ]
        remarks = [f"{short:.0f} us with {SHORT}; {early:.0f} us early, {late:.0f} us late"] if self._longs else []
        what = f"CPU per delta, answers of {LONG:,} tokens against {SHORT}"
        return [judged("P12", what, figures, self.results, noise=Noise.EITHER, remarks=remarks)]
