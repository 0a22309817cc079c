"""A person asks to be forgotten, or leaves: what becomes of their facts.

The link between a person and their subject is the account's row, which is deleted with the account. In the same
transaction the erasure is asked for; a worker does it, so that leaving does not wait for a long history. It is
done once at once, and once more a day later, for what was on its way; then the subject is forgotten here too.

- ``unlink`` (the default): facts no longer say which conversation they belong to. Published history stays.
- ``remove``: facts and rows of the person are deleted, and all that was computed from them is computed again, as
  far as it can be: sums of sealed days have no facts left to be computed from, and name nobody.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q

from usage.errors import ErasureIncomplete
from usage.models import (
    Acquisition,
    EngagementEvent,
    Erasure,
    FirstDay,
    Level,
    Session,
    TurnAccepted,
    UpstreamCall,
    UsageRecord,
    UserDay,
)
from usage.periods import WINDOW, day_bounds, day_of, reporting_zone, windows_between
from usage.recording import MarkKey, lane_of, put_marks
from usage.rollup.late import ACROSS_DAYS
from usage.rollup.sealing import PEOPLE_REACH, REACH, people_purged_until, whole_days_from
from usage.rollup.statements import claim

logger = logging.getLogger(__name__)

SETTLED = timedelta(days=1)
"""After the deletion of an account nothing of its person is on its way any more."""
FACTS: tuple[Any, ...] = (TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent)
LINKED: tuple[Any, ...] = (TurnAccepted, UsageRecord, EngagementEvent)
"""With the id of a conversation."""


def request(subject: UUID, *, now: datetime, mode: str | None = None) -> Erasure:
    """To be called in the transaction that deletes the account. ``mode``: that of the settings."""
    return Erasure.objects.create(subject=subject, mode=mode or settings.ERASURE, requested_at=now)


def erase_due(*, now: datetime) -> int:
    """How many were done. Raises ``ErasureIncomplete`` at the end if the database refused one."""
    settled = Q(requested_at__lte=now - SETTLED)
    due = Erasure.objects.filter(Q(done_at=None) | settled, subject__isnull=False).order_by("requested_at")
    done, failed = 0, 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            done += erase(pk, now=now)
        except DatabaseError:
            logger.exception("erasure %s", pk)
            failed += 1
    if failed:
        raise ErasureIncomplete(failed)
    return done


def erase(pk: int, *, now: datetime) -> bool:
    """False if it is done for good, or another worker holds what it needs: then it stays due."""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update(skip_locked=True).filter(pk=pk, subject__isnull=False).first()
        if erasure is None or erasure.subject is None:
            return False
        if erasure.mode == Erasure.Mode.UNLINK:
            erasure.facts += sum(table.objects.filter(subject=erasure.subject).unlink() for table in LINKED)
        elif not _remove(erasure, erasure.subject):
            return False
        erasure.done_at = erasure.done_at or now
        if erasure.requested_at <= now - SETTLED:
            erasure.subject = None
        erasure.save()
    return True


def _remove(erasure: Erasure, subject: UUID) -> bool:
    if not claim(Level.PERSON, [lane_of(subject)]):  # nor can a day be sealed while this is held
        return False
    zone = reporting_zone()
    marks = {*_marks_of_facts(subject), *_marks_of_sealed_rows(subject)}
    put_marks(marks)
    erasure.facts += sum(table.objects.filter(subject=subject).purge() for table in FACTS)
    days = [day for day in (erasure.first_day, erasure.last_day) if day]
    days += [day_of(mark.window_start, zone) for mark in marks]
    erasure.first_day, erasure.last_day = min(days, default=None), max(days, default=None)
    return True


def _marks_of_facts(subject: UUID) -> Iterator[MarkKey]:
    """Every key that one of them can have changed."""
    calls = UpstreamCall.objects.filter(subject=subject).values_list("window_start", "last_window").distinct()
    busy = {window for start, last in calls for window in windows_between(start, last + WINDOW)}
    turns = {window for table in (TurnAccepted, UsageRecord) for window in _windows(table, subject, "window_start")}
    signals = {
        window for name in ("window_start", "asked_window") for window in _windows(EngagementEvent, subject, name)
    }
    yield from (MarkKey(Level.WINDOW, window) for window in busy | turns | signals)
    yield from (MarkKey(Level.PERSON, window, subject) for window in turns | signals)


def _windows(table: Any, subject: UUID, name: str) -> Iterator[datetime]:
    return filter(None, table.objects.filter(subject=subject).values_list(name, flat=True).distinct())


def _marks_of_sealed_rows(subject: UUID) -> Iterator[MarkKey]:
    """No fact is left to compute them from: they are deleted here, and what was counted from them is counted again.

    But not where other rows that it was counted from are purged already.
    """
    zone, sealed, purged = reporting_zone(), whole_days_from(), people_purged_until()
    is_sealed = {"subject": subject, "local_day__lt": day_of(sealed, zone)}
    user_days, sessions, firsts = (table._default_manager.filter(**is_sealed) for table in (UserDay, Session, FirstDay))
    active, begun, first = (set(rows.values_list("local_day", flat=True)) for rows in (user_days, sessions, firsts))
    for rows in (user_days, sessions, firsts, Acquisition.objects.filter(subject=subject, at__lt=sealed)):
        rows.delete()
    for levels, days, since in (
        ((Level.PEOPLE_DAY,), active, purged),
        ((Level.SESSION_DAY,), begun, purged),
        (ACROSS_DAYS, active | first, purged + REACH),
        ((Level.RETURN_DAY,), active, purged + PEOPLE_REACH),
    ):
        starts = [day_bounds(day, zone)[0] for day in days]
        yield from (MarkKey(level, start) for level in levels for start in starts if start >= since)
