"""Whether many streams cost more each: 100, 600 and 1,000 of them at 15 tokens a second. P12, first half.

At 50 a second 1,000 streams are 50,000 tokens, which neither one core under test nor one for the load can carry, and
an overloaded server looks cheap: it merges. At 15 they are as much as 300 streams at 50, and all get their speed.
"""

from tests.load.bench import Bench, Plan
from tests.load.modes.steps import Steps
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

STREAMS = (100, 600, 1000)
RATE = 15


class Growth(Steps):
    name = "growth"
    most = 2

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, streams=STREAMS, rate=RATE)

    def measure(self, bench: Bench) -> None:
        for number, load in self.loads.items():
            self.rounds[number].append(bench.round(load))

    def verdicts(self) -> list[Verdict]:
        few, _, many = (median(one.cpu_us_per_delta for one in rounds) for rounds in self.rounds.values())
        figure = Figure(measured=many / few, bound=1.0, form="{:.2f} x")
        remarks = [f"{many:.0f} us against {few:.0f}"] if self.results else []
        what = f"CPU per delta, 1,000 streams against 100, {RATE} tokens/s each"
        return [judged("P12", what, [figure], self.results, noise=Noise.EITHER, remarks=remarks)]
