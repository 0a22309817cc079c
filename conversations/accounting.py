"""What a request to an endpoint used and cost, as the event that says so: for answers and for background calls."""

from uuid import UUID

from conversations.events import CallPurpose, Cost, Tokens, TokenSource, UpstreamCallEnded
from conversations.inference.types import CallEnded, Usage
from conversations.models import EndpointPrice, Scenario
from conversations.people import Person


def call_event(
    call: CallEnded,
    *,
    call_of: UUID,
    epoch: int,
    purpose: CallPurpose,
    person: Person,
    scenario: Scenario | None,
) -> UpstreamCallEnded:
    """``call_of`` is the generation, or an id made for the background work."""
    tokens = tokens_of(call.usage)
    return UpstreamCallEnded(
        call_of=call_of,
        epoch=epoch,
        attempt=call.attempt,
        purpose=purpose,
        subject=person.subject,
        is_internal=person.is_internal,
        scenario=scenario.slug if scenario else "",
        model=call.endpoint.model,
        endpoint=call.endpoint.name,
        started_at=call.started_at,
        ended_at=call.ended_at,
        error=call.error or "",
        tokens=tokens,
        cost=_price(call, tokens),
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


def _price(call: CallEnded, tokens: Tokens) -> Cost:
    """The price valid when the call began; no price is not free."""
    valid = EndpointPrice.objects.valid_at(call.started_at).filter(endpoint_id=int(call.endpoint.id)).first()
    return valid.cost(tokens) if valid else Cost()
