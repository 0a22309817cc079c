"""The figures of a run: how often each fault was made, on how much, and how soon all was well again.

A test says which fault it makes (``@pytest.mark.fault("F7", bound_s=30)``), when (``settling``), and what else it
measured against a bound (``gauges``); how much was looked at comes from the judge. ``run.py faults`` names a file in
FAULT_FIGURES and makes docs/reliability.md's tables of it.

FAULT_REPEAT    how often each of these tests runs; 1
FAULT_SEED      of every random choice; by itself a new one for each run
"""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

REPEAT = int(os.environ.get("FAULT_REPEAT") or 1)
SEED = int(os.environ.get("FAULT_SEED") or secrets.randbelow(1_000_000))


@dataclass(slots=True)
class Settling:
    """The worst time of one test from a fault, or its end, to all being settled. Measured, never asserted: a loaded
    machine is no fault of the product, and whoever repeats a fault often compares it with its bound."""

    worst_s: float | None = None

    @contextlib.contextmanager
    def measured(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.worst_s = max(self.worst_s or 0.0, time.monotonic() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """The worst that one test saw of something that has a bound, and the bound, as it is for the timers of this run."""

    name: str
    unit: str
    worst: float
    bound: float | None
    """None where nothing is promised."""


class Gauges:
    """What one test measured, besides how long all took to settle. Asserted by nobody either."""

    def __init__(self) -> None:
        self._by_name: dict[str, Gauge] = {}

    @property
    def all(self) -> list[Gauge]:
        return list(self._by_name.values())

    def saw(self, name: str, value: float, *, unit: str, bound: float | None = None) -> None:
        """The largest counts of all that are told under this name."""
        before = self._by_name.get(name)
        worst = value if before is None else max(before.worst, value)
        self._by_name[name] = Gauge(name=name, unit=unit, worst=worst, bound=bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One repetition. ``bound_s`` is unscaled, ``settle_s`` measured with timers scaled by ``scale``."""

    fault: str
    test: str
    seed: int
    scale: float
    messages: int
    deltas: int
    generations: int
    losses: int
    settle_s: float | None
    bound_s: float | None
    gauges: list[Gauge]


def record(figures: Figures) -> None:
    """One line of JSON, where a run wants them. Several workers write into one book: a line is one write at its end."""
    if path := os.environ.get("FAULT_FIGURES"):
        with Path(path).open("ab", buffering=0) as lines:
            lines.write(json.dumps(asdict(figures)).encode() + b"\n")
