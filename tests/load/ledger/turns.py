"""What facts and marks add to a turn: one accepting and one ending transaction, alone and with each of the two."""

import time
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tests.load.ledger.found import Added
from tests.load.verdicts import median
from usage import recording
from usage.models import RollupScan
from usage.periods import day_of, reporting_zone
from usage.recording import Facts
from usage.simulation import Plan
from usage.simulation.ledger import facts_of_visit, lives_of

SEED = 2_000_000
"""Of people whom nobody has seen before."""


def added(turns: int) -> Added:
    """The three ways take turns, so that a disturbance hits all of them."""
    zone = reporting_zone()
    until = day_of(timezone.now(), zone) - timedelta(days=1)
    plan = Plan(users=turns, days=1, seed=SEED, until=until, zone=zone)
    facts = [facts for visit in lives_of(plan) for facts in facts_of_visit(visit, zone)]
    accepted, ended = ([one for one in facts if getattr(one, kind)] for kind in ("turns", "records"))
    spent: dict[str, list[float]] = {"nothing": [], "facts": [], "marks": []}
    for number, pair in enumerate(zip(accepted[: 3 * turns], ended, strict=False)):
        way = tuple(spent)[number % 3]
        spent[way].append(sum(_seconds(one, way) for one in pair))
    nothing, with_facts, with_marks = (median(seconds) * 1000 for seconds in spent.values())
    return Added(facts_ms=with_facts - nothing, marks_ms=with_marks - with_facts)


def _seconds(facts: Facts, way: str) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        RollupScan.objects.exists()  # a transaction that says nothing is none
        if way != "nothing":
            recording.write([facts if way == "marks" else replace(facts, marks=frozenset())])
    return time.perf_counter() - began
