"""How a generation ends: one transaction for the text, the tokens, the outcome, and the fact that goes with them."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations import catalog, engagement, events, pending_facts
from conversations.accounting import call_event, tokens_of
from conversations.catalog import STAMP, Catalog
from conversations.events import CallPurpose
from conversations.grouped import alone
from conversations.inference.types import CallEnded, Usage
from conversations.models import Generation, ModelEndpoint, State, milliseconds
from conversations.protocol import Finished
from conversations.rows import finished_frame
from conversations.statements import Given, Select, Update
from conversations.turns import turn_of

logger = logging.getLogger(__name__)

FACT_TRIES = 3
"""Then an end whose fact the ledger refuses is written all the same, and its fact is kept for the sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    generation: UUID
    turn: events.Turn | None
    """None where it is not known: then it is read."""
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


_COLUMNS = (
    "state", "reason", "error_ref", "seq", "text", "thinking", "context_cut", "queue_ms", "first_token_ms",
    "duration_ms", "finished_at", "attempts", "endpoint_id", "input_tokens", "output_tokens", "reasoning_tokens",
    "token_source",
)  # fmt: skip
_END = Update(
    lambda: Generation.objects.active().filter(
        pk=Given("generation", Generation, "id"), epoch=Given("epoch", Generation)
    ),
    model=Coalesce(Given("model_id", Generation), F("model")),
    **{name.removesuffix("_id"): Given(name, Generation) for name in _COLUMNS},
)


class _NotOurs(Exception):
    """Somebody else ended or took over one of these generations."""


class _FactRefused(Exception):
    """By the ledger, whatever its reason: nothing of this transaction stands."""


Tell = Callable[[list[events.GenerationFinished]], None]
"""How the ledger hears of ends, within their transaction."""


def finish(ending: Ending) -> Finished | None:
    """Write the end and its fact, or neither; an end is not refused for its fact. None when somebody else ended or
    took over this generation.
    """
    try:
        for _ in range(FACT_TRIES - 1):
            with suppress(_FactRefused):
                return _finish(ending, _tell)
        return _finish(ending, _tell_or_keep)
    except _NotOurs:
        return _our_earlier_try(ending)


def _finish(ending: Ending, tell: Tell) -> Finished | None:
    with transaction.atomic():
        turn = ending.turn or _turn_of(ending.generation)
        return _written([(ending, turn)], tell, catalog.current())[0] if turn else None


def finish_together(endings: Sequence[Ending]) -> list[Finished | Exception | None]:
    """In one transaction those whose turns are known; each of the others by itself."""
    done = _finish_ours(endings) if len(endings) > 1 else {}
    return [done.get(ending.generation) or alone(finish, ending) for ending in endings]


class _Free(NamedTuple):
    id: UUID
    stamp: str | None


@cache
def _free(number: int) -> Select[_Free]:
    """Those of so many generations that nobody else holds, from now on held by this transaction."""
    places = [Given(f"at_{at}", Generation, "id") for at in range(number)]
    return Select(
        _Free,
        lambda: Generation.objects.filter(pk__in=places).select_for_update(skip_locked=True).annotate(stamp=STAMP),
    )


def _finish_ours(endings: Sequence[Ending]) -> dict[UUID, Finished]:
    """None of them, if one cannot be written. A row that somebody else holds, as the lease's renewal does once a
    second, is left out: who holds some rows and waits for others may wait for somebody who waits for them.
    """
    try:
        with transaction.atomic():
            free = _free(len(endings)).rows(**{f"at_{at}": ending.generation for at, ending in enumerate(endings)})
            found = {row.id for row in free}
            batch = [(ending, ending.turn) for ending in endings if ending.turn and ending.generation in found]
            frames = _written(batch, _tell, catalog.at(free[0].stamp)) if free else []
    except (OperationalError, InterfaceError):
        raise  # of no use to any of them: the database is away
    except Exception:
        logger.warning("%s ends are written one by one", len(endings), exc_info=True)
        return {}
    return {frame.generation: frame for frame in frames}


def _written(batch: Sequence[tuple[Ending, events.Turn]], tell: Tell, offered: Catalog) -> list[Finished]:
    """All of them with their facts; raises where one of them cannot be."""
    rows = [_ended(ending, turn, offered) for ending, turn in batch]
    if _END.run(*({**vars(row), "generation": row.pk} for row in rows)) < len(rows):
        raise _NotOurs
    told = [_event(row, ending, turn, offered) for row, (ending, turn) in zip(rows, batch, strict=True)]
    tell(told)
    for ending, _ in batch:
        _note_failures(ending.calls)
    return [finished_frame(row) for row in rows]


def _tell(told: list[events.GenerationFinished]) -> None:
    try:
        events.generation_finished.send(sender=Generation, events=told)
    except Exception as error:
        raise _FactRefused from error


def _tell_or_keep(told: list[events.GenerationFinished]) -> None:
    pending_facts.tell_or_keep(told, sender=Generation)


def _turn_of(generation: UUID) -> events.Turn | None:
    """Of an answer that was taken over without anything of it being read."""
    row = Generation.objects.select_related("owner", "scenario", "model").filter(pk=generation).first()
    return turn_of(row, row.owner) if row else None


def _our_earlier_try(ending: Ending) -> Finished | None:
    """Its commit came after its time-out."""
    row = Generation.objects.filter(pk=ending.generation, epoch=ending.epoch, finished_at=ending.finished_at).first()
    return finished_frame(row) if row else None


def _ended(ending: Ending, turn: events.Turn, offered: Catalog) -> Generation:
    """The row as it will be, as far as its end changes it. ``model`` is None where the one first chosen answered."""
    last = ending.calls[-1] if ending.calls else None
    usage, first_token_at = ending.usage, ending.first_token_at
    other = offered.model(last.endpoint.model) if last and last.endpoint.model != turn.model else None
    asked = int(last.endpoint.id) if last else None
    return Generation(
        id=ending.generation,
        epoch=ending.epoch,
        state=ending.state,
        reason=ending.reason,
        error_ref=ending.error_ref,
        seq=ending.seq,
        text=ending.text,
        thinking=ending.thinking,
        context_cut=ending.context_cut,
        queue_ms=ending.queue_ms,
        first_token_ms=milliseconds(turn.occurred_at, first_token_at) if first_token_at else None,
        duration_ms=milliseconds(turn.occurred_at, ending.finished_at),
        finished_at=ending.finished_at,
        attempts=len(ending.calls),
        **({"model": other} if other else {}),
        endpoint_id=asked if asked in offered.endpoint_pks else None,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        token_source=usage.source,
    )


def _event(row: Generation, ending: Ending, turn: events.Turn, offered: Catalog) -> events.GenerationFinished:
    last = ending.calls[-1].endpoint if ending.calls else None
    calls = tuple(
        call_event(
            call,
            call_of=turn.generation,
            epoch=ending.epoch,
            purpose=CallPurpose.ANSWER,
            subject=turn.subject,
            is_internal=turn.is_internal,
            scenario=turn.scenario,
            offered=offered,
        )
        for call in ending.calls
    )
    ended = replace(turn, model=last.model) if last else turn
    return events.GenerationFinished(
        turn=ended,
        outcome=row.state,
        reason=row.reason,
        endpoint=last.name if last else "",
        attempts=row.attempts,
        finished_at=ending.finished_at,
        queue_ms=row.queue_ms,
        first_token_ms=row.first_token_ms,
        duration_ms=row.duration_ms or 0,
        visible_characters=len(row.text),
        tokens=tokens_of(ending.usage),
        calls=calls,
        engagements=engagement.of_ending(
            ended, state=ending.state, visible_characters=len(row.text), at=ending.finished_at
        ),
    )


def _note_failures(calls: Sequence[CallEnded]) -> None:
    """So that an administrator sees at the endpoint itself that it is down, and how."""
    for call in calls:
        if call.error is not None and call.error != "cancelled":
            logger.warning("endpoint %s failed: %s %s", call.endpoint.name, call.error, call.detail)
            ModelEndpoint.objects.filter(pk=int(call.endpoint.id)).update(
                last_failure_at=timezone.now(), last_failure=f"{call.error}: {call.detail}"[:300]
            )
