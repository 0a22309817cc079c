"""How a mode measures: the endpoint's pace set, both cores quiet, a disturbed round tried once more."""

import gc
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import uvloop

from app.demonstration.faults import Script
from tests.load.meter import wait_until_quiet
from tests.load.rounds import Load, Measured, Round, streaming
from tests.load.stage import Server, Stage

M = TypeVar("M", bound=Measured)

FIRST_TOKEN_S = 0.2
SHORTEST_S, LONGEST_S = 5.0, 10.0
"""Of a window. Turns are spread evenly, so that a part of a long one shows the same proportion of starts and ends."""
QUIET_S = 5.0
"""How long a round waits for other people's processes to leave the two cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``scale`` multiplies every number of streams and sockets, ``window`` the seconds that are measured."""

    scale: float = 1.0
    window: float = 1.0

    def count(self, number: int) -> int:
        return max(2, round(number * self.scale)) if self.scale != 1 else number

    def load(self, streams: int, *, rate: float = 50, tokens: int = 200, first_token_s: float = FIRST_TOKEN_S) -> Load:
        """Two turns are measured, within the bounds of a window."""
        turn_s = first_token_s + tokens / rate if rate else 0.0
        return Load(
            streams=self.count(streams),
            rate=rate,
            tokens=tokens,
            first_token_s=first_token_s,
            window_s=min(max(2 * turn_s, SHORTEST_S), LONGEST_S) * self.window,
        )


class Bench:
    """``is_trial``: whether it works is asked, not how well, so nothing waits for a quiet machine."""

    def __init__(self, stage: Stage, *, is_trial: bool) -> None:
        self.stage = stage
        self._is_trial = is_trial

    def round(self, load: Load, server: Server | None = None) -> Round:
        """Of the product, unless another server is named."""
        return self.measured(load, lambda: streaming(server or self.stage.product, load))

    def beside_raw(self, load: Load) -> tuple[Round, Round]:
        """The yardstick, and at once the product under the same load."""
        raw, product = self.round(load, self.stage.raw), self.round(load)
        return raw, replace(product, ratio=product.cpu_us_per_delta / raw.cpu_us_per_delta)

    def measured(self, load: Load, measurement: Callable[[], Coroutine[Any, Any, M]]) -> M:
        """The less disturbed of two tries; one is enough where nobody else uses the machine."""
        first = self._tried(load, measurement)
        if self._is_trial or not first.spent.is_disturbed:
            return first
        return min(first, self._tried(load, measurement), key=lambda one: one.spent.foreign)

    def once(self, load: Load, measurement: Callable[[], Coroutine[Any, Any, M]]) -> M:
        """However disturbed: it is no matter of time."""
        return self._tried(load, measurement)

    def _tried(self, load: Load, measurement: Callable[[], Coroutine[Any, Any, M]]) -> M:
        if not self._is_trial:
            wait_until_quiet(self.stage.cores, at_most_s=QUIET_S)
        self.stage.endpoint.reset()
        self.stage.endpoint.script(Script(first_token_s=load.first_token_s, tokens_per_s=load.rate or None))
        result = _run(measurement())
        print(".", end="", file=sys.stderr, flush=True)
        return result


def _run(measurement: Coroutine[Any, Any, M]) -> M:
    """Without a collector's pauses: what the generator makes is freed by counting."""
    gc.collect()
    gc.disable()
    try:
        return uvloop.run(measurement)
    finally:
        gc.enable()
