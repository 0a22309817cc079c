"""What becomes of one turn: who was asked for it, how long it took, what it cost, how it ended."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.events import (
    CallPurpose,
    Engagement,
    EngagementKind,
    GenerationFinished,
    StopPoint,
    Tokens,
    TokenSource,
    Turn,
    UpstreamCallEnded,
)
from usage.simulation.plan import random_id
from usage.simulation.world import Endpoint, World

THINKING = ("study", "code")
GIVES_UP_MS = 30_000
"""Of waiting for a first token."""
REFUSED = 0.012
"""Of all requests, with HTTP 429, on a good day."""


UNKNOWN = Tokens()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """One request that was answered, or that nobody answered (``endpoint`` None)."""

    endpoint: Endpoint | None = None
    outcome: str = "failed"
    reason: str = "upstream"
    error: str = ""
    first_token_ms: int | None = None
    duration_ms: int = 0
    characters: int = 0
    tokens: Tokens = UNKNOWN


def ending(world: World, chance: random.Random, turn: Turn) -> GenerationFinished:
    queue_ms = 0 if chance.random() < 0.94 else int(chance.lognormvariate(8, 0.8))
    if chance.random() < 0.002:
        expired = _Stream(outcome="expired", reason="", duration_ms=60_000)
        return _finished(chance, turn, expired, (), queue_ms=None)
    at = turn.occurred_at + timedelta(milliseconds=20 + queue_ms)
    calls: list[UpstreamCallEnded] = []
    for endpoint in world.endpoints[turn.model]:
        found = _stream(world, chance, turn, endpoint, at)
        calls.append(_call(world, turn, found, endpoint, at, attempt=len(calls) + 1))
        at = calls[-1].ended_at
        if found.endpoint is not None:
            break
    waited = int((calls[-1].started_at - turn.occurred_at).total_seconds() * 1000)
    duration_ms = int((at - turn.occurred_at).total_seconds() * 1000)
    first = None if found.first_token_ms is None else found.first_token_ms + waited
    return _finished(
        chance, turn, replace(found, first_token_ms=first, duration_ms=duration_ms), tuple(calls), queue_ms=queue_ms
    )


def title_call(world: World, chance: random.Random, turn: Turn, at: datetime) -> UpstreamCallEnded:
    """The name of a conversation, asked for in the background, once its first answer is there."""
    endpoint = world.endpoints[turn.model][0]
    tokens = Tokens(
        input_uncached=chance.randint(60, 400),
        input_cached=0,
        output_visible=chance.randint(4, 12),
        output_reasoning=0,
        source=TokenSource.REPORTED,
    )
    lost = world.is_down(endpoint, at)
    found = _Stream(
        error="connect" if lost else "", duration_ms=chance.randint(300, 2500), tokens=UNKNOWN if lost else tokens
    )
    titled = replace(turn, generation=random_id(chance), model=endpoint.model)
    return replace(_call(world, titled, found, endpoint, at, attempt=1), epoch=0, purpose=CallPurpose.TITLE)


def _stream(world: World, chance: random.Random, turn: Turn, endpoint: Endpoint, at: datetime) -> _Stream:
    if world.is_down(endpoint, at):
        return _Stream(error=chance.choice(("connect", "http_5xx", "connect")), duration_ms=chance.randint(40, 3000))
    if chance.random() < REFUSED:
        return _Stream(error="http_429", duration_ms=chance.randint(30, 400))
    waits = chance.lognormvariate(0, 0.45) * endpoint.usual_first_token_ms
    thought = int(chance.lognormvariate(6, 0.7)) if turn.scenario in THINKING else 0
    first_ms = int(waits + thought * 1000 / endpoint.tokens_per_s)
    if first_ms > GIVES_UP_MS:
        return _Stream(error="timeout_first_token", duration_ms=GIVES_UP_MS)
    return _ended(chance, endpoint, first_ms, thought, int(chance.lognormvariate(6.2, 0.8)) + 1)


def _ended(chance: random.Random, endpoint: Endpoint, first_ms: int, thought: int, characters: int) -> _Stream:
    """Nine of ten answers come to their end; the others are stopped or cut, before or after their first word."""
    fate = chance.random()
    impatient = first_ms > 4000 and chance.random() < 0.25
    whole = _Stream(endpoint=endpoint, outcome="completed", reason="stop", first_token_ms=first_ms)
    if fate < 0.008 or impatient:
        whole = replace(whole, outcome="stopped", reason="user_stop", error="cancelled", first_token_ms=None)
        first_ms, characters = int(first_ms * chance.random()), 0
    elif fate < 0.055:
        whole = replace(whole, outcome="stopped", reason="user_stop", error="cancelled")
        characters = chance.choice((1, 60, 199, 200, int(characters * chance.random()) + 1))
    elif fate < 0.067:
        whole = replace(whole, outcome="interrupted", reason="stall", error="stall")
        characters = int(characters * chance.random()) + 1
    elif fate < 0.072:
        whole = replace(whole, outcome="failed", reason="content_filter", error="filtered", first_token_ms=None)
        characters = 0
    elif fate < 0.085:
        whole = replace(whole, reason="length")
    elif fate < 0.1:
        characters = 0  # it only thought
    tokens = _tokens(chance, whole, thought, characters)
    duration_ms = first_ms + int(characters * 700 / endpoint.tokens_per_s)
    return replace(whole, duration_ms=duration_ms, characters=characters, tokens=tokens)


def _tokens(chance: random.Random, found: _Stream, thought: int, characters: int) -> Tokens:
    """Some endpoints report nothing of an answer that was cut off; then it is estimated, or not known."""
    source = TokenSource.REPORTED
    if found.outcome != "completed":
        source = chance.choice((TokenSource.PARTIAL, TokenSource.ESTIMATED, TokenSource.NONE))
    if source is TokenSource.NONE:
        return UNKNOWN
    input_tokens = int(chance.lognormvariate(6.3, 0.9)) + 40
    cached = input_tokens // 64 * 64 if chance.random() < 0.3 else 0
    return Tokens(
        input_uncached=input_tokens - cached,
        input_cached=cached,
        output_visible=characters * 7 // 10,
        output_reasoning=thought if characters else thought // 2,
        source=source,
    )


def _call(
    world: World, turn: Turn, found: _Stream, endpoint: Endpoint, at: datetime, *, attempt: int
) -> UpstreamCallEnded:
    return UpstreamCallEnded(
        call_of=turn.generation,
        epoch=1,
        attempt=attempt,
        purpose=CallPurpose.ANSWER,
        subject=turn.subject,
        is_internal=turn.is_internal,
        scenario=turn.scenario,
        model=endpoint.model,
        endpoint=endpoint.name,
        started_at=at,
        ended_at=at + timedelta(milliseconds=found.duration_ms),
        error=found.error,
        tokens=found.tokens,
        cost=world.cost(endpoint, at, found.tokens),
    )


def _finished(
    chance: random.Random,
    turn: Turn,
    found: _Stream,
    calls: tuple[UpstreamCallEnded, ...],
    *,
    queue_ms: int | None,
) -> GenerationFinished:
    """In the name of the model that answered, which may be another than the one that was asked."""
    answered = replace(turn, model=found.endpoint.model) if found.endpoint else turn
    finished_at = turn.occurred_at + timedelta(milliseconds=found.duration_ms)
    return GenerationFinished(
        turn=answered,
        outcome=found.outcome,
        reason=found.reason,
        endpoint=calls[-1].endpoint if calls else "",
        attempts=len(calls),
        finished_at=finished_at,
        queue_ms=queue_ms,
        first_token_ms=found.first_token_ms,
        duration_ms=found.duration_ms,
        visible_characters=found.characters,
        tokens=found.tokens,
        calls=calls,
        engagements=(_stopped(chance, answered, found, finished_at),) if found.outcome == "stopped" else (),
    )


def _stopped(chance: random.Random, turn: Turn, found: _Stream, at: datetime) -> Engagement:
    value = StopPoint.AFTER_FIRST if found.characters else StopPoint.BEFORE_FIRST
    return Engagement(
        id=random_id(chance),
        kind=EngagementKind.STOPPED,
        subject=turn.subject,
        is_internal=turn.is_internal,
        scenario=turn.scenario,
        channel=turn.channel,
        occurred_at=at,
        about=turn,
        value=value,
    )
