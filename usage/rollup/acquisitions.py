"""Who was brought by a campaign: the first ``acquired`` that was told of a person. Everybody else is organic."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from conversations.events import EngagementKind
from usage.models import Acquisition, EngagementEvent, FirstDay, UserDay
from usage.rollup.sealing import sealed_until


def recompute_acquisitions(subjects: Collection[UUID]) -> set[date]:
    """Of these people, whose lanes the caller holds; the days of those who turn out to be of the other kind.

    One whose fact is purged stands.
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
    days: set[date] = set()
    for table in (UserDay, FirstDay):
        theirs = table._default_manager.filter(subject__in=sorted(subjects))
        acquired = Acquisition.objects.values("subject")
        theirs.update(organic=True)
        theirs.filter(subject__in=acquired).update(organic=False)
        days |= set(theirs.values_list("local_day", flat=True).distinct())
    return days
