"""Who was brought by a campaign: the first ``acquired`` that was told of a person. Everybody else is organic."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from conversations.events import EngagementKind
from usage.models import (
    Acquisition,
    EngagementEvent,
    FirstDay,
    Level,
    TurnAccepted,
    UpstreamCall,
    UsageRecord,
    UserDay,
)
from usage.recording import MarkKey, put_marks
from usage.rollup.sealing import sealed_until

ORGANIC = ~Exists(Acquisition.objects.filter(subject=OuterRef("subject")))
"""Of a fact: no campaign brought its person."""
FACTS: tuple[Any, ...] = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)


def recompute_acquisitions(subjects: Collection[UUID]) -> set[date]:
    """Of these people, whose lanes the caller holds; the days of those who turn out to be of the other kind.

    Their windows are marked. One whose fact is purged stands.
    """
    told = EngagementEvent.objects.filter(kind=EngagementKind.ACQUIRED, subject__in=sorted(subjects))
    first: dict[UUID, Acquisition] = {}
    for subject, campaign, at in told.order_by("occurred_at", "event").values_list("subject", "value", "occurred_at"):
        first.setdefault(subject, Acquisition(subject=subject, campaign=campaign, at=at))
    stored = dict(Acquisition.objects.filter(subject__in=sorted(subjects)).values_list("subject", "at"))
    sealed = sealed_until()
    standing = {subject for subject, at in stored.items() if at < sealed}
    Acquisition.objects.filter(subject__in=sorted(stored.keys() - standing)).delete()
    Acquisition.objects.bulk_create([first[subject] for subject in sorted(first.keys() - standing)])
    return _turn_over(stored.keys() ^ (first.keys() | standing))


def told_between(start: datetime, end: datetime) -> set[UUID]:
    """Those of whom it was told, or is believed to have been told, between two moments."""
    told = EngagementEvent.objects.filter(kind=EngagementKind.ACQUIRED, window_start__gte=start, window_start__lt=end)
    believed = Acquisition.objects.filter(at__gte=start, at__lt=end)
    return {*told.values_list("subject", flat=True), *believed.values_list("subject", flat=True)}


def _turn_over(subjects: Collection[UUID]) -> set[date]:
    """Say it on all their rows."""
    if not subjects:
        return set()
    facts = [table.objects.filter(subject__in=sorted(subjects)) for table in FACTS]
    windows = {window for rows in facts for window in rows.values_list("window_start", flat=True).distinct()}
    put_marks(MarkKey(Level.WINDOW, window) for window in windows)
    days: set[date] = set()
    for table in (UserDay, FirstDay):
        theirs = table._default_manager.filter(subject__in=sorted(subjects))
        acquired = Acquisition.objects.values("subject")
        theirs.update(organic=True)
        theirs.filter(subject__in=acquired).update(organic=False)
        days |= set(theirs.values_list("local_day", flat=True).distinct())
    return days
