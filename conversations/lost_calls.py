"""A request to an endpoint whose process can no longer tell how it ended: it was made, so it is in the ledger.

What it used is estimated from the words that were seen of it, by the rule of every answer that breaks off
(inference/tokens.py), and priced. Where no word was seen nothing is known, which is not the same as nothing: ``none``.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from conversations import catalog, pending_facts
from conversations.accounting import cost_of, tokens_of
from conversations.catalog import Catalog
from conversations.events import CallPurpose, Cost, Turn, UpstreamCallEnded
from conversations.grouped import alone
from conversations.inference.tokens import Meter
from conversations.inference.types import Ask, Usage
from conversations.models import Generation, ModelEndpoint
from conversations.prompt import Brief, brief_of_row, running
from conversations.protocol import LogFrame, Snapshot
from conversations.turns import turn_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the lost process had written, and the answer it had gone on with."""

    before: str = ""
    text: str = ""
    thinking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCall:
    """A request of a generation that was taken over."""

    generation: UUID
    epoch: int
    """Of the new owner."""
    seen: Written
    endpoint_pk: int | None = None
    """Who was asked, where the row does not know."""
    at: datetime
    """When its process was found to be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What is known of a generation whose process is lost; all that its new owner would have to ask for again."""

    usage: Usage
    """Of the request that was lost."""
    turn: Turn | None = None
    plan: Brief | None = None


def written(shown: Snapshot, logged: Sequence[LogFrame], *, by_the_first: bool) -> Written:
    """Of what was shown the part of the last process. What it began with is the snapshot that a later one writes
    first; without the log nobody knows how much of the answer is its own.
    """
    if by_the_first:
        return Written(text=shown.text, thinking=shown.thinking)
    begun = next((frame for frame in reversed(logged) if isinstance(frame, Snapshot)), shown)
    text, thinking = shown.text[len(begun.text) :], shown.thinking[len(begun.thinking) :]
    return Written(before=begun.text, text=text, thinking=thinking)


def was_answered(logged: Sequence[LogFrame]) -> bool:
    """By an endpoint, for the last owner: what stands before its first entry, a snapshot, is an earlier owner's."""
    firsts = [number for number, frame in enumerate(logged) if isinstance(frame, Snapshot)]
    return len(logged) > (firsts[-1] + 1 if firsts else 0)


def account_together(calls: Sequence[LostCall]) -> list[Lost | Exception]:
    """In one transaction, as the answers of a process are lost; each by itself, if one of them cannot be."""
    try:
        found = _accounted(calls)
    except (OperationalError, InterfaceError):
        raise  # of no use to any of them: the database is away
    except Exception:
        logger.warning("%s lost requests are accounted one by one", len(calls), exc_info=True)
        return [alone(account, call) for call in calls]
    return [found[call.generation] for call in calls]


def account(call: LostCall) -> Lost:
    return _accounted([call])[call.generation]


def _accounted(calls: Sequence[LostCall]) -> dict[UUID, Lost]:
    with transaction.atomic():
        rows = running().filter(pk__in=[call.generation for call in calls]).in_bulk()
        offered = catalog.current()
        ours = [call for call in calls if call.generation in rows and rows[call.generation].epoch == call.epoch]
        told, found = [], {call.generation: Lost(usage=Usage()) for call in calls}
        for call in ours:
            row = rows[call.generation]
            endpoint = row.endpoint
            if endpoint is None and call.endpoint_pk is not None:
                endpoint = ModelEndpoint.objects.select_related("model").filter(pk=call.endpoint_pk).first()
            plan = brief_of_row(row, offered)
            usage = usage_of(plan, endpoint, call.seen)
            told.append(
                ended(row, offered, epoch=row.epoch - 1, endpoint=endpoint, usage=usage, error="lease_lost", at=call.at)
            )
            found[row.pk] = Lost(usage=usage, turn=turn_of(row, row.owner), plan=plan)
        pending_facts.tell_or_keep(told, sender=Generation)
        return found


def usage_of(plan: Brief, endpoint: ModelEndpoint | None, seen: Written) -> Usage:
    """``plan``: of the answer, as far as it was known before this request."""
    if not (seen.text or seen.thinking):
        return Usage()
    plan = replace(plan, prefix=plan.prefix + seen.before)
    meter = Meter(plan.ask_of(endpoint)[0] if endpoint else Ask(prompt=plan.messages, prefix=plan.prefix))
    meter.saw(seen.text, seen.thinking)
    return meter.cut()


def ended(
    row: Generation,
    offered: Catalog,
    *,
    epoch: int,
    endpoint: ModelEndpoint | None,
    usage: Usage,
    error: str,
    at: datetime,
) -> UpstreamCallEnded:
    turn, tokens = turn_of(row, row.owner), tokens_of(usage)
    started_at = row.created_at + timedelta(milliseconds=row.queue_ms or 0)
    return UpstreamCallEnded(
        call_of=row.pk,
        epoch=epoch,
        attempt=1,
        purpose=CallPurpose.ANSWER,
        subject=turn.subject,
        is_internal=turn.is_internal,
        scenario=turn.scenario,
        model=endpoint.model.slug if endpoint else turn.model,
        endpoint=endpoint.name if endpoint else "",
        started_at=started_at,
        ended_at=at,
        error=error,
        tokens=tokens,
        cost=cost_of(endpoint.pk, started_at, tokens, offered) if endpoint else Cost(),
    )
