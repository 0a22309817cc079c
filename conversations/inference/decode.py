"""One ``data:`` payload of a chat completion stream, from JSON to text that is safe to store.

The fast path decodes into typed structs, under a microsecond. Whatever they cannot take (invalid UTF-8, lone
surrogates, unexpected types) goes a slow and tolerant way, so that no bytes can raise anything but ``BadStream``.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import msgspec

from conversations.inference.errors import BadStream

REPLACEMENT = "\ufffd"


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None  # DeepSeek, DashScope, SGLang
    reasoning: str | None = None  # vLLM since 0.11, Groq, OpenRouter


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Piece(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: dict[str, Any] | None = None
    x_groq: dict[str, Any] | None = None
    error: Any = None
    object: str | None = None  # older vLLM: an error is {"object": "error", "message", "code"} without a wrapper
    message: Any = None
    code: Any = None


class Piece(msgspec.Struct, frozen=True):
    """What one payload says. ``finish_reason`` is the endpoint's own word; ``usage`` and ``error`` are its JSON."""

    text: str = ""
    thinking: str = ""
    finish_reason: str | None = None
    usage: Mapping[str, object] | None = None
    error: Mapping[str, object] | None = None


_decode = msgspec.json.Decoder(_Piece).decode


class Decoder:
    """Of one stream: half a surrogate pair at the end of a delta waits for the next one to bring the other half."""

    __slots__ = ("_text", "_thinking")

    def __init__(self) -> None:
        self._text = Mender()
        self._thinking = Mender()

    def decode(self, payload: bytes) -> Piece:
        """Raises ``BadStream`` if this is not a JSON object."""
        clean = True
        try:
            raw = _decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raw, clean = _tolerant(payload), False
        text = thinking = ""
        finish_reason: str | None = None
        for choice in raw.choices or ():
            if choice.index:
                continue  # one answer was asked for
            finish_reason = choice.finish_reason or finish_reason
            if delta := choice.delta:
                text += delta.content or ""
                thinking += delta.reasoning_content or delta.reasoning or ""
        return Piece(
            self._text.mend(text, clean=clean) if text else "",
            self._thinking.mend(thinking, clean=clean) if thinking else "",
            finish_reason,
            raw.usage or (raw.x_groq or {}).get("usage") or None,
            _error(raw),
        )

    def rest(self) -> Piece:
        """What was held back, once the stream is over."""
        return Piece(self._text.rest(), self._thinking.rest())


class Mender:
    """NUL and lone surrogates become U+FFFD: PostgreSQL refuses the first, UTF-8 the second."""

    __slots__ = ("_half",)

    def __init__(self) -> None:
        self._half = ""

    def mend(self, text: str, *, clean: bool) -> str:
        """``clean`` promises that there are no surrogates. A high surrogate at the end is held back."""
        if not clean or self._half:
            text = self._half + text
            self._half = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
            if self._half:
                text = text[:-1]
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.replace("\0", REPLACEMENT) if "\0" in text else text

    def rest(self) -> str:
        rest, self._half = (REPLACEMENT if self._half else ""), ""
        return rest


def _error(raw: _Piece) -> Mapping[str, object] | None:
    if raw.error:
        return raw.error if isinstance(raw.error, dict) else {"message": str(raw.error)}
    if raw.object == "error":
        return {"message": raw.message, "code": raw.code}
    return None


def _tolerant(payload: bytes) -> _Piece:
    try:
        value = json.loads(payload.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise BadStream("a chunk that is not JSON") from None
    if not isinstance(value, dict):
        raise BadStream("a chunk that is not a JSON object")
    choices = value.get("choices")
    return _Piece(
        choices=[_choice(item) for item in choices if isinstance(item, dict)] if isinstance(choices, list) else None,
        usage=_object(value.get("usage")),
        x_groq=_object(value.get("x_groq")),
        error=value.get("error"),
        object=_string(value.get("object")),
        message=value.get("message"),
        code=value.get("code"),
    )


def _choice(value: dict[str, Any]) -> _Choice:
    delta = _object(value.get("delta")) or {}
    content = delta.get("content")
    reasoning = _string(delta.get("reasoning_content")) or _string(delta.get("reasoning"))
    if isinstance(content, list):  # Mistral's reasoning models: typed parts instead of a string
        parts = [part for part in content if isinstance(part, dict)]
        reasoning = "".join(_part_text(part.get("thinking")) for part in parts) or reasoning
        content = "".join(_part_text(part.get("text")) for part in parts)
    index = value.get("index")
    return _Choice(
        index=index if isinstance(index, int) else 0,
        delta=_Delta(content=_string(content), reasoning_content=reasoning),
        finish_reason=_string(value.get("finish_reason")),
    )


def _part_text(value: object) -> str:
    if isinstance(value, list):
        return "".join(_part_text(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def whole_number(value: object) -> int | None:
    """A count as endpoints write it (12, 12.0); None for anything that is no count."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
