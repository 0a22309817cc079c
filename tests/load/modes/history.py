"""Opening a conversation of 1,000 messages: P15. The queries are counted where it was seeded; tests hold them, too."""

from dataclasses import dataclass

from tests.load.asking import Reader
from tests.load.bench import Bench, Plan
from tests.load.meter import percentile
from tests.load.modes import Mode
from tests.load.rounds import Load, Measured
from tests.load.stage import History as Seeded
from tests.load.stage import Server
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

OPENINGS = 20
QUIET = Load(streams=1, rate=0, tokens=1, first_token_s=0, window_s=0)
"""Nobody talks meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Measured):
    queries: int
    messages: int
    kilobytes: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


async def opening(server: Server, seeded: Seeded) -> Opening:
    with Reader(server) as reader:
        before = server.meter.read()
        replies = reader.read([seeded.path] * OPENINGS)
        spent = server.meter.since(before)
    seconds = [reply.seconds for reply in replies]
    return Opening(
        spent=spent,
        queries=seeded.queries,
        messages=seeded.messages,
        kilobytes=len(replies[-1].body) / 1000,
        p50_ms=percentile(seconds, 50) * 1e3,
        p99_ms=percentile(seconds, 99) * 1e3,
        cpu_ms=spent.cpu_s["server"] / OPENINGS * 1e3,
    )


class History(Mode):
    name = "history"
    most = 1

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._openings: list[Opening] = []

    @property
    def people(self) -> int:
        return 1

    @property
    def results(self) -> list[Opening]:
        return self._openings

    def measure(self, bench: Bench) -> None:
        stage = bench.stage
        self._openings.append(bench.measured(QUIET, lambda: opening(stage.product, stage.history)))

    def verdicts(self) -> list[Verdict]:
        figure = Figure(measured=median(one.queries for one in self._openings), bound=6, form="{:.0f} queries")
        remarks = [
            f"its newest {one.messages} in a page of {one.kilobytes:.0f} KB, "
            f"p50 {one.p50_ms:.0f} ms, CPU {one.cpu_ms:.0f} ms"
            for one in self._openings
        ]
        return [
            judged(
                "P15",
                "opening a conversation of 1,000 messages",
                [figure],
                self._openings,
                noise=Noise.NOTHING,
                remarks=remarks,
            )
        ]
