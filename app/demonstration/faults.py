"""What the double can be told to do wrong: the bodies of ``POST /control``. A field left out is as it should be."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Moment(StrEnum):
    BEFORE_HEADERS = "before_headers"
    AFTER_HEADERS = "after_headers"
    AFTER_TOKENS = "after_tokens"


class Ending(StrEnum):
    """How the answer breaks off, or how a response ends."""

    RESET = "reset"  # a TCP reset
    CLOSE = "close"  # the connection is closed in the middle of the body
    END = "end"  # the body ends as HTTP wants it, the answer does not
    DONE = "done"  # the same after [DONE]


class Filler(StrEnum):
    SILENCE = "silence"
    COMMENTS = "comments"
    BYTES = "bytes"  # of a payload that never ends


class UsageForm(StrEnum):
    MISSING = "missing"
    NULL = "null"
    NEGATIVE = "negative"
    HUGE = "huge"
    NOT_A_NUMBER = "not_a_number"
    MID_STREAM = "mid_stream"  # once, after the first token, as much as there was until then
    EVERY_CHUNK = "every_chunk"  # cumulative, as vLLM does it
    DUPLICATE = "duplicate"  # the final report twice
    WITH_FINISH = "with_finish"  # in the chunk of the finish_reason
    GROQ = "groq"  # there, under x_groq only


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    how: Ending = Ending.RESET
    at: Moment = Moment.AFTER_TOKENS
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    at: Moment = Moment.AFTER_TOKENS
    tokens: int = 0
    filler: Filler = Filler.SILENCE
    interval_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorInside:
    """``payload`` is the whole JSON object of the event."""

    tokens: int = 0
    payload: dict[str, Any] = field(default_factory=lambda: {"error": {"message": "it broke", "code": 500}})


@dataclass(frozen=True, slots=True, kw_only=True)
class LongLine:
    megabytes: int = 2
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How events are written. ``noise`` adds comments, unknown fields, event types and ids."""

    newline: str = "\n"
    bytes_per_write: int | None = None
    bom: bool = False
    noise: bool = False
    multi_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Applies to requests whose last user message contains ``contains``; ``times`` None means until reset.

    The newest script that matches wins. ``literals`` are the text's pieces as JSON string literals, each character one
    byte (latin-1), so that they may be broken UTF-8. ``replay`` are the payloads of a recording, sent as they are.
    """

    contains: str = ""
    times: int | None = None
    text: str | None = None
    thinking: str | None = None
    literals: tuple[str, ...] | None = None
    replay: tuple[str, ...] | None = None
    finish_reason: str | None = None
    done: bool = True
    endless: bool = False
    first_token_s: float | None = None
    tokens_per_s: float | None = None
    content_type: str = "text/event-stream"
    refuse: Refuse | None = None
    cut: Cut | None = None
    stall: Stall | None = None
    error_inside: ErrorInside | None = None
    long_line: LongLine | None = None
    wire: Wire = Wire()
    usage: UsageForm | None = None
