"""The same answers at several numbers of streams, one after the other."""

from abc import ABC
from collections.abc import Sequence

from tests.load.bench import Plan
from tests.load.modes import Mode
from tests.load.rounds import Round


class Steps(Mode, ABC):
    """``loads`` and ``rounds`` are kept by the number of streams that was asked for, in that order."""

    def __init__(self, plan: Plan, *, streams: Sequence[int], rate: float, tokens: int = 200) -> None:
        super().__init__(plan)
        self.loads = {number: plan.load(number, rate=rate, tokens=tokens) for number in streams}
        self.rounds: dict[int, list[Round]] = {number: [] for number in streams}

    @property
    def people(self) -> int:
        return max(load.streams for load in self.loads.values()) + 1

    @property
    def results(self) -> list[Round]:
        return [one for rounds in self.rounds.values() for one in rounds]
