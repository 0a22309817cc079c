"""The values that cross the border of this package."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "content_filter"]


class ThinkingStyle(StrEnum):
    """How an endpoint is told whether to reason before it answers."""

    NONE = "none"
    ENABLE_THINKING = "enable_thinking"  # DashScope, SiliconFlow: a boolean of that name in the body
    CHAT_TEMPLATE = "chat_template"  # vLLM, SGLang: chat_template_kwargs.enable_thinking
    REASONING_EFFORT = "reasoning_effort"  # OpenAI and those who follow it


class PrefixStyle(StrEnum):
    """How an endpoint is asked to go on with an answer that was cut."""

    NONE = "none"  # it cannot: the text so far is sent as an answer, with an instruction to go on
    CONTINUE_FINAL_MESSAGE = "continue_final_message"  # vLLM, SGLang
    PARTIAL = "partial"  # DashScope, Moonshot: the last message has "partial": true
    PREFIX = "prefix"  # DeepSeek, Mistral: the last message has "prefix": true


class TokenSource(StrEnum):
    """Where token counts come from. A count that nobody knows is None, never 0."""

    REPORTED = "reported"  # by the endpoint, for the whole answer
    PARTIAL = "partial"  # by the endpoint while it ran, up to the last delta before a stop or a cut
    ESTIMATED = "estimated"  # by estimate.py, from the prompt and the text that was seen
    NONE = "none"


class ErrorClass(StrEnum):
    """One short word for what went wrong with a request; stable, since reports count by it."""

    CONNECT = "connect"
    TIMEOUT_FIRST_TOKEN = "timeout_first_token"  # noqa: S105
    STALL = "stall"
    MAX_TIME = "max_time"
    HTTP_429 = "http_429"
    HTTP_5XX = "http_5xx"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"
    FILTERED = "filtered"
    BAD_STREAM = "bad_stream"
    RESET = "reset"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptMessage:
    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. ``first_token_s`` counts from the request, ``gap_s`` from the last visible delta.

    ``after_finish_s`` counts from the reason of the end: some endpoints send neither usage nor ``[DONE]`` then, and
    keep the line open.
    """

    connect_s: float = 3.0
    first_token_s: float = 30.0
    gap_s: float = 20.0
    whole_s: float = 600.0
    after_finish_s: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One hosted deployment of a model, as the caller's catalog knows it."""

    id: UUID | str
    name: str
    model: str  # slug of the catalog's Model, for labels; the endpoint never sees it
    base_url: str  # up to and including /v1
    remote_name: str
    api_key: str = field(default="", repr=False)
    thinking_style: ThinkingStyle = ThinkingStyle.NONE
    prefix_style: PrefixStyle = PrefixStyle.NONE
    running_usage: bool = False  # vLLM, SGLang: usage in every chunk, so that a stopped answer has exact tokens
    context_tokens: int = 32_768
    max_output_tokens: int | None = None
    timeouts: Timeouts = Timeouts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked. ``prefix`` is the visible text so far when a cut answer is continued, else empty."""

    prompt: tuple[PromptMessage, ...]
    thinking: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one request. Output includes reasoning. ``flagged``: the endpoint reported something impossible."""

    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    source: TokenSource = TokenSource.NONE
    flagged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """An answer is whole: the endpoint gave a finish_reason."""

    finish_reason: FinishReason
    usage: Usage


OnStarted = Callable[[Endpoint], None]
"""An endpoint accepted the request (status 200). May come again when it then fails before a word."""
OnDelta = Callable[[str, str], None]
"""A piece of the answer and of the reasoning; at least one is not empty. Safe to encode and to store."""


class Pace(Protocol):
    """When endpoints that are writing are read: those of a process together, and not each whenever a token arrives."""

    def join(self, fetch: Callable[[], None]) -> None:
        """Call ``fetch`` again and again until it leaves. It neither waits nor raises."""

    def leave(self, fetch: Callable[[], None]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """One request to an endpoint is over, well or not. Told exactly once per request.

    ``detail`` is for administrators: no text of the prompt or the answer, never the key.
    """

    endpoint: Endpoint
    attempt: int
    started_at: datetime  # UTC
    ended_at: datetime
    error: ErrorClass | None
    status: int | None  # None when no response came
    usage: Usage
    detail: str = ""


OnCallEnded = Callable[[CallEnded], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What an administrator sees after "test this endpoint"."""

    ok: bool
    status: int | None
    latency_ms: int | None  # to the first token of a tiny answer
    models: tuple[str, ...]
    detail: str
