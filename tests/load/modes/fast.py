"""A fast model: 100 streams of 500 tokens a second beside the raw relay, and as many as the load can carry. P3.

100 such streams are 50,000 tokens a second, more than the generator and the endpoint can do on one core: then the
verdict says so, and at which rates the two were compared. 40 of them can be judged.
"""

from tests.load.bench import Bench, Plan
from tests.load.modes.steps import Steps
from tests.load.rounds import Round
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

STREAMS = (100, 40)
RATE = 500


class Fast(Steps):
    name = "fast"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, streams=STREAMS, rate=RATE)

    def measure(self, bench: Bench) -> None:
        for number, load in self.loads.items():
            self.rounds[number] += bench.beside_raw(load)

    def verdicts(self) -> list[Verdict]:
        return [_verdict(number, rounds) for number, rounds in self.rounds.items()]


def _verdict(streams: int, rounds: list[Round]) -> Verdict:
    ratios = [one.ratio for one in rounds if one.ratio is not None]
    figure = Figure(measured=median(ratios), bound=1.0, form="{:.2f} x raw")
    return judged("P3", f"CPU per delta, {streams} streams of {RATE} tokens/s", [figure], rounds, noise=Noise.EITHER)
