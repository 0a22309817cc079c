"""How old a fact is when every rollup has it, while facts keep coming and a worker drains as beat tells it to.

They are spread over the windows of one day: more of them are stale at once than where everything is of this moment.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from tests.load.ledger.found import Freshness
from usage import recording, rollup
from usage.periods import day_of, reporting_zone
from usage.recording import Facts
from usage.simulation import Plan
from usage.simulation.ledger import facts_of_visit, lives_of

FACTS_PER_S = 500
BEAT_S = 15.0
"""Between the starts of two passes, as in the settings of Celery."""
TICK_S = 0.1
FACTS_OF_A_VISIT = 12
SEED = 1_000_000
"""Of people whom nobody has seen before."""


@dataclass(slots=True)
class _Arrivals:
    """A writer beside the worker: batches with their marks, each in a transaction of its own."""

    facts_per_s: float
    waiting: list[Facts]
    stop: threading.Event = field(default_factory=threading.Event)
    committed: list[tuple[float, int]] = field(default_factory=list)
    """When, and how many facts."""

    def run(self) -> None:
        began, written = time.perf_counter(), 0
        while not self.stop.is_set() and self.waiting:
            batch: list[Facts] = []
            while self.waiting and written < (time.perf_counter() - began) * self.facts_per_s:
                batch.append(self.waiting.pop())
                written += _size(batch[-1])
            if batch:
                with transaction.atomic():
                    recording.write(batch)
                self.committed.append((time.perf_counter(), sum(map(_size, batch))))
            self.stop.wait(TICK_S)
        connection.close()


def freshness(*, seconds: float, facts_per_s: float) -> Freshness:
    """Facts arrive for so long; passes go on until the last one is in."""
    arrivals = _Arrivals(facts_per_s=facts_per_s, waiting=_facts(round(seconds * facts_per_s)))
    writer = threading.Thread(target=arrivals.run)
    began = time.perf_counter()
    writer.start()
    passes: list[tuple[float, float]] = []
    while (start := time.perf_counter()) < began + seconds:
        _pass(passes)
        time.sleep(max(0.0, min(start + BEAT_S, began + seconds) - time.perf_counter()))
    arrivals.stop.set()
    writer.join()
    lasted = time.perf_counter() - began
    while not passes or passes[-1][0] < arrivals.committed[-1][0]:
        _pass(passes)
    ages = [(min(end for start, end in passes if start >= at) - at, size) for at, size in arrivals.committed]
    facts = sum(size for _, size in ages)
    return Freshness(
        facts=facts,
        facts_per_s=facts / lasted,
        passes=len(passes),
        p50_s=_percentile(ages, 50),
        p95_s=_percentile(ages, 95),
    )


def _pass(passes: list[tuple[float, float]]) -> None:
    """One that left something does not count: nobody can say of whom."""
    start = time.perf_counter()
    if rollup.drain(now=timezone.now(), budget_s=40).left == 0:
        passes.append((start, time.perf_counter()))


def _facts(number: int) -> list[Facts]:
    """Of people who come on one day, more than so many."""
    zone = reporting_zone()
    until = day_of(timezone.now(), zone) - timedelta(days=1)
    plan = Plan(users=number // FACTS_OF_A_VISIT + 20, days=1, seed=SEED, until=until, zone=zone)
    return [facts for visit in lives_of(plan) for facts in facts_of_visit(visit, zone)]


def _size(facts: Facts) -> int:
    return len(facts.turns) + len(facts.records) + len(facts.calls) + len(facts.engagements)


def _percentile(ages: Sequence[tuple[float, int]], percent: float) -> float:
    """Of seconds, each counted as often as its batch has facts."""
    rank = percent / 100 * sum(size for _, size in ages)
    for age, size in sorted(ages):
        rank -= size
        if rank <= 0:
            return age
    return ages[-1][0]
