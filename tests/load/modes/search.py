"""Searching what a person of 10,000 messages said, among others who said as much: P18, on either database."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from tests.load.asking import Reader
from tests.load.bench import Bench, Plan
from tests.load.meter import percentile
from tests.load.modes import Mode
from tests.load.rounds import Load, Measured
from tests.load.stage import Server, Stage
from tests.load.verdicts import Figure, Verdict, judged, median
from tests.processes import ROOT

MESSAGES = 10_000
PEOPLE = 3
TIMES = 20
QUERIES = {
    "a word that is nowhere": "兵马俑的门票多少钱",
    "a word that is in many answers": "模型",
    "one Han character": "的",
    "a Latin word, case left out": "TypeError",
    "two words": "西安 老人",
    "a title": "计划-42",
}
QUIET = Load(streams=1, rate=0, tokens=1, first_token_s=0, window_s=0)
"""Nobody talks meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of query, asked ``TIMES`` times."""

    what: str
    hits: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching(Measured):
    messages: int
    asked: Sequence[Asked]
    p95_ms: float
    """Of all kinds together."""
    cpu_ms: float
    """The web process', which on SQLite is the database, too."""


async def searching(server: Server, messages: int) -> Searching:
    """The kinds take turns, so that a disturbance hits all of them."""
    paths = {what: f"/api/search/?{urlencode({'q': query})}" for what, query in QUERIES.items()}
    with Reader(server) as reader:
        reader.read(paths.values())  # the first one finds no page of the tables in memory
        before = server.meter.read()
        rounds = [reader.read(paths.values()) for _ in range(TIMES)]
        spent = server.meter.since(before)
    asked = []
    for what, replies in zip(paths, zip(*rounds, strict=True), strict=True):
        ms = [reply.seconds * 1e3 for reply in replies]
        hits = len(msgspec.json.decode(replies[0].body)["results"])
        asked.append(Asked(what=what, hits=hits, p50_ms=percentile(ms, 50), p95_ms=percentile(ms, 95)))
    every = [reply.seconds * 1e3 for replies in rounds for reply in replies]
    return Searching(
        spent=spent,
        messages=messages,
        asked=asked,
        p95_ms=percentile(every, 95),
        cpu_ms=spent.cpu_s["server"] / len(every) * 1e3,
    )


class Search(Mode):
    name = "search"
    most = 1

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._searches: list[Searching] = []

    @property
    def people(self) -> int:
        return PEOPLE

    @property
    def results(self) -> list[Searching]:
        return self._searches

    def measure(self, bench: Bench) -> None:
        stage, messages = bench.stage, max(100, self.plan.count(MESSAGES))
        _seed(stage, messages)
        self._searches.append(bench.measured(QUIET, lambda: searching(stage.product, messages)))

    def verdicts(self) -> list[Verdict]:
        figure = Figure(measured=median(one.p95_ms for one in self._searches), bound=100, form="{:.0f} ms", name="p95")
        remarks = [f"{one.messages:,} messages of each of {PEOPLE}, CPU {one.cpu_ms:.0f} ms" for one in self._searches]
        return [judged("P18", "searching 10,000 messages of one's own", [figure], self._searches, remarks=remarks)]

    def tables(self) -> Sequence[Sequence[Sequence[str]]]:
        heading = ["searched for", "hits", "p50 ms", "p95 ms"]
        rows = [
            [asked.what, f"{asked.hits}", f"{asked.p50_ms:.0f}", f"{asked.p95_ms:.0f}"]
            for one in self._searches
            for asked in one.asked
        ]
        return [[heading, *rows]] if rows else []


def _seed(stage: Stage, messages: int) -> None:
    program = f"from tests.load.much_said import seed; seed({messages}, {PEOPLE})"
    argv = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
    subprocess.run(argv, cwd=ROOT, env={**os.environ, **stage.environ}, check=True, stdout=subprocess.DEVNULL)
