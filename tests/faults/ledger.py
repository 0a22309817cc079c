"""I11: what reports read is what the facts say, whatever happened while they were written down.

Everything that is marked is recomputed, as Celery does it every few seconds. Then the days must give what the facts
give when they are simply counted and added, and recomputing a day from its facts alone must change none of its rows.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from usage.models import Mark, TurnAccepted, UpstreamCall, UsageDay, UsageRecord
from usage.rollup import check_day, drain_all, recorded_days

PICO = 10**12

Sums = Mapping[str, object]


def differences() -> list[str]:
    """In words; none if all is well. Facts that come in meanwhile bring marks: then it is looked at again."""
    while True:
        drain_all(now=timezone.now())
        stored, plain = _of_days(), _of_facts()
        checks = [check_day(day) for day in recorded_days()]
        if not Mark.objects.exists() and all(check.is_settled for check in checks):
            break
    found = [f"{name}: days say {stored[name]}, facts {plain[name]}" for name in plain if stored[name] != plain[name]]
    return found + [str(difference) for check in checks for difference in check.differences]


def _of_facts() -> Sums:
    calls: dict[str, Any] = UpstreamCall.objects.aggregate(number=Count("pk"), cost=Sum("cost_pico"))
    outcomes = UsageRecord.objects.values_list("outcome").annotate(Count("pk"))
    return {
        "turns": TurnAccepted.objects.count(),
        "endings": dict(outcomes.order_by("outcome")),
        "calls": calls["number"],
        "cost": calls["cost"] or 0,
    }


def _of_days() -> Sums:
    names = ("turns", "calls", "cost_units", "cost_rest_pico")
    sums: dict[str, Any] = UsageDay.objects.aggregate(**{name: Sum(name, default=0) for name in names})
    outcomes = UsageDay.objects.filter(endings__gt=0).values_list("outcome").annotate(Sum("endings"))
    return {
        "turns": sums["turns"],
        "endings": dict(outcomes.order_by("outcome")),
        "calls": sums["calls"],
        "cost": sums["cost_units"] * PICO + sums["cost_rest_pico"],
    }
