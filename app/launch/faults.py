"""`python3 run.py faults`: every fault many times on both databases, and a table of what was found.

The tests are those of `run.py test` that bear the mark `fault`; here each is repeated, as large and as long as is
promised (tests/faults/sizes.py), and its figures go into docs/reliability.md.
"""

import argparse
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.launch import packages, postgresql, testing
from app.launch.console import say, shown
from app.launch.faults_table import Found, broken_bounds, table, write
from app.launch.layout import Layout


def main(layout: Layout, arguments: Sequence[str]) -> int:
    """1 if anything was lost, if a test failed, or if a bound was broken."""
    options = _parser().parse_args(arguments)
    packages.ensure(layout, "test")
    found = [_run(layout, "SQLite", options, {})]
    with postgresql.running(layout) as url:
        found.append(_run(layout, "PostgreSQL", options, {"TEST_DATABASE_URL": url}))
    tables, broken = table(found), broken_bounds(found)
    say(f"\n{tables}")
    if not options.only:
        write(layout.root / "docs" / "reliability.md", tables)
        say("The tables stand in docs/reliability.md.")
    for line in broken:
        say(f"BROKEN  {line}")
    return 1 if broken or any(one.exit_code for one in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__, allow_abbrev=False)
    parser.add_argument("--repeat", type=int, default=20, metavar="N", help="how often each test of a fault runs (20)")
    parser.add_argument("--only", default="", metavar="F1,F7", help="these faults alone; the table is not kept then")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="makes the same random choices again"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=testing.WORKERS,
        metavar="N",
        help=f"so many files at once, each with servers of its own ({testing.WORKERS}); 1 for figures at their best",
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
        "FAULT_SIZE": "real",
    }
    argv: list[str | Path] = [layout.python, "-m", "pytest", "-n", str(options.workers), "--dist", "loadfile"]
    code = shown([*argv, "-q", "-m", "fault", "tests"], cwd=layout.root, env=environ)
    lines = [json.loads(line) for line in figures.read_text().splitlines()]
    return Found(database=database, lines=lines, exit_code=code)
