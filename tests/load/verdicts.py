"""The rows of the table: what was asked, what was measured, and whether that is so, is not so, or cannot be told."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from tests.load.meter import SATURATED
from tests.load.rounds import Load, Measured, Round

KEPT_UP = 0.9
"""Of the tokens that were asked for: with less, the figures are of another load."""


class Standing(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not reached"
    CANNOT_JUDGE = "cannot judge"
    NOT_MEASURED = "not measured"


class Noise(Enum):
    """What other people's work, or a full core under the load, does to a figure."""

    NOTHING = auto()
    """A count, or bytes."""
    WORSE = auto()
    """Time, or CPU: what holds in spite of it holds, if the load was what was asked for."""
    EITHER = auto()
    """A ratio: it may have hit the yardstick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number against its bound, both written as ``form`` says; ``name`` where a row has several."""

    measured: float
    bound: float
    form: str
    name: str = ""
    is_least: bool = False
    """The bound is the least, not the most."""

    @property
    def holds(self) -> bool:
        return self.measured >= self.bound if self.is_least else self.measured <= self.bound

    @property
    def off_by(self) -> float:
        """How many times too much, or too little."""
        ours, theirs = (self.bound, self.measured) if self.is_least else (self.measured, self.bound)
        return ours / theirs if theirs > 0 else math.inf

    @property
    def as_asked(self) -> str:
        return f"{self.name} {'>=' if self.is_least else '<='} {self.form.format(self.bound)}".strip()

    @property
    def as_measured(self) -> str:
        written = "-" if math.isnan(self.measured) else self.form.format(self.measured)
        return f"{self.name} {written}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    target: str
    what: str
    figures: tuple[Figure, ...]
    standing: Standing
    remarks: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        return ", ".join(figure.as_asked for figure in self.figures)

    @property
    def measured(self) -> str:
        return ", ".join(figure.as_measured for figure in self.figures)

    @property
    def told(self) -> str:
        """The standing, by how much it was missed, and what should be known."""
        missed = max((figure.off_by for figure in self.figures if not figure.holds), default=0.0)
        by = f", {missed:.1f} x off" if missed and self.standing is Standing.NOT_REACHED else ""
        return "; ".join([self.standing + by, *self.remarks])


def judged(
    target: str,
    what: str,
    figures: Sequence[Figure],
    measured: Sequence[Measured],
    *,
    noise: Noise = Noise.WORSE,
    remarks: Iterable[str] = (),
) -> Verdict:
    """``measured``: everything the figures came from. A fault, or a server that did not keep up, is never "reached"."""
    failed, doubts = _failures(measured), _doubts(measured) if noise is not Noise.NOTHING else []
    bound = _mostly(one.spent.is_bound for one in measured)
    disturbed = _mostly(one.spent.is_disturbed for one in measured)
    doubtful = (noise is Noise.EITHER and disturbed) or any(_is_throttled(same) for same in _slow(measured))
    if not measured or any(math.isnan(figure.measured) for figure in figures):
        standing = Standing.NOT_MEASURED
    elif failed:
        standing = Standing.NOT_REACHED
    elif all(figure.holds for figure in figures) and not doubtful:
        standing = Standing.REACHED
    elif noise is not Noise.NOTHING and (bound or disturbed):
        standing = Standing.CANNOT_JUDGE
    else:
        standing = Standing.NOT_REACHED
    return Verdict(
        target=target, what=what, figures=tuple(figures), standing=standing, remarks=(*failed, *doubts, *remarks)
    )


def median(values: Iterable[float]) -> float:
    """Not a number when there are none."""
    return statistics.median([*values] or [math.nan])


def _mostly(said: Iterable[bool]) -> bool:
    """A median forgives fewer than half."""
    every = [*said]
    return 2 * sum(every) >= max(len(every), 1)


def _failures(measured: Sequence[Measured]) -> list[str]:
    said = []
    if errors := sum(sum(one.errors.values()) for one in measured):
        said.append(f"{errors} answers failed")
    for same in _slow(measured):
        if not _is_throttled(same):
            delivered = median(one.delivered for one in same)
            full = median(one.spent.share("server") for one in same) > SATURATED
            why = "the server is full" if full else "what a turn waits for besides is as long"
            said.append(f"{same[0].load.streams} streams got {delivered:.0%} of their speed: {why}")
    return said


def _slow(measured: Iterable[Measured]) -> list[list[Round]]:
    """The loads that were not delivered."""
    every = alike(one for one in measured if isinstance(one, Round))
    return [same for same in every if median(one.delivered for one in same) < KEPT_UP]


def _is_throttled(same: Sequence[Round]) -> bool:
    """By the load's side, and not by the server."""
    return _mostly(one.spent.is_bound for one in same)


def _doubts(measured: Sequence[Measured]) -> list[str]:
    said = []
    if bound := [one for one in measured if one.spent.is_bound]:
        slowed = sorted(one.deltas_per_s for one in bound if isinstance(one, Round) and one.delivered < KEPT_UP)
        rates = f" at {slowed[0]:,.0f} to {slowed[-1]:,.0f} tokens/s" if slowed else ""
        said.append(f"generator-bound{rates}: the load's core was full in {len(bound)} of {len(measured)} rounds")
    if disturbed := [one for one in measured if one.spent.is_disturbed]:
        worst = max(one.spent.foreign for one in disturbed)
        said.append(f"{len(disturbed)} of {len(measured)} rounds disturbed, up to {worst:.0%} of the core")
    return said


def alike(rounds: Iterable[Round]) -> list[list[Round]]:
    """By server and load."""
    found: dict[tuple[str, Load], list[Round]] = {}
    for one in rounds:
        found.setdefault((one.target, one.load), []).append(one)
    return [*found.values()]
