"""People who use the assistant, and what they do, as the events that conversations would send.

Given to the receivers of usage alone: others hear the signals too, and would want a broker.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from conversations import events
from conversations.events import CallPurpose, Cost, EngagementKind, Rephrase, Tokens, TokenSource, TurnKind
from usage import recording

LI = UUID("0190a000-0000-7000-8000-000000000001")
WANG = UUID("0190a000-0000-7000-8000-000000000002")
ZHAO = UUID("0190a000-0000-7000-8000-000000000041")
"""Shares a lane with li: 0x41 is 1 mod 64."""

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai on a Friday."""

REPORTED = Tokens(
    input_uncached=100, input_cached=20, output_visible=300, output_reasoning=0, source=TokenSource.REPORTED
)
CNY = Cost(pico=1_234_567_890, currency="CNY")


def turn(
    name: str,
    *,
    who: UUID = LI,
    at: datetime = NOON,
    scenario: str = "writing",
    model: str = "qwen-plus",
    channel: str = "web",
    kind: TurnKind = TurnKind.SEND,
    is_internal: bool = False,
    goes_on_with: str = "",
    within: str = "",
) -> events.Turn:
    """``name`` tells generations apart: the same name is the same generation.

    ``goes_on_with`` names the turn whose answer this one continues; else the answer is its own. ``within`` names the
    conversation; else it is one of its own.
    """
    return events.Turn(
        generation=uuid5(LI, name),
        answer=uuid5(ZHAO, goes_on_with or name),
        conversation=uuid5(WANG, within or name),
        subject=who,
        is_internal=is_internal,
        kind=kind,
        scenario=scenario,
        model=model,
        channel=channel,
        locale="zh",
        occurred_at=at,
    )


def call(
    of: events.Turn,
    *,
    attempt: int = 1,
    epoch: int = 1,
    endpoint: str = "cloud",
    error: str = "",
    tokens: Tokens = REPORTED,
    cost: Cost = CNY,
    after: timedelta = timedelta(milliseconds=50),
    lasted: timedelta = timedelta(seconds=4),
    purpose: CallPurpose = CallPurpose.ANSWER,
) -> events.UpstreamCallEnded:
    return events.UpstreamCallEnded(
        call_of=of.generation,
        epoch=epoch,
        attempt=attempt,
        purpose=purpose,
        subject=of.subject,
        is_internal=of.is_internal,
        scenario=of.scenario,
        model=of.model,
        endpoint=endpoint,
        started_at=of.occurred_at + after,
        ended_at=of.occurred_at + after + lasted,
        error=error,
        tokens=tokens,
        cost=cost,
    )


def ending(
    of: events.Turn,
    *,
    outcome: str = "completed",
    first_token_ms: int | None = 400,
    duration_ms: int = 4000,
    visible_characters: int = 120,
    tokens: Tokens = REPORTED,
    calls: Sequence[events.UpstreamCallEnded] | None = None,
) -> events.GenerationFinished:
    made = tuple(calls) if calls is not None else (call(of),)
    return events.GenerationFinished(
        turn=of,
        outcome=outcome,
        reason="stop",
        endpoint=made[-1].endpoint if made else "",
        attempts=len(made),
        finished_at=of.occurred_at + timedelta(milliseconds=duration_ms),
        queue_ms=0,
        first_token_ms=first_token_ms,
        duration_ms=duration_ms,
        visible_characters=visible_characters,
        tokens=tokens,
        calls=made,
    )


def engagement(
    kind: EngagementKind,
    *,
    about: events.Turn | None = None,
    who: UUID = LI,
    at: datetime = NOON,
    name: str = "",
    value: str = "",
    reasons: tuple[str, ...] = (),
    likeness: int | None = None,
    scenario: str = "writing",
    is_internal: bool = False,
) -> events.Engagement:
    """The same kind, answer and ``name`` are the same event."""
    return events.Engagement(
        id=uuid5(about.answer if about else WANG, f"{kind} {name}"),
        kind=kind,
        subject=about.subject if about else who,
        is_internal=is_internal,
        scenario=scenario,
        channel="web",
        occurred_at=at,
        about=about,
        value=value,
        reasons=reasons,
        rephrase=None if likeness is None else Rephrase(per_mille=likeness, version=1),
    )


def vote(about: events.Turn, value: str, *, at: datetime = NOON, name: str = "") -> events.Engagement:
    return engagement(EngagementKind.RATED, about=about, value=value, at=at, name=name)


def follow_up(about: events.Turn, likeness: int, *, at: datetime, name: str = "") -> events.Engagement:
    return engagement(EngagementKind.FOLLOW_UP, about=about, likeness=likeness, at=at, name=name)


def engage(*engagements: events.Engagement) -> None:
    recording.on_engaged(events=list(engagements))


def accept(*turns: events.Turn) -> None:
    recording.on_turn_accepted(events=[events.TurnAccepted(turn=each) for each in turns])


def finish(*endings: events.GenerationFinished) -> None:
    recording.on_generation_finished(events=list(endings))


def end_calls(*calls: events.UpstreamCallEnded) -> None:
    recording.on_upstream_call_ended(events=list(calls))


def talk(*endings: events.GenerationFinished) -> None:
    """Accepted and ended."""
    accept(*(each.turn for each in endings))
    finish(*endings)
