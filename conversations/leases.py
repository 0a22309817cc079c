"""Whose generation it is: leases in the database, by its clock.

Each process renews all its generations with one statement a second, which also returns the
stop requests. Leases that ran out are claimed by others (claims.py) with the next epoch; whoever
held the old epoch can write nothing any more, here or in the log.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from conversations.models import ACTIVE, Generation, State
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


def renew(process: str, begun: Sequence[Begun] = ()) -> dict[UUID, Held]:
    """Extend every lease of ``process``; what is missing in the answer is no longer its own."""
    with transaction.atomic():
        for step in begun:
            Generation.objects.active().filter(pk=step.generation, epoch=step.epoch).update(
                state=step.state, endpoint_id=step.endpoint, queue_ms=step.queue_ms
            )
        mine = Generation.objects.active().filter(lease_owner=process)
        mine.update(lease_until=lease_end())
        rows = mine.values_list("pk", "epoch", "stop_requested_at")
        return {pk: Held(epoch, stop is not None) for pk, epoch, stop in rows}


def checkpoint(progress: Iterable[Progress]) -> None:
    """Save texts so far, one batch for the process. The epoch keeps a frozen owner from writing over a new one's."""
    table = connection.ops.quote_name(Generation._meta.db_table)
    active = ", ".join(f"'{state}'" for state in ACTIVE)
    statement = (
        f"UPDATE {table} SET text = %s, thinking = %s, seq = %s, context_cut = %s "  # noqa: S608 names are ours
        f"WHERE id = %s AND epoch = %s AND state IN ({active})"
    )
    prepare = Generation._meta.pk.get_db_prep_value
    rows = [(p.text, p.thinking, p.seq, p.context_cut, prepare(p.generation, connection), p.epoch) for p in progress]
    if rows:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)


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
    """Those of accounts that were switched off; deleted ones took their answers along."""
    Generation.objects.active().filter(owner_id__in=people, stop_requested_at=None).update(stop_requested_at=now)
