"""Steady streams beside the raw relay at the same load: P1, P2 and P4 to P7, and the table of 1, 100 and 300 streams.

P4 compares with what one turn of 200 tokens costs Open WebUI's web path at 100 streams: 1,080 us for each of its
deltas, measured with the same endpoint and the same kind of generator (the design's performance.md, section 1).
"""

from collections.abc import Sequence

from tests.load.bench import Bench, Plan
from tests.load.modes.steps import Steps
from tests.load.rounds import Round
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

STREAMS = (1, 100, 300)
OPEN_WEBUI_TURN_MS = 1.080 * 200
MS = "{:.1f} ms"


class Streams(Steps):
    name = "streams"

    def __init__(self, plan: Plan, *, streams: Sequence[int] = STREAMS, rate: float = 50, tokens: int = 200) -> None:
        super().__init__(plan, streams=streams, rate=rate, tokens=tokens)

    def measure(self, bench: Bench) -> None:
        for number, load in self.loads.items():
            self.rounds[number] += bench.beside_raw(load)

    def verdicts(self) -> list[Verdict]:
        return [
            self._ratio("P1", 100, 2.5),
            self._ratio("P2", 300, 1.9),
            self._turn(),
            self._first("P5", 100, p50=6, p99=20),
            self._first("P6", 300, p99=60),
            self._gap(),
        ]

    def _of(self, streams: int) -> list[Round]:
        return [one for one in self.rounds.get(streams, []) if one.target == "product"]

    def _ratio(self, target: str, streams: int, bound: float) -> Verdict:
        ratios = [one.ratio for one in self._of(streams) if one.ratio is not None]
        figure = Figure(measured=median(ratios), bound=bound, form="{:.2f} x raw")
        rounds = self.rounds.get(streams, [])
        return judged(target, f"CPU per delta, {streams} streams", [figure], rounds, noise=Noise.EITHER)

    def _turn(self) -> Verdict:
        rounds = self._of(100)
        figure = Figure(measured=median(one.cpu_ms_per_turn for one in rounds), bound=OPEN_WEBUI_TURN_MS / 12, form=MS)
        what = f"CPU per turn, 100 streams; 1/12 of Open WebUI's {OPEN_WEBUI_TURN_MS:.0f} ms"
        return judged("P4", what, [figure], rounds)

    def _first(self, target: str, streams: int, *, p99: float, p50: float | None = None) -> Verdict:
        rounds = self._of(streams)
        figures = [Figure(measured=median(one.first_p99_ms for one in rounds), bound=p99, name="p99", form=MS)]
        if p50 is not None:
            figures.insert(
                0, Figure(measured=median(one.first_p50_ms for one in rounds), bound=p50, name="p50", form=MS)
            )
        return judged(target, f"added time to the first token, {streams} streams", figures, rounds)

    def _gap(self) -> Verdict:
        rounds = self._of(100)
        figure = Figure(measured=median(one.gap_p99_ms for one in rounds), bound=40, name="p99", form=MS)
        return judged("P7", "gap between frames, 100 streams", [figure], rounds)
