"""What a run of faults found, as tables for docs/reliability.md and as a list of broken bounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

BEGIN, END = "<!-- figures: python3 run.py faults -->", "<!-- /figures -->"
HEADING = """\
| fault | database | runs | messages | deltas | generations | losses | slowest to settle / bound | reached | seed |
|---|---|---:|---:|---:|---:|---:|---:|---|---:|
"""
GAUGES_HEADING = """
| fault | database | what was measured | runs | worst / bound | reached |
|---|---|---|---:|---:|---|
"""


class GaugeLine(TypedDict):
    """The worst of one repetition; the bound is that of the timers it ran with."""

    name: str
    unit: str
    worst: float
    bound: float | None


class Line(TypedDict):
    """One repetition, as tests/faults/figures.py writes it. ``bound_s`` is unscaled."""

    fault: str
    seed: int
    scale: float
    messages: int
    deltas: int
    generations: int
    losses: int
    settle_s: float | None
    bound_s: float | None
    gauges: list[GaugeLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    database: str
    lines: Sequence[Line]
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """Of all repetitions on one database, for one thing that was measured."""

    fault: str
    database: str
    name: str
    unit: str
    runs: int
    worst: float
    bound: float | None

    @property
    def is_broken(self) -> bool:
        return self.bound is not None and self.worst > self.bound

    @property
    def beside_its_bound(self) -> str:
        bound = "-" if self.bound is None else f"{self.bound:.1f} {self.unit}"
        return f"{self.worst:.1f} {self.unit} / {bound}"

    @property
    def reached(self) -> str:
        return "-" if self.bound is None else "**no**" if self.is_broken else "yes"


def table(found: Sequence[Found]) -> str:
    gauges = "".join(_gauge_rows(found))
    return HEADING + "".join(_rows(found)) + (GAUGES_HEADING + gauges if gauges else "")


def broken_bounds(found: Sequence[Found]) -> list[str]:
    groups = _by_fault_and_database(found)
    every = (worst for key, lines in groups for worst in (_settling(*key, lines), *_gauges(*key, lines)) if worst)
    return [
        f"{worst.fault}, {worst.database}, {worst.name}: {worst.beside_its_bound}" for worst in every if worst.is_broken
    ]


def write(page: Path, tables: str) -> None:
    """Between its two markers; all else on the page is written by hand."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{tables}{END}{after}")


# --- one row after the other ------------------------------------------------------------------------------------------


def _by_fault_and_database(found: Iterable[Found]) -> list[tuple[tuple[str, str], list[Line]]]:
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for one in found:
        for line in one.lines:
            groups[line["fault"], one.database].append(line)
    return sorted(groups.items(), key=lambda group: (int(group[0][0].removeprefix("F")), group[0]))


def _rows(found: Iterable[Found]) -> Iterator[str]:
    for (fault, database), lines in _by_fault_and_database(found):
        counts = (
            len(lines),
            sum(line["messages"] for line in lines),
            sum(line["deltas"] for line in lines),
            sum(line["generations"] for line in lines),
            sum(line["losses"] for line in lines),
        )
        settling = _settling(fault, database, lines)
        ends = (settling.beside_its_bound, settling.reached) if settling else ("-", "-")
        yield _row(fault, database, *(f"{count:,}" for count in counts), *ends, str(lines[0]["seed"]))


def _gauge_rows(found: Iterable[Found]) -> Iterator[str]:
    for (fault, database), lines in _by_fault_and_database(found):
        for worst in _gauges(fault, database, lines):
            yield _row(fault, database, worst.name, str(worst.runs), worst.beside_its_bound, worst.reached)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _settling(fault: str, database: str, lines: Sequence[Line]) -> Worst | None:
    """The bound is scaled by what the timers were scaled by."""
    settled = [line["settle_s"] for line in lines if line["settle_s"] is not None]
    bounds = [line["bound_s"] * line["scale"] for line in lines if line["bound_s"] is not None]
    if not settled or not bounds:
        return None
    return Worst(
        fault=fault,
        database=database,
        name="to settle",
        unit="s",
        runs=len(settled),
        worst=max(settled),
        bound=min(bounds),
    )


def _gauges(fault: str, database: str, lines: Sequence[Line]) -> list[Worst]:
    of_name: dict[str, list[GaugeLine]] = defaultdict(list)
    for line in lines:
        for gauge in line["gauges"]:
            of_name[gauge["name"]].append(gauge)
    return [
        Worst(
            fault=fault,
            database=database,
            name=name,
            unit=seen[0]["unit"],
            runs=len(seen),
            worst=max(gauge["worst"] for gauge in seen),
            bound=min((gauge["bound"] for gauge in seen if gauge["bound"] is not None), default=None),
        )
        for name, seen in of_name.items()
    ]
