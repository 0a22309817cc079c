"""What a report reads belongs to one moment, and it says up to when that moment is complete."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min, Sum

from usage.models import Erasure, Mark, RollupScan, UsageWindow

COMMIT = timedelta(seconds=10)
"""A fact is stamped before its transaction commits; at most this long before."""

UNFINISHED_WITHIN = timedelta(days=2)
"""How far back an unfinished turn holds completeness up; older ones are seen as ``unfinished`` in their rows."""

_BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    # Not IMMEDIATE, which the settings ask for: a reader must not wait for writers, nor they for it.
    "sqlite": "BEGIN DEFERRED",
}


_memory: ContextVar[dict[Hashable, list[Any]] | None] = ContextVar("what this snapshot has read", default=None)


def read_before(question: Hashable) -> list[Any]:
    """What was read in this snapshot for such a question; whoever reads adds to it. Outside of one: nothing."""
    memory = _memory.get()
    return [] if memory is None else memory[question]


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see one state of the database, so that nothing in it has to be read twice."""
    token = _memory.set(defaultdict(list))
    try:
        with _one_state():
            yield
    finally:
        _memory.reset(token)


@contextmanager
def _one_state() -> Iterator[None]:
    """Inside a transaction of the caller: that one's."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def erased_since(first: date, last: date) -> datetime | None:
    """When a number of these local days was last changed by the erasure of a person; None if none ever was."""
    changed = Erasure.objects.filter(first_day__lte=last, last_day__gte=first)
    latest: datetime | None = changed.aggregate(latest=Max("done_at"))["latest"]
    return latest


def complete_through(now: datetime) -> datetime | None:
    """Every turn accepted before this moment is counted in full; None if no rollup has run yet.

    The least of: the oldest mark at any level, the window of the oldest turn that has not ended,
    and the start of the last pass that left no mark. A background call (a title) in flight is not
    seen: its cost may still be added to a window before this moment.
    """
    scan = RollupScan.objects.filter(pk=1).first()
    if scan is None:
        return None
    oldest_mark = Mark.objects.aggregate(oldest=Min("window_start"))["oldest"]
    windows = UsageWindow.objects.filter(window_start__gte=now - UNFINISHED_WITHIN).values("window_start")
    unfinished = windows.annotate(begun=Sum("turns"), over=Sum("endings")).filter(begun__gt=F("over"))
    oldest_unfinished = unfinished.order_by("window_start").values_list("window_start", flat=True).first()
    moments = [scan.scanned_at - COMMIT, oldest_mark, oldest_unfinished]
    known: list[datetime] = [moment for moment in moments if moment]
    return min(known)
