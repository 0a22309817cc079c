"""The write path: events become facts in the transaction that caused them.

One pure function per event says which rows and which marks it makes; ``write`` inserts those
of a whole batch with one statement per table. Rows go in sorted by their unique key, so that
concurrent batches wait for each other in one order. A repeated event is the same row: the
first one stands, and its marks are made again, which only costs a recomputation.

Nothing is caught here: if a fact cannot be written, the ending it belongs to is not committed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from conversations import events
from conversations.statements import insert, together
from usage import histogram
from usage.engagement import engagement_row
from usage.models import EngagementEvent, Level, Mark, TurnAccepted, UpstreamCall, UsageRecord
from usage.models.facts import Fact
from usage.periods import day_of, last_window_of, reporting_zone, window_of, windows_between
from usage.speed import tenths_per_s

F = TypeVar("F", bound=Fact)

OF_PEOPLE = (events.EngagementKind.SCENARIO_SEEN, events.EngagementKind.SCENARIO_CHOSEN, events.EngagementKind.ACQUIRED)
"""About no answer, and yet of the days of their person: first sights, and whom a campaign brought."""
LANES = 64
"""Locks for people: a subject's days are recomputed by one worker at a time."""


@dataclass(frozen=True, slots=True, order=True)
class MarkKey:
    level: Level
    window_start: datetime
    subject: UUID | None = None

    @property
    def lane(self) -> int:
        return lane_of(self.subject) if self.subject else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one event leaves behind."""

    turns: tuple[TurnAccepted, ...] = ()
    records: tuple[UsageRecord, ...] = ()
    calls: tuple[UpstreamCall, ...] = ()
    engagements: tuple[EngagementEvent, ...] = ()
    marks: frozenset[MarkKey] = field(default_factory=frozenset)


def lane_of(subject: UUID) -> int:
    """The low bits of a UUID are random in versions 4 and 7."""
    return subject.int % LANES


def facts_of_acceptance(event: events.TurnAccepted, zone: ZoneInfo, *, simulated: bool = False) -> Facts:
    turn = event.turn
    row = TurnAccepted(**_turn_fields(turn), **_time_fields(turn.occurred_at, zone), simulated=simulated)
    marks = {*_turn_marks(turn), *_engagements_marks(event.engagements)}
    return Facts(
        turns=(row,),
        engagements=_engagement_rows(event.engagements, zone, simulated=simulated),
        marks=frozenset(marks),
    )


def facts_of_ending(event: events.GenerationFinished, zone: ZoneInfo, *, simulated: bool = False) -> Facts:
    turn = event.turn
    record = UsageRecord(
        **_turn_fields(turn),
        **_time_fields(turn.occurred_at, zone),
        **_token_fields(event.tokens, _total_cost(event.calls)),
        simulated=simulated,
        endpoint=event.endpoint,
        outcome=event.outcome,
        reason=event.reason,
        attempts=event.attempts,
        finished_at=event.finished_at,
        visible_characters=event.visible_characters,
        queue_ms=event.queue_ms,
        first_token_ms=event.first_token_ms,
        duration_ms=event.duration_ms,
        queue_bucket=histogram.bucket_of(event.queue_ms),
        first_token_bucket=histogram.bucket_of(event.first_token_ms),
        duration_bucket=histogram.bucket_of(event.duration_ms),
        speed_bucket=histogram.bucket_of(tenths_per_s(event)),
    )
    calls = tuple(_call_row(call, zone, channel=turn.channel, simulated=simulated) for call in event.calls)
    marks = {*_turn_marks(turn), *(mark for call in event.calls for mark in _call_marks(call))}
    marks.update(_engagements_marks(event.engagements))
    return Facts(
        records=(record,),
        calls=calls,
        engagements=_engagement_rows(event.engagements, zone, simulated=simulated),
        marks=frozenset(marks),
    )


def facts_of_call(event: events.UpstreamCallEnded, zone: ZoneInfo, *, simulated: bool = False) -> Facts:
    row = _call_row(event, zone, channel="", simulated=simulated)
    return Facts(calls=(row,), marks=frozenset(_call_marks(event)))


def facts_of_engagement(event: events.Engagement, zone: ZoneInfo, *, simulated: bool = False) -> Facts:
    return Facts(
        engagements=_engagement_rows([event], zone, simulated=simulated), marks=frozenset(_engagements_marks([event]))
    )


def write(batch: Sequence[Facts]) -> None:
    """Insert a batch: one statement per kind of row in it, and one for all its marks. PostgreSQL gets those of few rows
    as one.
    """
    with together():
        _insert([row for facts in batch for row in facts.turns], ("generation", "occurred_at"))
        _insert([row for facts in batch for row in facts.records], ("generation", "occurred_at"))
        _insert([row for facts in batch for row in facts.calls], ("call_of", "epoch", "attempt"))
        _insert([row for facts in batch for row in facts.engagements], ("subject", "event"))
        put_marks({mark for facts in batch for mark in facts.marks})


def put_marks(keys: Iterable[MarkKey]) -> None:
    insert([Mark(level=key.level, lane=key.lane, window_start=key.window_start, subject=key.subject) for key in keys])


def on_turn_accepted(*, events: Sequence[events.TurnAccepted], **_: object) -> None:
    zone = reporting_zone()
    write([facts_of_acceptance(event, zone) for event in events])


def on_generation_finished(*, events: Sequence[events.GenerationFinished], **_: object) -> None:
    zone = reporting_zone()
    write([facts_of_ending(event, zone) for event in events])


def on_upstream_call_ended(*, events: Sequence[events.UpstreamCallEnded], **_: object) -> None:
    zone = reporting_zone()
    write([facts_of_call(event, zone) for event in events])


def on_engaged(*, events: Sequence[events.Engagement], **_: object) -> None:
    zone = reporting_zone()
    write([facts_of_engagement(event, zone) for event in events])


def connect() -> None:
    events.turn_accepted.connect(on_turn_accepted, dispatch_uid="usage")
    events.generation_finished.connect(on_generation_finished, dispatch_uid="usage")
    events.upstream_call_ended.connect(on_upstream_call_ended, dispatch_uid="usage")
    events.engaged.connect(on_engaged, dispatch_uid="usage")


def _insert(rows: Sequence[F], key: tuple[str, ...]) -> None:
    """Those that are not there yet, in the order of their key."""
    key_of = attrgetter(*key)
    first = {key_of(row): row for row in reversed(rows)}
    insert([first[found] for found in sorted(first)], once_by=key)


def _turn_marks(turn: events.Turn) -> Iterable[MarkKey]:
    window = window_of(turn.occurred_at)
    yield MarkKey(Level.WINDOW, window)
    yield MarkKey(Level.PERSON, window, turn.subject)


def _call_marks(call: events.UpstreamCallEnded) -> Iterable[MarkKey]:
    """Every window the call was busy in, not only the one that counts its cost."""
    return (MarkKey(Level.WINDOW, window) for window in windows_between(call.started_at, call.ended_at))


def _engagement_rows(
    engagements: Iterable[events.Engagement], zone: ZoneInfo, *, simulated: bool
) -> tuple[EngagementEvent, ...]:
    return tuple(engagement_row(event, zone, simulated=simulated) for event in engagements)


def _engagements_marks(engagements: Iterable[events.Engagement]) -> Iterable[MarkKey]:
    """A signal about an answer changes the answer's window and its person's day, not those it was given in."""
    for event in engagements:
        if event.about:
            yield from _turn_marks(event.about)
        else:
            yield MarkKey(Level.WINDOW, window_of(event.occurred_at))
            if event.kind in OF_PEOPLE:
                yield MarkKey(Level.PERSON, window_of(event.occurred_at), event.subject)


class _TimeFields(TypedDict):
    occurred_at: datetime
    window_start: datetime
    local_day: date
    zone: str


def _time_fields(moment: datetime, zone: ZoneInfo) -> _TimeFields:
    return {
        "occurred_at": moment,
        "window_start": window_of(moment),
        "local_day": day_of(moment, zone),
        "zone": zone.key,
    }


class _TurnFields(TypedDict):
    generation: UUID
    answer: UUID
    conversation: UUID
    subject: UUID
    is_internal: bool
    kind: str
    scenario: str
    model: str
    channel: str
    locale: str
    client: str


def _turn_fields(turn: events.Turn) -> _TurnFields:
    return {
        "generation": turn.generation,
        "answer": turn.answer,
        "conversation": turn.conversation,
        "subject": turn.subject,
        "is_internal": turn.is_internal,
        "kind": turn.kind,
        "scenario": turn.scenario,
        "model": turn.model,
        "channel": turn.channel,
        "locale": turn.locale,
        "client": turn.client,
    }


class _TokenFields(TypedDict):
    input_uncached: int | None
    input_cached: int | None
    output_visible: int | None
    output_reasoning: int | None
    token_source: str
    tokens_flagged: bool
    cost_pico: int | None
    currency: str


def _token_fields(tokens: events.Tokens, cost: events.Cost) -> _TokenFields:
    return {
        "input_uncached": tokens.input_uncached,
        "input_cached": tokens.input_cached,
        "output_visible": tokens.output_visible,
        "output_reasoning": tokens.output_reasoning,
        "token_source": tokens.source,
        "tokens_flagged": tokens.flagged,
        "cost_pico": cost.pico,
        "currency": cost.currency if cost.pico is not None else "",
    }


def _call_row(call: events.UpstreamCallEnded, zone: ZoneInfo, *, channel: str, simulated: bool) -> UpstreamCall:
    return UpstreamCall(
        **_time_fields(call.started_at, zone),
        **_token_fields(call.tokens, call.cost),
        simulated=simulated,
        is_internal=call.is_internal,
        scenario=call.scenario,
        model=call.model,
        channel=channel,
        call_of=call.call_of,
        epoch=call.epoch,
        attempt=call.attempt,
        purpose=call.purpose,
        subject=call.subject,
        endpoint=call.endpoint,
        ended_at=call.ended_at,
        last_window=last_window_of(call.started_at, call.ended_at),
        error=call.error,
    )


def _total_cost(calls: Sequence[events.UpstreamCallEnded]) -> events.Cost:
    """Unknown if one call is unpriced or two currencies meet: currencies are never added."""
    currencies = {call.cost.currency for call in calls}
    picos = [call.cost.pico for call in calls if call.cost.pico is not None]
    if len(currencies) != 1 or len(picos) < len(calls):
        return events.Cost()
    return events.Cost(pico=sum(picos), currency=currencies.pop())
