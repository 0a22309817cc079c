"""Whether a scenario is taken up: seen, tried, tried again, kept; by the local day of the first sight of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from usage.simulation.truth.usage import verdict
from usage.simulation.visits import Visit

TRIED = range(8)
"""Days from the first sight to the first turn."""
REPEATED = range(1, 8)
RETAINED = range(15, 29)
SATISFIED = range(8)
"""Days after the first turn."""

FOUR_WEEKS = 28

Row = tuple[date, str, bool]
"""The day, the scenario, and whether it is said of organic people."""


@dataclass(slots=True)
class _Life:
    """One person with one scenario; local days."""

    is_organic: bool
    seen: set[date] = field(default_factory=set)
    asked: set[date] = field(default_factory=set)
    satisfied: set[date] = field(default_factory=set)


class Adoption:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._lives: dict[tuple[UUID, str], _Life] = {}

    def see(self, visit: Visit) -> None:
        if visit.person.is_internal:
            return
        for look in visit.looks:
            if look.kind == "acquired":
                continue
            self._life(visit, look.scenario).seen.add(look.occurred_at.astimezone(self._zone).date())
        for exchange in visit.exchanges:
            turn = exchange.accepted.turn
            life, day = self._life(visit, turn.scenario), turn.occurred_at.astimezone(self._zone).date()
            life.asked.add(day)
            if turn.kind != "continue" and verdict(exchange) == "satisfied_strict":
                life.satisfied.add(day)

    def _life(self, visit: Visit, scenario: str) -> _Life:
        return self._lives.setdefault((visit.person.subject, scenario), _Life(visit.person.campaign == ""))

    def together(self, last: date) -> dict[tuple[str, str], int]:
        """How many people used both scenarios in the four weeks that end with ``last``; of one twice: used it."""
        used: dict[UUID, set[str]] = defaultdict(set)
        for (subject, scenario), life in self._lives.items():
            if scenario and any(0 <= (last - day).days < FOUR_WEEKS for day in life.asked):
                used[subject].add(scenario)
        pairs = ((one, other) for scenarios in used.values() for one in scenarios for other in scenarios)
        return dict(Counter(pairs))

    def funnels(self) -> dict[Row, dict[str, int]]:
        found: dict[Row, Counter[str]] = defaultdict(Counter)
        for (_, scenario), life in self._lives.items():
            for day, step in _steps(life):
                found[day, scenario, life.is_organic][step] += 1
        return {row: dict(steps) for row, steps in found.items()}


def _steps(life: _Life) -> Iterator[tuple[date, str]]:
    """Each step is of those who took the one before; whoever asked before they ever saw is beside the funnel."""
    sight, first = min(life.seen, default=None), min(life.asked, default=None)
    if first and (sight is None or first < sight):
        yield first, "organic_tried"
        return
    if sight is None:
        return
    yield sight, "saw"
    if first is None or (first - sight).days not in TRIED:
        return
    yield sight, "tried"
    if _any(life.satisfied, first, SATISFIED):
        yield sight, "satisfied"
    if _any(life.asked, first, REPEATED):
        yield sight, "repeated"
        if _any(life.asked, first, RETAINED):
            yield sight, "retained"


def _any(days: set[date], since: date, within: range) -> bool:
    return any((day - since).days in within for day in days)
