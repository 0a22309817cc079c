"""Facts that come when their day is sealed already: never lost, and never added to numbers that are final.

Their marks are taken before those of any other level. Under the lock of its window each such fact becomes
a ``LateAdjustment``, and goes. A sealed window holds no other facts, but for the calls that ran over the
end of their day, whose ids the seal knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet

from conversations.statements import insert
from usage.models import EngagementEvent, LateAdjustment, Level, Mark, Seal, TurnAccepted, UpstreamCall, UsageRecord
from usage.periods import day_of, reporting_zone, window_number
from usage.rollup.cohort_costs import DAYS as YOUNG_DAYS
from usage.rollup.sealing import REACH, people_purged_until, sealed_until, whole_days_from
from usage.rollup.statements import claim

FactKind = LateAdjustment.FactKind
BY_DAY = (Level.REBUILD, Level.PERSON, Level.LATENCY_DAY)
"""Levels whose rows are made of the facts of a whole local day."""
OF_PEOPLE = (Level.PEOPLE_DAY, Level.SESSION_DAY)
ACROSS_DAYS = (Level.ACTIVE_DAY, Level.LIFECYCLE, Level.COHORT, Level.ADOPTION)
"""Levels that look back from a day for up to ``REACH``."""


@dataclass(frozen=True, slots=True)
class _Late:
    fact_kind: FactKind
    fact: Any
    key: UUID
    kind: str
    outcome: str


def late_windows() -> list[datetime]:
    """Windows with marks of rows that are final."""
    return list(_final().values_list("window_start", flat=True).distinct().order_by("window_start"))


def _final() -> "QuerySet[Mark]":
    purged = people_purged_until()
    return Mark.objects.filter(
        Q(level=Level.WINDOW, window_start__lt=sealed_until())
        | Q(level__in=BY_DAY, window_start__lt=whole_days_from())
        | Q(level=Level.COHORT_COST, window_start__lt=whole_days_from() - timedelta(days=YOUNG_DAYS))
        | Q(level__in=OF_PEOPLE, window_start__lt=purged)
        | Q(level__in=ACROSS_DAYS, window_start__lt=purged + REACH)
    )


def settle_late(window: datetime, *, now: datetime) -> bool:
    """A line for every fact that came too late for this sealed window; False if another worker holds it."""
    if not claim(Level.WINDOW, [window_number(window)]):
        return False
    _final().filter(window_start=window).delete()
    until = sealed_until()
    if window >= until:  # rows of its people are final, or its day is sealed in part: itself it is computed as ever
        return True
    late = list(_late_facts(window))
    insert([_line(each, window, now) for each in late], once_by=("fact_kind", "fact"))
    for table in (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent):
        # A call that runs into a day that is not sealed is busy there too, and goes with that day.
        gone = [each.fact for each in late if isinstance(each.fact, table)]
        table.objects.filter(pk__in=[fact.pk for fact in gone if getattr(fact, "last_window", window) < until]).purge()
    return True


def _late_facts(window: datetime) -> Iterator[_Late]:
    seal = Seal.objects.filter(starts_at__lte=window, ends_at__gt=window).first()
    crossing = seal.crossing_calls if seal else []
    for fact in TurnAccepted.objects.filter(window_start=window):
        yield _Late(FactKind.TURN, fact, uuid5(fact.generation, "turn"), fact.kind, "")
    for fact in UsageRecord.objects.filter(window_start=window):
        yield _Late(FactKind.ENDING, fact, uuid5(fact.generation, "ending"), fact.kind, fact.outcome)
    for fact in UpstreamCall.objects.filter(window_start=window).exclude(pk__in=crossing):
        key = uuid5(fact.call_of, f"{fact.epoch} {fact.attempt}")
        yield _Late(FactKind.CALL, fact, key, fact.purpose, fact.error)
    signals = Q(asked_window=window) | Q(asked_window=None, window_start=window)
    for fact in EngagementEvent.objects.filter(signals):
        yield _Late(FactKind.ENGAGEMENT, fact, uuid5(fact.subject, str(fact.event)), fact.kind, fact.value)


def _line(late: _Late, window: datetime, now: datetime) -> LateAdjustment:
    fact, zone = late.fact, reporting_zone()
    is_call = late.fact_kind == FactKind.CALL
    return LateAdjustment(
        fact_kind=late.fact_kind,
        fact=late.key,
        arrived_at=now,
        window_start=window,
        local_day=day_of(window, zone),
        zone=zone.key,
        scenario=fact.scenario,
        model=fact.model,
        endpoint=getattr(fact, "endpoint", ""),
        channel=fact.channel,
        kind=late.kind,
        outcome=late.outcome,
        is_internal=fact.is_internal,
        simulated=fact.simulated,
        cost_pico=fact.cost_pico if is_call else None,
        currency=fact.currency if is_call else "",
    )
