"""Lives to facts: through the product's own write path, in batches, all or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import transaction

from usage import recording
from usage.errors import RealFactsPresent
from usage.models import EngagementEvent, TurnAccepted, UpstreamCall, UsageRecord
from usage.periods import day_of
from usage.recording import Facts
from usage.rollup import mark_days
from usage.simulation.people import person_of
from usage.simulation.plan import Plan
from usage.simulation.visits import Visit, visits_of
from usage.simulation.world import world_of

FACTS = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)
BATCH = 500
"""Visits written with one statement per table; about 6,000 rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many facts were handed over; those that were there already are among them."""

    turns: int = 0
    records: int = 0
    calls: int = 0
    engagements: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            turns=self.turns + other.turns,
            records=self.records + other.records,
            calls=self.calls + other.calls,
            engagements=self.engagements + other.engagements,
        )

    @property
    def total(self) -> int:
        return self.turns + self.records + self.calls + self.engagements


def simulate(plan: Plan, *, witness: Callable[[Visit], object]) -> Written:
    """Write everything that happens, and mark its days; ``witness`` sees every visit.

    One transaction: what is interrupted was never there. The same plan once more changes nothing.

    Raises ``RealFactsPresent``.
    """
    written = Written()
    with transaction.atomic():
        require_no_real_facts()
        days: set[date] = set()
        lives = lives_of(plan)
        while batch := list(islice(lives, BATCH)):
            for visit in batch:
                witness(visit)
            facts = [fact for visit in batch for fact in facts_of_visit(visit, plan.zone)]
            days.update(day_of(mark.window_start, plan.zone) for fact in facts for mark in fact.marks)
            recording.write([replace(fact, marks=frozenset()) for fact in facts])
            written += _counted(facts)
        mark_days(sorted(days))
    return written


def require_no_real_facts() -> None:
    """Made-up people must never be counted among real ones.

    Raises ``RealFactsPresent``.
    """
    if any(table.objects.filter(simulated=False).exists() for table in FACTS):
        raise RealFactsPresent


def lives_of(plan: Plan) -> Iterator[Visit]:
    """Day after day, as facts come in; within a day person after person."""
    world = world_of(plan)
    comings: dict[int, list[int]] = {}
    people = {number: person_of(world, number) for number in range(plan.users)}
    for person in people.values():
        for day in person.days:
            comings.setdefault(day, []).append(person.number)
    for day in sorted(comings):
        for number in comings[day]:
            yield from visits_of(world, people[number], day)


def facts_of_visit(visit: Visit, zone: ZoneInfo) -> Iterator[Facts]:
    """By the functions that record what really happens."""
    yield from (recording.facts_of_engagement(look, zone, simulated=True) for look in visit.looks)
    for exchange in visit.exchanges:
        yield recording.facts_of_acceptance(exchange.accepted, zone, simulated=True)
        yield recording.facts_of_ending(exchange.finished, zone, simulated=True)
        yield from (recording.facts_of_engagement(signal, zone, simulated=True) for signal in exchange.signals)
        if exchange.title:
            yield recording.facts_of_call(exchange.title, zone, simulated=True)


def _counted(facts: Sequence[Facts]) -> Written:
    return Written(
        turns=sum(len(fact.turns) for fact in facts),
        records=sum(len(fact.records) for fact in facts),
        calls=sum(len(fact.calls) for fact in facts),
        engagements=sum(len(fact.engagements) for fact in facts),
    )
