"""How a generation ends: one transaction for the text, the tokens, the outcome, and the fact that goes with them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations import events
from conversations.accounting import call_event, tokens_of
from conversations.events import CallPurpose
from conversations.inference.types import CallEnded, Usage
from conversations.models import Generation, Model, ModelEndpoint, State, milliseconds
from conversations.people import Person
from conversations.protocol import Finished
from conversations.rows import finished_frame
from conversations.turns import turn_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    generation: UUID
    epoch: int
    state: State
    reason: str
    seq: int
    """Of the ``finished`` entry: one more than the last delta's."""
    text: str
    thinking: str
    context_cut: bool
    queue_ms: int | None
    first_token_at: datetime | None
    finished_at: datetime
    calls: tuple[CallEnded, ...]
    usage: Usage
    """Of the whole answer; each call has its own."""
    error_ref: str = ""


def finish(ending: Ending) -> Finished | None:
    """Write the end and its fact, or neither. None when somebody else ended or took over this generation."""
    with transaction.atomic():
        row = Generation.objects.select_related("owner", "scenario", "model").filter(pk=ending.generation).first()
        if row is None:
            return None
        if row.finished_at == ending.finished_at and row.epoch == ending.epoch:
            return finished_frame(row)  # our own earlier try: its commit came after its time-out
        columns = _columns(row, ending)
        if not Generation.objects.active().filter(pk=row.pk, epoch=ending.epoch).update(**columns):
            return None
        for name, value in columns.items():
            setattr(row, name, value)
        events.generation_finished.send(sender=Generation, events=[_event(row, ending, row.owner)])
        _note_failures(ending.calls)
    return finished_frame(row)


def _columns(row: Generation, ending: Ending) -> dict[str, Any]:
    last = ending.calls[-1] if ending.calls else None
    usage = ending.usage
    first_token_at = ending.first_token_at
    return {
        "state": ending.state,
        "reason": ending.reason,
        "seq": ending.seq,
        "text": ending.text,
        "thinking": ending.thinking,
        "context_cut": ending.context_cut,
        "queue_ms": ending.queue_ms,
        "first_token_ms": milliseconds(row.created_at, first_token_at) if first_token_at else None,
        "duration_ms": milliseconds(row.created_at, ending.finished_at),
        "finished_at": ending.finished_at,
        "attempts": len(ending.calls),
        "model": _answered_by(row, last),
        "endpoint_id": int(last.endpoint.id) if last else None,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "token_source": usage.source,
        "error_ref": ending.error_ref,
    }


def _answered_by(row: Generation, last: CallEnded | None) -> Model:
    """Another model than the one first chosen, when that could not answer."""
    if last is None or last.endpoint.model == row.model.slug:
        return row.model
    return Model.objects.get(slug=last.endpoint.model)


def _event(row: Generation, ending: Ending, person: Person) -> events.GenerationFinished:
    calls = tuple(
        call_event(
            call,
            call_of=row.pk,
            epoch=ending.epoch,
            purpose=CallPurpose.ANSWER,
            person=person,
            scenario=row.scenario,
        )
        for call in ending.calls
    )
    return events.GenerationFinished(
        turn=turn_of(row, person),
        outcome=row.state,
        reason=row.reason,
        endpoint=ending.calls[-1].endpoint.name if ending.calls else "",
        attempts=len(ending.calls),
        finished_at=ending.finished_at,
        queue_ms=row.queue_ms,
        first_token_ms=row.first_token_ms,
        duration_ms=row.duration_ms or 0,
        visible_characters=len(row.text),
        tokens=tokens_of(ending.usage),
        calls=calls,
    )


def _note_failures(calls: Sequence[CallEnded]) -> None:
    """So that an administrator sees at the endpoint itself that it is down, and how."""
    for call in calls:
        if call.error is not None and call.error != "cancelled":
            logger.warning("endpoint %s failed: %s %s", call.endpoint.name, call.error, call.detail)
            ModelEndpoint.objects.filter(pk=int(call.endpoint.id)).update(
                last_failure_at=timezone.now(), last_failure=f"{call.error}: {call.detail}"[:300]
            )
