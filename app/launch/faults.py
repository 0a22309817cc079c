"""`python3 run.py faults`: every fault many times on both databases, and a table of what was found.

The tests are those of `run.py test` (tests/faults); here each is repeated, and its figures go into docs/reliability.md.
"""

import argparse
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.launch import packages, postgresql, testing
from app.launch.console import say, shown
from app.launch.layout import Layout

BEGIN, END = "<!-- figures: python3 run.py faults -->", "<!-- /figures -->"
HEADING = """\
| fault | database | runs | messages | deltas | generations | losses | slowest to settle / bound | seed |
|---|---|---:|---:|---:|---:|---:|---:|---:|
"""


class Line(TypedDict):
    """One repetition, as tests/faults/figures.py writes it."""

    fault: str
    seed: int
    scale: float
    messages: int
    deltas: int
    generations: int
    losses: int
    settle_s: float | None
    bound_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    database: str
    lines: Sequence[Line]
    exit_code: int


def main(layout: Layout, arguments: Sequence[str]) -> int:
    """1 if anything was lost, or if a test failed."""
    options = _parser().parse_args(arguments)
    packages.ensure(layout, "test")
    found = [_run(layout, "SQLite", options, {})]
    with postgresql.running(layout) as url:
        found.append(_run(layout, "PostgreSQL", options, {"TEST_DATABASE_URL": url}))
    table = HEADING + "".join(_rows(found))
    say(f"\n{table}")
    if not options.only:
        write(layout.root / "docs" / "reliability.md", table)
        say("The table stands in docs/reliability.md.")
    return 1 if any(one.exit_code for one in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__, allow_abbrev=False)
    parser.add_argument("--repeat", type=int, default=20, metavar="N", help="how often each test of a fault runs (20)")
    parser.add_argument("--only", default="", metavar="F1,F7", help="these faults alone; the table is not kept then")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="makes the same random choices again"
    )
    return parser


def _run(layout: Layout, database: str, options: argparse.Namespace, variables: Mapping[str, str]) -> Found:
    say(f"\n=== {database}, {options.repeat} times, seed {options.seed}")
    figures = layout.var / "test-results" / f"faults-{database.lower()}.jsonl"
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text("")
    environ = {
        **testing.environment(layout),
        **variables,
        "FAULT_FIGURES": str(figures),
        "FAULT_REPEAT": str(options.repeat),
        "FAULT_SEED": str(options.seed),
        "FAULT_ONLY": options.only,
    }
    argv: list[str | Path] = [layout.python, "-m", "pytest", "-n", "0", "-q", "-m", "fault", "tests/faults"]
    code = shown(argv, cwd=layout.root, env=environ)
    return Found(
        database=database, lines=[json.loads(line) for line in figures.read_text().splitlines()], exit_code=code
    )


def _rows(found: Iterable[Found]) -> Iterable[str]:
    of_fault: dict[tuple[int, str, str], list[Line]] = defaultdict(list)
    for one in found:
        for line in one.lines:
            of_fault[int(line["fault"].removeprefix("F")), line["fault"], one.database].append(line)
    return (_row(fault, database, lines) for (_, fault, database), lines in sorted(of_fault.items()))


def _row(fault: str, database: str, lines: Sequence[Line]) -> str:
    """The bound is scaled by what the timers were scaled by."""
    settled = [line["settle_s"] for line in lines if line["settle_s"] is not None]
    bounds = [line["bound_s"] * line["scale"] for line in lines if line["bound_s"] is not None]
    settling = f"{max(settled):.1f} s / {min(bounds):.1f} s" if settled and bounds else "-"
    counts = (
        len(lines),
        sum(line["messages"] for line in lines),
        sum(line["deltas"] for line in lines),
        sum(line["generations"] for line in lines),
        sum(line["losses"] for line in lines),
    )
    cells = [fault, database, *(f"{count:,}" for count in counts), settling, str(lines[0]["seed"])]
    return f"| {' | '.join(cells)} |\n"


def write(page: Path, table: str) -> None:
    """Between its two markers; all else on the page is written by hand."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}{END}{after}")
