"""What conversations tell the rest of the house: facts without a word of text.

Each event is sent *inside* the transaction that caused it, with ``send`` (never
``send_robust``): what a receiver writes and what the conversation writes commit
together or not at all. Endings of concurrent turns may share one transaction,
so every signal carries a list: ``signal.send(sender=..., events=[...])``.

``subject`` is the random id under which a person appears in facts; a person's
key never leaves conversations. Moments are aware and in UTC, by the server's clock.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.dispatch import Signal

from conversations.inference.types import TokenSource

__all__ = [
    "CallPurpose",
    "Cost",
    "Engagement",
    "EngagementKind",
    "GenerationFinished",
    "Rephrase",
    "StopPoint",
    "TokenSource",
    "Tokens",
    "Turn",
    "TurnAccepted",
    "TurnKind",
    "UpstreamCallEnded",
    "Vote",
    "engaged",
    "generation_finished",
    "turn_accepted",
    "upstream_call_ended",
]


class TurnKind(StrEnum):
    SEND = "send"
    REGENERATE = "regenerate"
    EDIT = "edit"
    CONTINUE = "continue"


class CallPurpose(StrEnum):
    ANSWER = "answer"
    TITLE = "title"


class EngagementKind(StrEnum):
    """What a person did with the product besides asking."""

    SCENARIO_SEEN = "scenario_seen"
    SCENARIO_CHOSEN = "scenario_chosen"
    CONVERSATION_STARTED = "conversation_started"
    COPIED = "copied"
    SHARED = "shared"
    EXPORTED = "exported"
    RATED = "rated"
    REGENERATED = "regenerated"
    EDITED = "edited"
    STOPPED = "stopped"
    FOLLOW_UP = "follow_up"
    ACQUIRED = "acquired"


class Vote(StrEnum):
    UP = "up"
    DOWN = "down"
    WITHDRAWN = ""


class StopPoint(StrEnum):
    """A stop before the first visible character is a latency failure; one after it is a reader's decision."""

    BEFORE_FIRST = "before_first"
    AFTER_FIRST = "after_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Disjoint counts: input = uncached + cached, output = visible + reasoning."""

    input_uncached: int | None = None
    input_cached: int | None = None
    output_visible: int | None = None
    output_reasoning: int | None = None
    source: TokenSource = TokenSource.NONE
    flagged: bool = False
    """The endpoint reported something impossible, which was clamped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """``pico``: 1e-12 of one unit of ``currency``. None where no price was valid: unpriced, not free."""

    pico: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an accepted turn and its ending share."""

    generation: UUID
    answer: UUID
    """The answer it writes, or goes on with: one answer has several generations once it is continued."""
    conversation: UUID
    subject: UUID
    is_internal: bool
    """Staff, tests and load tests: excluded from adoption by default."""
    kind: TurnKind
    scenario: str
    model: str
    channel: str
    locale: str
    occurred_at: datetime
    """The moment of acceptance."""
    client: str = ""
    """What asked, as it names itself and its version; empty where it does not, and in signals about earlier turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rephrase:
    """How alike a question and the one before it are, computed where the text is; only the number travels."""

    per_mille: int
    version: int
    """Of the measure: numbers of different versions are never compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """One thing a person did. ``id`` is its reporter's choice, so that a repeat is the same fact."""

    id: UUID
    kind: EngagementKind
    subject: UUID
    is_internal: bool
    scenario: str
    channel: str
    occurred_at: datetime
    about: Turn | None = None
    """The turn that asked for the answer this is a signal about; None where it is about no answer."""
    value: str = ""
    """Of ``rated`` a ``Vote``, of ``stopped`` a ``StopPoint``, of ``acquired`` the campaign."""
    reasons: tuple[str, ...] = ()
    """Slugs that go with a vote, sorted."""
    rephrase: Rephrase | None = None
    """Of ``follow_up``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAccepted:
    turn: Turn
    engagements: tuple[Engagement, ...] = ()
    """What accepting it says besides: a conversation begun, an earlier answer asked for anew or followed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamCallEnded:
    """One request to an endpoint is over: an attempt of a generation, or a background call."""

    call_of: UUID
    """The generation, or the id of the background work."""
    epoch: int
    attempt: int
    purpose: CallPurpose
    subject: UUID | None
    is_internal: bool
    scenario: str
    model: str
    endpoint: str
    started_at: datetime
    ended_at: datetime
    error: str
    """Empty when the endpoint answered to its end; else a stable word such as ``connect`` or ``http_429``."""
    tokens: Tokens
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFinished:
    """A generation reached a terminal state."""

    turn: Turn
    outcome: str
    reason: str
    endpoint: str
    """The endpoint that answered last; empty if none was ever asked."""
    attempts: int
    finished_at: datetime
    queue_ms: int | None
    first_token_ms: int | None
    duration_ms: int
    visible_characters: int
    tokens: Tokens
    calls: tuple[UpstreamCallEnded, ...]
    """The upstream calls that end with this generation, in order."""
    engagements: tuple[Engagement, ...] = ()
    """That it was stopped, by the person."""


turn_accepted = Signal()
"""``events: list[TurnAccepted]``, in the transaction that accepts them."""

generation_finished = Signal()
"""``events: list[GenerationFinished]``, in the transaction that ends them."""

upstream_call_ended = Signal()
"""``events: list[UpstreamCallEnded]``: calls that belong to no ending: titles, the attempts of a lost owner."""

engaged = Signal()
"""``events: list[Engagement]``: those that belong to no turn and no ending: votes, and what the page reports."""
