"""Two web processes against one: P13.

The machine has two cores and the load needs one of them, so the second process cannot have a core of its own. What can
be measured soundly is work: one process with 50 streams, then two with 50 each, both on the server's core, which is
not full. With cores of their own two processes carry twice as much, divided by how much more a delta costs
them: for the second renewal and look for lost answers, the hints between them, wake-ups shared by fewer. Taking turns
on one core costs them something that cores of their own would not. What this cannot show is waiting for each other
in PostgreSQL and Valkey, which are far from full here.
"""

from tests.load.bench import Bench, Plan
from tests.load.modes import Mode
from tests.load.rounds import Round
from tests.load.verdicts import Figure, Noise, Verdict, judged, median

STREAMS = 50
"""Of each process."""


class Pair(Mode):
    name = "pair"
    most = 3

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._one, self._two = plan.load(STREAMS), plan.load(2 * STREAMS)
        self._alone: list[Round] = []
        self._together: list[Round] = []

    @property
    def people(self) -> int:
        return self._two.streams + 1

    @property
    def results(self) -> list[Round]:
        return [*self._alone, *self._together]

    def measure(self, bench: Bench) -> None:
        self._alone.append(bench.round(self._one))
        with bench.stage.two_products() as server:
            self._together.append(bench.round(self._two, server))

    def verdicts(self) -> list[Verdict]:
        one, two = (median(one.cpu_us_per_delta for one in rounds) for rounds in (self._alone, self._together))
        figure = Figure(measured=2 * one / two, bound=1.8, form="{:.2f} x", is_least=True)
        remarks = [f"by CPU: {one:.0f} us per delta alone, {two:.0f} together"] if self._together else []
        return [
            judged("P13", "two web processes against one", [figure], self.results, remarks=remarks, noise=Noise.EITHER)
        ]
