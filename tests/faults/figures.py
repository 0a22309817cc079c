"""The figures of a run: how often each fault was made, on how much, and how soon all was well again.

A test says which fault it makes (``@pytest.mark.fault("F7", bound_s=30)``) and when (``settling``); how much was looked
at comes from the judge. ``run.py faults`` names a file in FAULT_FIGURES and makes docs/reliability.md's table of it.

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


def record(figures: Figures) -> None:
    """One line of JSON, where a run wants them."""
    if path := os.environ.get("FAULT_FIGURES"):
        with Path(path).open("a") as lines:
            lines.write(json.dumps(asdict(figures)) + "\n")
