"""Whose generation it is: leases in the database, by its clock.

Each process renews all its generations in one transaction a second, which also returns the
stop requests. Leases that ran out are claimed by others (claims.py) with the next epoch; whoever
held the old epoch can write nothing any more, here or in the log.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from conversations.models import Generation, GenerationQuerySet, State
from conversations.statements import Given, Select, Update
from conversations.timing import timing


@dataclass(frozen=True, slots=True)
class Held:
    epoch: int
    stop_requested: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A generation whose model began: rides on the renewal instead of a commit of its own."""

    generation: UUID
    epoch: int
    state: State
    endpoint: int | None
    queue_ms: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The text so far, for the day the log is gone."""

    generation: UUID
    epoch: int
    seq: int
    text: str
    thinking: str
    context_cut: bool


def lease_end() -> Combinable:
    """Of a lease that is given or renewed now."""
    return ExpressionWrapper(Now() + timedelta(seconds=timing().lease_s), output_field=DateTimeField())


class _Mine(NamedTuple):
    id: UUID
    epoch: int
    stop_requested_at: datetime | None


def _held_by(process: Given) -> GenerationQuerySet:
    return Generation.objects.active().filter(lease_owner=process)


def _fenced() -> GenerationQuerySet:
    """The epoch keeps a frozen owner from writing over a new one's."""
    return Generation.objects.active().filter(
        pk=Given("generation", Generation, "id"), epoch=Given("epoch", Generation)
    )


_BEGIN = Update(_fenced, **{name: Given(name, Generation) for name in ("state", "endpoint", "queue_ms")})
_SAVE = Update(_fenced, **{name: Given(name, Generation) for name in ("text", "thinking", "seq", "context_cut")})
_MINE = Select(_Mine, lambda: _held_by(Given("lease_owner", Generation)))


@cache
def _extend() -> Update:
    """When it is first needed, since a lease's length is a setting."""
    return Update(lambda: _held_by(Given("lease_owner", Generation)), lease_until=lease_end())


def _given(row: Begun | Progress) -> dict[str, object]:
    """By name. ``asdict`` would copy the values."""
    return {name: getattr(row, name) for name in row.__slots__}


def renew(process: str, begun: Sequence[Begun] = ()) -> dict[UUID, Held]:
    """Extend every lease of ``process``; what is missing in the answer is no longer its own.

    Three statements, however many have begun; without those, two.
    """
    with transaction.atomic():
        _BEGIN.run(*map(_given, begun))
        _extend().run({"lease_owner": process})
        rows = _MINE.rows(lease_owner=process)
        return {row.id: Held(row.epoch, row.stop_requested_at is not None) for row in rows}


def checkpoint(progress: Iterable[Progress]) -> None:
    """Save texts so far: one statement for the process."""
    with transaction.atomic():
        _SAVE.run(*map(_given, progress))


def give_up(process: str) -> None:
    """Let others claim what this process still holds at once: it is going away."""
    Generation.objects.active().filter(lease_owner=process).update(lease_until=Now())


def let_go(process: str, generations: Collection[UUID]) -> None:
    """Let anybody claim these at once: they are leased by this process, and nothing in it runs them."""
    Generation.objects.active().filter(lease_owner=process, pk__in=generations).update(lease_until=Now())


def void_earlier_boots(process: str) -> None:
    """Embedded, one process holds the lock on var/: whoever else has a lease is dead."""
    Generation.objects.active().exclude(lease_owner=process).update(lease_until=Now())


def request_stop(owner_pk: int, generation: UUID, now: datetime) -> bool:
    """True if it is theirs and still running, asked before or not."""
    asked = Generation.objects.active().filter(pk=generation, owner_id=owner_pk)
    asked.filter(stop_requested_at=None).update(stop_requested_at=now)
    return asked.exists()


def stop_answers_of(people: Collection[int], now: datetime) -> None:
    """Those of accounts that were switched off; deleted ones took their answers along (leaving.py)."""
    Generation.objects.active().filter(owner_id__in=people, stop_requested_at=None).update(stop_requested_at=now)
