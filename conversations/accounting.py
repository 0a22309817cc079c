"""What a request to an endpoint used and cost, as the event that says so: for answers and for background calls."""

from datetime import datetime
from uuid import UUID

from conversations.catalog import Catalog
from conversations.events import CallPurpose, Cost, Tokens, TokenSource, UpstreamCallEnded
from conversations.inference.types import CallEnded, Usage


def call_event(
    call: CallEnded,
    *,
    call_of: UUID,
    epoch: int,
    purpose: CallPurpose,
    subject: UUID,
    is_internal: bool,
    scenario: str,
    offered: Catalog,
) -> UpstreamCallEnded:
    """``call_of`` is the generation, or an id made for the background work; ``offered`` knows the prices."""
    tokens = tokens_of(call.usage)
    return UpstreamCallEnded(
        call_of=call_of,
        epoch=epoch,
        attempt=call.attempt,
        purpose=purpose,
        subject=subject,
        is_internal=is_internal,
        scenario=scenario,
        model=call.endpoint.model,
        endpoint=call.endpoint.name,
        started_at=call.started_at,
        ended_at=call.ended_at,
        error=call.error or "",
        tokens=tokens,
        cost=cost_of(int(call.endpoint.id), call.started_at, tokens, offered),
    )


def tokens_of(usage: Usage) -> Tokens:
    """Split what an endpoint reports (cached within input, reasoning within output) into disjoint counts."""
    cached, reasoning = usage.cached_input_tokens, usage.reasoning_tokens
    return Tokens(
        input_uncached=None if usage.input_tokens is None else usage.input_tokens - (cached or 0),
        input_cached=cached,
        output_visible=None if usage.output_tokens is None else usage.output_tokens - (reasoning or 0),
        output_reasoning=reasoning,
        source=TokenSource(usage.source),
        flagged=usage.flagged,
    )


def cost_of(endpoint_pk: int, started_at: datetime, tokens: Tokens, offered: Catalog) -> Cost:
    """By the price valid when the call began; no price is not free."""
    price = offered.price(endpoint_pk, started_at)
    return price.cost(tokens) if price else Cost()
