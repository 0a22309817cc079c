"""A request to an endpoint whose process can no longer tell how it ended: it was made, so it is in the ledger.

What it used is estimated from the words that were seen of it, by the rule of every answer that breaks off
(inference/tokens.py), and priced. Where no word was seen nothing is known, which is not the same as nothing: ``none``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from conversations import catalog, pending_facts
from conversations.accounting import cost_of, tokens_of
from conversations.claims import Claimed
from conversations.events import CallPurpose, Cost, UpstreamCallEnded
from conversations.inference.tokens import Meter
from conversations.inference.types import Ask, Usage
from conversations.models import Generation, GenerationQuerySet, ModelEndpoint
from conversations.prompt import brief
from conversations.protocol import LogFrame, Snapshot
from conversations.turns import turn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the lost process had written, and the answer it had gone on with."""

    before: str = ""
    text: str = ""
    thinking: str = ""


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


def account(claimed: Claimed, seen: Written, *, endpoint_pk: int | None, now: datetime) -> Usage:
    """Of a generation that was taken over. ``endpoint_pk``: who was asked, where the row does not know."""
    with transaction.atomic():
        row = rows().filter(pk=claimed.generation, epoch=claimed.epoch).first()
        if row is None:
            return Usage()
        endpoint = row.endpoint
        if endpoint is None and endpoint_pk is not None:
            endpoint = ModelEndpoint.objects.select_related("model").filter(pk=endpoint_pk).first()
        usage = usage_of(row, endpoint, seen)
        call = ended(row, epoch=row.epoch - 1, endpoint=endpoint, usage=usage, error="lease_lost", ended_at=now)
        pending_facts.tell_or_keep([call], sender=Generation)
        return usage


def rows() -> GenerationQuerySet:
    """Running ones, with what their facts are made of."""
    return Generation.objects.active().select_related("owner", "scenario", "model", "endpoint__model")


def usage_of(row: Generation, endpoint: ModelEndpoint | None, seen: Written) -> Usage:
    plan = brief(row.pk, row.epoch)
    if plan is None or not (seen.text or seen.thinking):
        return Usage()
    plan = replace(plan, prefix=plan.prefix + seen.before)
    meter = Meter(plan.ask_of(endpoint)[0] if endpoint else Ask(prompt=plan.messages, prefix=plan.prefix))
    meter.saw(seen.text, seen.thinking)
    return meter.cut()


def ended(
    row: Generation,
    *,
    epoch: int,
    endpoint: ModelEndpoint | None,
    usage: Usage,
    error: str,
    ended_at: datetime,
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
        ended_at=ended_at,
        error=error,
        tokens=tokens,
        cost=cost_of(endpoint.pk, started_at, tokens, catalog.current()) if endpoint else Cost(),
    )
