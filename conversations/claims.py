"""Generations whose owner is gone, claimed by another process with the next epoch.

Every process looks once a second for leases that ran out; the database decides who was first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.db.models.lookups import GreaterThan

from conversations.leases import lease_end
from conversations.models import Generation, ModelEndpoint, State
from conversations.timing import timing

CLAIMS_AT_ONCE = 20
"""In one step, so that a look keeps a thread of the database for no longer than others can wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A generation this process now owns, with what its last checkpoint says."""

    generation: UUID
    conversation: UUID
    message: UUID
    owner_pk: int
    epoch: int
    takeovers: int
    accepted_at: datetime
    queue_ms: int | None
    seq: int
    text: str
    thinking: str
    had_begun: bool
    """The row knows that an endpoint was asked."""
    endpoints: tuple[int, ...]
    """Those that may have been asked, where the row knows of none."""


class Lookout:
    """One process's look for leases that ran out, once a second. After an outage it waits for one lease period.

    While the database is away nobody can renew, so at its return everybody's leases have run out at once. Whoever
    looked first would take answers from owners that are alive. A gap between two looks, by the database's clock, is how
    a process knows of an outage, its own freezing included; a gap after which every owner still has a second to renew
    is none. The claim itself is bound to the moment of the look, since it may lie in a paused server's socket and be
    carried out at its return.
    """

    def __init__(self) -> None:
        self._looked_at: datetime | None = None
        self._not_before: datetime | None = None

    def claim(self, process: str) -> list[Claimed]:
        """Take over generations whose owner is gone."""
        moment, unbroken = _database_now(), timedelta(seconds=timing().lease_s - 2 * timing().renewal_s)
        if self._looked_at is not None and moment - self._looked_at > unbroken:
            self._not_before = moment + timedelta(seconds=timing().lease_s)
        self._looked_at = moment
        if self._not_before is not None and moment < self._not_before:
            return []
        return _claim(process, valid_until=moment + unbroken)


_NOW = {
    "postgresql": "SELECT EXTRACT(EPOCH FROM STATEMENT_TIMESTAMP())",
    "sqlite": "SELECT (JULIANDAY('now') - 2440587.5) * 86400.0",
}
"""Seconds since 1970. Django's ``Now`` needs a row to be asked of."""


def _database_now() -> datetime:
    """When somebody could write. In a transaction, since SQLite's waits for whoever writes, as an owner's renewal does:
    a look that could read during an outage of writing would not know of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOW[connection.vendor])
        return datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)


def _claim(process: str, *, valid_until: datetime) -> list[Claimed]:
    """Those that nobody else is about to claim or to renew: their rows are locked until the claim is committed."""
    expired = Generation.objects.active().filter(lease_until__lt=Now()).order_by("lease_until")
    if not expired.exists():
        return []
    with transaction.atomic():
        lost = [row.pk for row in expired.select_for_update(skip_locked=True).only("pk")[:CLAIMS_AT_ONCE]]
        ours = Generation.objects.filter(pk__in=lost)
        claimed = ours.filter(GreaterThan(Value(valid_until), Now())).update(
            epoch=F("epoch") + 1, takeovers=F("takeovers") + 1, lease_owner=process, lease_until=lease_end()
        )
        if not claimed:
            return []
        endpoints = tuple(ModelEndpoint.objects.values_list("pk", flat=True))
        return [_claimed(row, endpoints) for row in ours]


def _claimed(row: Generation, endpoints: tuple[int, ...]) -> Claimed:
    had_begun = row.state != State.QUEUED
    return Claimed(
        generation=row.pk,
        conversation=row.conversation_id,
        message=row.message_id,
        owner_pk=row.owner_id,
        epoch=row.epoch,
        takeovers=row.takeovers,
        accepted_at=row.created_at,
        queue_ms=row.queue_ms,
        seq=row.seq,
        text=row.text,
        thinking=row.thinking,
        had_begun=had_begun,
        endpoints=() if had_begun else endpoints,
    )
