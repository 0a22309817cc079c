"""What became of calls for answers: another endpoint had to be asked, or the question was asked again.

Read from facts, a local day at a time, with what is beside it: a turn accepted before midnight is answered after it,
and so is the second attempt of a call that failed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from conversations.events import CallPurpose, EngagementKind
from usage.models import CallDay, EngagementEvent, Level, Mark, UpstreamCall, UsageRecord
from usage.periods import WINDOW, day_bounds, day_of, reporting_zone
from usage.rollup.exact import money_sums
from usage.rollup.sealing import with_the_day_before
from usage.rollup.statements import claim, insert_select

SUPERSEDING = (EngagementKind.REGENERATED, EngagementKind.EDITED)
A_DAY = timedelta(days=1)
"""A call begins within it after its turn was accepted, and the next attempt within it after the one before."""


def days_beside(start: datetime, end: datetime) -> Iterator[datetime]:
    """Moments in other local days that facts of ``[start, end)`` change: calls of its turns, calls it came after."""
    zone = reporting_zone()
    yield day_bounds(day_of(end - WINDOW, zone), zone)[1]
    again = UpstreamCall.objects.filter(window_start__gte=start, window_start__lt=end, attempt__gt=1)
    before = UpstreamCall.objects.filter(call_of__in=again.values("call_of"), attempt=1, window_start__lt=start)
    yield from before.values_list("window_start", flat=True).distinct()


def recompute_call_day(day: date) -> bool:
    """What is sealed of it, or of the day before, is final: its marks go, its rows stay."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    if not claim(Level.CALL_DAY, [day.toordinal() - 1, day.toordinal()]):
        return False
    Mark.objects.filter(level=Level.CALL_DAY, window_start__gte=start, window_start__lt=end).delete()
    if start < with_the_day_before():
        return True
    CallDay.objects.filter(local_day=day).delete()
    superseded = _superseded(day_bounds(day - A_DAY, zone)[0], end)
    insert_select(
        CallDay,
        _followed(UpstreamCall.objects.filter(window_start__gte=start, window_start__lt=end)),
        constants={"local_day": day, "zone": zone.key},
        dimensions={name: name for name in ("scenario", "model", "endpoint", "channel", "currency")},
        measures={
            "asked_first": Count("id", filter=Q(attempt=1)),
            "failed_over": Count("id", filter=Q(attempt=1, went_on=True)),
            "answered_elsewhere": Count("id", filter=Q(attempt=1, was_answered=True)),
            **money_sums("superseded", "cost_pico", Q(error="", call_of__in=superseded.values("generation"))),
        },
    )
    return True


def _followed(calls: "QuerySet[UpstreamCall]") -> "QuerySet[UpstreamCall, Any]":
    """Those for answers, and whether another endpoint was asked after it, and answered."""
    elsewhere = UpstreamCall.objects.filter(call_of=OuterRef("call_of"), epoch=OuterRef("epoch"), attempt__gt=1)
    elsewhere = elsewhere.exclude(endpoint=OuterRef("endpoint"))
    return calls.filter(purpose=CallPurpose.ANSWER).annotate(
        went_on=Exists(elsewhere), was_answered=Exists(elsewhere.filter(error=""))
    )


def _superseded(start: datetime, end: datetime) -> "QuerySet[UsageRecord]":
    """Turns of ``[start, end)`` that have ended, of answers asked for then, and later anew or in other words."""
    signals = EngagementEvent.objects.filter(kind__in=SUPERSEDING, asked_window__gte=start, asked_window__lt=end)
    ended = UsageRecord.objects.filter(window_start__gte=start, window_start__lt=end)
    return ended.filter(answer__in=signals.values("answer"))
