"""A fast model: 100 streams of 500 tokens a second, beside the raw relay. P3.

That is 50,000 tokens a second, more than the generator and the endpoint can do on one core: then the verdict says so,
and at which rates the two were compared. CPU per delta falls with the rate, so the slower of the two is wronged.
"""

from tests.load.bench import Bench, Plan
from tests.load.modes import Mode
from tests.load.rounds import Round
from tests.load.verdicts import Figure, Verdict, judged, median


class Fast(Mode):
    name = "fast"
    targets = ("P3",)

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._load = plan.load(100, rate=500)
        self._rounds: list[Round] = []

    @property
    def people(self) -> int:
        return self._load.streams + 1

    @property
    def results(self) -> list[Round]:
        return self._rounds

    def measure(self, bench: Bench) -> None:
        self._rounds += bench.beside_raw(self._load)

    def verdicts(self) -> list[Verdict]:
        ratios = [one.ratio for one in self._rounds if one.ratio is not None]
        figure = Figure(measured=median(ratios), bound=1.0, form="{:.2f} x raw")
        what = "CPU per delta, 100 streams of 500 tokens/s"
        return [judged("P3", what, [figure], self._rounds, is_ratio=True)]
