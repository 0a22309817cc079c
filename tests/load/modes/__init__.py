"""What can be measured. A mode is one module: its load, how it is measured, and its rows of the table."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tests.load.bench import Bench, Plan
from tests.load.rounds import Measured
from tests.load.verdicts import Verdict


class Mode(ABC):
    """One run of it: results pile up with every repetition."""

    name: ClassVar[str]
    most: ClassVar[int] = 99
    """Repetitions, where fewer than are asked for are enough."""
    only_if_named: ClassVar[bool] = False
    """It takes hours, where the others take minutes."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.broke = 0
        """Repetitions that were not measured to their end."""

    @property
    @abstractmethod
    def people(self) -> int:
        """Who have to be signed in."""

    @property
    @abstractmethod
    def results(self) -> Sequence[Measured]: ...

    @abstractmethod
    def measure(self, bench: Bench) -> None:
        """Once."""

    def tables(self) -> Sequence[Sequence[Sequence[str]]]:
        """What there is to show besides: tables whose first line is the heading."""
        return ()

    @abstractmethod
    def verdicts(self) -> list[Verdict]:
        """Always the same rows; "not measured" before there are results."""
