"""Facts that the ledger refused: kept as the events they were, and told again by a sweep.

What ends an answer, claims one or names a conversation commits together with its facts. A fault in the ledger
would undo that each time it is tried: the answer would never be over, and endpoints would be asked again and again.
So in place of a refused fact its event is kept, with the moments and the prices of its time. Every end then has
its fact, in the ledger or here; whatever reads the ledger is late by what lies here, and never wrong by more.
"""

import logging
from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.db import models, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from conversations import events
from conversations.models import PendingFact

logger = logging.getLogger(__name__)

Told = events.GenerationFinished | events.UpstreamCallEnded

AT_ONCE = 100
"""Of one sweep. Those that were refused least often come first: what can never be recorded holds up nothing."""

_SIGNALS: dict[type[Told], Signal] = {
    events.GenerationFinished: events.generation_finished,
    events.UpstreamCallEnded: events.upstream_call_ended,
}
_KINDS = {kind.__name__: kind for kind in _SIGNALS}


def tell_or_keep(told: Iterable[Told], *, sender: type[models.Model]) -> None:
    """Within the transaction that caused them: each is a fact now, or kept to become one.

    If the database itself is in trouble, keeping fails too and says so. Costs a savepoint for each.
    """
    for event in told:
        try:
            _tell(event, sender=sender)
        except Exception:
            logger.exception("the ledger refused %s of %s; it is kept", type(event).__name__, _about(event))
            PendingFact.objects.create(
                about=_about(event), kind=type(event).__name__, event=msgspec.to_builtins(event), kept_at=timezone.now()
            )


def sweep() -> None:
    """Two at once do no harm: the same event is the same fact."""
    for row in PendingFact.objects.order_by("tries", "kept_at")[:AT_ONCE]:
        try:
            with transaction.atomic():
                _tell(msgspec.convert(row.event, _KINDS[row.kind]), sender=PendingFact)
                row.delete()
        except Exception:
            logger.exception("the ledger refused %s again", row)
            PendingFact.objects.filter(pk=row.pk).update(tries=F("tries") + 1)


def _tell(event: Told, *, sender: type[models.Model]) -> None:
    with transaction.atomic():
        _SIGNALS[type(event)].send(sender=sender, events=[event])


def _about(event: Told) -> UUID:
    return event.turn.generation if isinstance(event, events.GenerationFinished) else event.call_of
