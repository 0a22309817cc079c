"""How full 350 streams make one core: P11."""

from tests.load.bench import Bench, Plan
from tests.load.modes import Mode
from tests.load.rounds import Round
from tests.load.verdicts import Figure, Verdict, judged, median


class Full(Mode):
    name = "full"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._load = plan.load(350)
        self._rounds: list[Round] = []

    @property
    def people(self) -> int:
        return self._load.streams + 1

    @property
    def results(self) -> list[Round]:
        return self._rounds

    def measure(self, bench: Bench) -> None:
        self._rounds.append(bench.round(self._load))

    def verdicts(self) -> list[Verdict]:
        share = median(one.spent.share("server") for one in self._rounds)
        return [judged("P11", "core, 350 streams", [Figure(measured=share, bound=0.8, form="{:.0%}")], self._rounds)]
