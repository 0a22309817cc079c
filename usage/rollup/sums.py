"""Additive sums: facts to 15-minute windows, windows to local days."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Expression

from conversations.events import EngagementKind
from usage.models import (
    EngagementEvent,
    Level,
    Mark,
    Source,
    TurnAccepted,
    UpstreamCall,
    UsageDay,
    UsageRecord,
    UsageWindow,
)
from usage.models.rollups import DIMENSIONS
from usage.periods import WINDOW, day_bounds, day_of, reporting_zone, window_number, windows_between
from usage.recording import MarkKey, put_marks
from usage.rollup import answers
from usage.rollup.acquisitions import ORGANIC
from usage.rollup.busy import replace_busy_windows
from usage.rollup.calls import days_beside
from usage.rollup.conversations import later_days
from usage.rollup.exact import UNIT_PICO, money_sums, whole_sum
from usage.rollup.latency import replace_latency_windows
from usage.rollup.sealing import sealed_until
from usage.rollup.statements import claim, insert_measures, insert_select, numbers_of

ABOVE_WINDOWS = (Level.USAGE_DAY, Level.LATENCY_DAY, Level.COHORT_COST, Level.CALL_DAY, Level.CONVERSATION_DAY)
"""All but the first read facts again: of what they tell apart there would be nearly as many windows as facts."""
TOKENS = ("input_uncached", "input_cached", "output_visible", "output_reasoning")
VISITS = {
    "scenarios_seen": EngagementKind.SCENARIO_SEEN,
    "scenarios_chosen": EngagementKind.SCENARIO_CHOSEN,
    "conversations": EngagementKind.CONVERSATION_STARTED,
}
COUNTS = (
    "turns",
    "endings",
    "valued",
    *TOKENS,
    *(f"{name}_known" for name in TOKENS),
    "estimated",
    "calls",
    "unpriced",
    *answers.COUNTS,
    *VISITS,
)

VALUED = Q(outcome="completed", visible_characters__gt=0)
"""A turn of value: ended completed, with a visible answer."""
_OF_ANSWERS = ("scenario", "model", "endpoint", "channel", "is_internal", "organic")
ESTIMATED = ~Q(token_source="reported")  # noqa: S106


class Contribution(NamedTuple):
    """What one kind of fact adds to a window."""

    source: Source
    facts: "QuerySet[Any, Any]"
    dimensions: dict[str, str]
    measures: dict[str, Expression]


CONTRIBUTIONS = (
    Contribution(
        Source.ACCEPTED,
        TurnAccepted.objects.annotate(organic=ORGANIC),
        {name: name for name in ("scenario", "model", "channel", "kind", "is_internal", "organic")},
        {"turns": Count("*")},
    ),
    Contribution(
        Source.ENDED,
        UsageRecord.objects.annotate(organic=ORGANIC),
        {name: name for name in (*_OF_ANSWERS, "kind", "outcome")},
        {
            "endings": Count("*"),
            "valued": Count("id", filter=VALUED),
            **{name: whole_sum(name) for name in TOKENS},
            **{f"{name}_known": Count(name) for name in TOKENS},
            "estimated": Count("id", filter=ESTIMATED),
        },
    ),
    Contribution(
        Source.CALLED,
        UpstreamCall.objects.annotate(organic=ORGANIC),
        {name: name for name in (*_OF_ANSWERS, "currency")} | {"kind": "purpose", "outcome": "error"},
        {
            "calls": Count("*"),
            "unpriced": Count("id", filter=Q(cost_pico=None)),
            **money_sums("cost", "cost_pico"),
        },
    ),
    Contribution(
        Source.VISITED,
        EngagementEvent.objects.filter(kind__in=VISITS.values()).annotate(organic=ORGANIC),
        {name: name for name in ("scenario", "model", "channel", "is_internal", "organic")},
        {name: Count("id", filter=Q(kind=kind)) for name, kind in VISITS.items()},
    ),
)


def recompute_windows(start: datetime, end: datetime) -> bool:
    """All windows in ``[start, end)``; False if somebody else holds one of them, or one is sealed."""
    if not claim(Level.WINDOW, map(window_number, windows_between(start, end))) or start < sealed_until():
        return False
    span = {"window_start__gte": start, "window_start__lt": end}
    Mark.objects.filter(level=Level.WINDOW, **span).delete()
    UsageWindow.objects.filter(**span).delete()
    for source, facts, dimensions, measures in CONTRIBUTIONS:
        insert_select(
            UsageWindow,
            facts.filter(**span),
            constants={"source": source.value},
            dimensions={"window_start": "window_start", **dimensions},
            measures=measures,
        )
    groups = ("window_start", *_OF_ANSWERS)
    insert_measures(
        UsageWindow,
        answers.judged(UsageRecord.objects.filter(**span).annotate(organic=ORGANIC), *groups),
        constants={"source": Source.ANSWERED.value},
        dimensions=groups,
        measures=numbers_of(answers.COUNTS),
    )
    replace_busy_windows(start, end)
    replace_latency_windows(start, end)
    put_marks([MarkKey(level, window) for level in ABOVE_WINDOWS for window in _firsts_of_days(start, end)])
    put_marks([MarkKey(Level.CALL_DAY, window) for window in days_beside(start, end)])
    put_marks([MarkKey(Level.CONVERSATION_DAY, window) for window in later_days(start, end)])
    return True


def _firsts_of_days(start: datetime, end: datetime) -> set[datetime]:
    """The first window of each local day in ``[start, end)``, which is no longer than a day: midnight may be in it."""
    zone = reporting_zone()
    return {start, max(start, day_bounds(day_of(end - WINDOW, zone), zone)[0])}


def recompute_usage_day(day: date) -> bool:
    if not claim(Level.USAGE_DAY, [day.toordinal()]):
        return False
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    span: dict[str, Any] = {"window_start__gte": start, "window_start__lt": end}
    Mark.objects.filter(level=Level.USAGE_DAY, **span).delete()
    UsageDay.objects.filter(local_day=day).delete()
    insert_select(
        UsageDay,
        UsageWindow.objects.filter(**span),
        constants={"local_day": day, "zone": zone.key},
        dimensions={name: name for name in DIMENSIONS},
        measures={
            **{name: whole_sum(name) for name in COUNTS},
            "cost_units": whole_sum("cost_units") + whole_sum("cost_rest_pico") / UNIT_PICO,
            "cost_rest_pico": whole_sum("cost_rest_pico") % UNIT_PICO,
        },
    )
    return True
