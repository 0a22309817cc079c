"""What an endpoint says in a status, a header or an error object -> the error it means."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from conversations.inference.decode import whole_number
from conversations.inference.errors import (
    BadStream,
    CallFailed,
    ContentFiltered,
    EndpointRejected,
    RateLimited,
    ServerFailed,
    Unauthorized,
)
from conversations.inference.types import Ask, Endpoint

_FILTERED = ("data_inspection_failed", "datainspectionfailed", "content_filter", "content_policy", "sensitive")
_REJECTED = {400, 413, 422}
_TEMPORARY = {408, 409, 425}
_DETAIL = 200
_ECHO = 12


def failure_of_response(
    status: int, headers: Mapping[str, str], content: bytes, *, endpoint: Endpoint, ask: Ask
) -> CallFailed:
    """A response that is not 200."""
    error = _error_object(content)
    detail = f"HTTP {status} {_describe(error, endpoint, ask)}".strip()
    if status == 429:
        return RateLimited(detail, status=status, retry_after_s=retry_after_s(headers.get("retry-after")))
    if status in _REJECTED:
        return (ContentFiltered if _is_filter(error) else EndpointRejected)(detail, status=status)
    if status >= 500 or status in _TEMPORARY:
        return ServerFailed(detail, status=status)
    if status >= 400:  # also 402, an empty account, and 405: this endpoint needs its operator
        return (ContentFiltered if _is_filter(error) else Unauthorized)(detail, status=status)
    return BadStream(f"HTTP {status} instead of an answer", status=status)


def failure_of_error(error: Mapping[str, object], *, endpoint: Endpoint, ask: Ask) -> CallFailed:
    """An error object inside a response whose status was 200."""
    detail = f"error inside a 200: {_describe(error, endpoint, ask)}"
    if _is_filter(error):
        return ContentFiltered(detail, status=200)
    words = f"{error.get('code')} {error.get('type')}".lower()
    status = _status_of(error)
    if status == 429 or "rate" in words or "throttl" in words:
        return RateLimited(detail, status=200)
    if status in _REJECTED or "invalid_request" in words or "badrequest" in words:
        return EndpointRejected(detail, status=200)
    if status in {401, 403, 404} or "auth" in words or "api_key" in words:
        return Unauthorized(detail, status=200)
    return ServerFailed(detail, status=200)


def failure_of_content(content_type: str, content: bytes, *, endpoint: Endpoint, ask: Ask) -> CallFailed:
    """A 200 that is not an event stream: an error as plain JSON, or a page of somebody else's."""
    if error := _error_object(content):
        return failure_of_error(error, endpoint=endpoint, ask=ask)
    return BadStream(f"{content_type or 'no content type'} instead of an event stream", status=200)


def retry_after_s(header: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds from now, for both forms of the header; None when absent or not understood."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            when = parsedate_to_datetime(header)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (when - (now or datetime.now(UTC))).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _error_object(content: bytes) -> Mapping[str, object] | None:
    """The error of OpenAI's form, or of the flat ones of vLLM, FastAPI and gateways."""
    try:
        value = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    if isinstance(error, dict):
        return error
    if error:
        return {"message": error, "code": value.get("code")}
    message = value.get("message") or value.get("detail")
    return {"message": message, "code": value.get("code"), "type": value.get("type")} if message else None


def _status_of(error: Mapping[str, object]) -> int:
    """The HTTP status an error object stands for, where it says so, as a number or in digits; else 0."""
    for name in ("status", "code"):
        value = error.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) == 3:
            value = int(value)
        if number := whole_number(value):
            return number
    return 0


def _is_filter(error: Mapping[str, object] | None) -> bool:
    words = f"{error.get('code')} {error.get('type')}".lower() if error else ""
    return any(word in words for word in _FILTERED)


def _describe(error: Mapping[str, object] | None, endpoint: Endpoint, ask: Ask) -> str:
    """Type, code and message, for an administrator: without the key, and without a message that quotes the prompt."""
    if not error:
        return ""
    message = str(error.get("message") or "")[:_DETAIL]
    if _quotes(message, ask):
        message = "(message withheld: it quotes the prompt)"
    parts = [str(error[name])[:_DETAIL] for name in ("type", "code") if error.get(name)]
    described = " ".join([*dict.fromkeys(parts), message]).strip()
    described = described.replace(endpoint.api_key, "***") if endpoint.api_key else described
    return "".join(character if character.isprintable() else " " for character in described)


def _quotes(message: str, ask: Ask) -> bool:
    windows = [message[start : start + _ECHO] for start in range(max(1, len(message) - _ECHO + 1))]
    texts = [part.content for part in ask.prompt] + [ask.prefix]
    return any(window in text for window in windows if len(window) == _ECHO for text in texts)
