"""The ledger, on PostgreSQL: P17 and what else must hold with 1 M and with 10 M simulated facts.

Measured in a process and in a database of its own for each number of facts; nobody talks meanwhile.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg

from tests.load.bench import Bench, Plan
from tests.load.ledger.found import Asked, Cost, Ledger
from tests.load.meter import Cores, Spent, core_busy_s
from tests.load.modes import Mode
from tests.load.rounds import Measured
from tests.load.stage import Stage, on_core
from tests.load.verdicts import Figure, Standing, Verdict, judged
from tests.processes import ROOT

SIZES = (1_000_000,)
ARRIVAL_S = 120.0
FACTS_PER_S = 500.0
TURNS = 300
FEWEST_TURNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Measured):
    ledger: Ledger


class Usage(Mode):
    name = "usage"
    most = 1
    only_if_named = True

    def __init__(self, plan: Plan, *, sizes: Sequence[int]) -> None:
        super().__init__(plan)
        self._sizes = sizes
        self._runs: list[Run] = []

    @property
    def people(self) -> int:
        return 1

    @property
    def results(self) -> Sequence[Run]:
        return self._runs

    def measure(self, bench: Bench) -> None:
        if bench.stage.database == "postgres":
            self._runs = [self._measured(bench.stage, self.plan.count(size)) for size in self._sizes]

    def _measured(self, stage: Stage, facts: int) -> Run:
        environ = {**os.environ, **stage.environ, "DATABASE_URL": _new_database(stage, f"ledger_{facts}")}
        file = stage.folder / f"ledger-{facts}.json"
        seconds = ARRIVAL_S * self.plan.window * min(1.0, max(self.plan.scale, 0.1))
        _manage(environ, "migrate", "--no-input")
        program = _program(file, facts, seconds, max(FEWEST_TURNS, self.plan.count(TURNS)))
        with on_core(stage.cores.server), _meter(stage.cores) as read:
            _manage(environ, "shell", "--no-imports", "-c", program)
        return Run(spent=read(), ledger=msgspec.json.decode(file.read_bytes(), type=Ledger))

    def verdicts(self) -> list[Verdict]:
        figures, remarks = [], []
        for run in self._runs:
            ledger, size = run.ledger, f"{run.ledger.facts:,}"
            share = ledger.rebuild.share_of_plain
            slowest = max(ledger.reports, key=lambda report: report.p95_ms)
            figures += [
                Figure(measured=share.wall_s, bound=0.7, form="{:.0%}", name=size, is_least=True),
                Figure(measured=ledger.freshness.p95_s, bound=60, form="{:.0f} s", name=f"{size} fresh p95"),
                Figure(measured=slowest.p95_ms, bound=300, form="{:.0f} ms", name=f"{size} report p95"),
            ]
            remarks.append(
                f"{size}: by CPU {share.cpu_s:.0%} of plain; "
                f"a turn takes {ledger.added.facts_ms:.1f} ms more for its facts and "
                f"{ledger.added.marks_ms:.1f} ms for its marks; slowest report {slowest.report} of {slowest.days} days"
            )
        what = "rebuild against plain statements, freshness at 500 facts/s, reports"
        if not self._runs:
            return [Verdict(target="P17", what=what, figures=(), standing=Standing.NOT_MEASURED)]
        return [judged("P17", what, figures, self._runs, remarks=remarks)]

    def tables(self) -> Sequence[Sequence[Sequence[str]]]:
        """As a whole, of rollups and of reports; the first line is the heading."""
        return [] if not self._runs else [self._wholes(), self._rebuilds(), self._reports()]

    def _wholes(self) -> list[list[str]]:
        ledgers = [run.ledger for run in self._runs]
        lines: dict[str, Callable[[Ledger], str]] = {
            "rollup rows": lambda it: f"{sum(table.rows for table in it.rebuild.tables):,}",
            "rebuild of everything, s; CPU": lambda it: "; ".join(_both(it.rebuild.whole)),
            "from nothing, s; CPU": lambda it: "; ".join(_both(it.from_nothing)),
            "all plain statements, s; CPU": lambda it: "; ".join(_both(it.rebuild.plain)),
            "the rebuild's own writing statements, s; CPU": lambda it: "; ".join(_both(it.rebuild.written)),
            "rebuild's rows/s of plain; by CPU": lambda it: _shares(it.rebuild.share_of_plain),
            "its writing statements' alone; by CPU": lambda it: _shares(it.rebuild.plain.over(it.rebuild.written)),
            "age of a fact in all rollups, p50; p95": lambda it: (
                f"{it.freshness.p50_s:.0f} s; {it.freshness.p95_s:.0f} s at {it.freshness.facts_per_s:.0f}/s"
            ),
            "a turn takes more: facts; marks": lambda it: f"{it.added.facts_ms:.1f} ms; {it.added.marks_ms:.1f} ms",
        }
        heading = ["", *(f"{ledger.facts:,} facts" for ledger in ledgers)]
        return [heading, *([what, *map(said, ledgers)] for what, said in lines.items())]

    def _rebuilds(self) -> list[list[str]]:
        heading = ["rollup", "facts", "rows", "written s", "CPU", "plain s", "CPU"]
        rows = [
            [table.name, f"{run.ledger.facts:,}", f"{table.rows:,}", *_both(table.rebuilt), *_both(table.plain)]
            for run in self._runs
            for table in run.ledger.rebuild.tables
        ]
        return [heading, *rows]

    def _reports(self) -> list[list[str]]:
        """Side by side for each number of facts; ``growth`` is by CPU, from the fewest to the most."""
        sizes = [f"{run.ledger.facts:,}" for run in self._runs]
        heading = [
            "report",
            "days",
            *(f"{size}: {what}" for size in sizes for what in ("rows", "p50 ms", "p95", "CPU")),
        ]
        rows = [
            [
                one[0].report,
                f"{one[0].days}",
                *(cell for each in one for cell in _asked(each)),
                f"{one[-1].cpu_ms / one[0].cpu_ms:.1f} x",
            ]
            for one in zip(*(run.ledger.reports for run in self._runs), strict=True)
        ]
        return [[*heading, "growth"], *rows]


@contextmanager
def _meter(cores: Cores) -> Iterator[Callable[[], Spent]]:
    """Of the processes that are started and ended meanwhile; PostgreSQL is on the load's core."""
    began, children = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, load = core_busy_s(cores.server), core_busy_s(cores.load)

    def read() -> Spent:
        seconds, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = now.ru_utime + now.ru_stime - children.ru_utime - children.ru_stime
        return Spent(
            seconds=seconds,
            cpu_s={"server": ours},
            database_s=0.0,
            foreign=max(0.0, core_busy_s(cores.server) - busy - ours) / seconds,
            load_core=(core_busy_s(cores.load) - load) / seconds,
        )

    yield read


def _both(cost: Cost) -> tuple[str, str]:
    return f"{cost.wall_s:.2f}", f"{cost.cpu_s:.2f}"


def _shares(share: Cost) -> str:
    return f"{share.wall_s:.0%}; {share.cpu_s:.0%}"


def _asked(one: Asked) -> tuple[str, str, str, str]:
    return f"{one.rows:,}", f"{one.p50_ms:.0f}", f"{one.p95_ms:.0f}", f"{one.cpu_ms:.0f}"


def _new_database(stage: Stage, name: str) -> str:
    """In the cluster that the run has anyway."""
    url = stage.environ["DATABASE_URL"]
    with psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def _manage(environ: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL
    )


def _program(file: Path, facts: int, seconds: float, turns: int) -> str:
    return (
        "from pathlib import Path; from tests.load.ledger.run import run; "
        f"run(Path({str(file)!r}), facts={facts}, seconds={seconds}, facts_per_s={FACTS_PER_S}, turns={turns})"
    )
