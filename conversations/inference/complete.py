"""A short text in one piece, for titles."""

import asyncio
from datetime import UTC, datetime

import msgspec

from conversations.inference.body import chat_body
from conversations.inference.client import open_stream
from conversations.inference.decode import Mender
from conversations.inference.errors import BadStream, CallFailed, FirstTokenTimeout
from conversations.inference.failures import failure_of_content, failure_of_response
from conversations.inference.response import UpstreamResponse
from conversations.inference.tokens import Meter
from conversations.inference.types import Ask, CallEnded, Endpoint, ErrorClass, OnCallEnded, Usage

MAX_ANSWER_BYTES = 1 << 20


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Answer(msgspec.Struct):
    choices: list[_Choice]
    usage: dict[str, object] | None = None


async def complete(
    endpoint: Endpoint, ask: Ask, *, max_tokens: int, timeout_s: float, on_call_ended: OnCallEnded
) -> tuple[str, Usage]:
    """One request, not repeated, without reasoning. The text may be empty. Raises a ``CallFailed``."""
    started_at = datetime.now(UTC)
    meter = Meter(ask)
    status: int | None = None

    def tell(error: ErrorClass | None, usage: Usage, detail: str = "") -> None:
        on_call_ended(
            CallEnded(
                endpoint=endpoint,
                attempt=1,
                started_at=started_at,
                ended_at=datetime.now(UTC),
                error=error,
                status=status,
                usage=usage,
                detail=detail,
            )
        )

    try:
        async with asyncio.timeout(timeout_s):
            body = chat_body(endpoint, ask, stream=False, max_tokens=max_tokens)
            response = await open_stream(endpoint, body)
            status = response.status
            text = _text(endpoint, ask, response, await _content(response), meter)
    except TimeoutError:
        late = FirstTokenTimeout(f"no answer within {timeout_s:g} s", status=status)
        tell(late.error_class, meter.failed(), late.detail)
        raise late from None
    except CallFailed as failure:
        status = failure.status or status
        tell(failure.error_class, meter.failed(), failure.detail)
        raise
    except BaseException:
        tell(ErrorClass.CANCELLED, meter.failed())
        raise
    usage = meter.whole()
    tell(None, usage)
    return text, usage


async def _content(response: UpstreamResponse) -> bytes:
    try:
        content = await response.content(at_most=MAX_ANSWER_BYTES)
    finally:
        await response.close()
    if len(content) > MAX_ANSWER_BYTES:
        raise BadStream("an answer of more than 1 MiB", status=response.status)
    return content


def _text(endpoint: Endpoint, ask: Ask, response: UpstreamResponse, content: bytes, meter: Meter) -> str:
    if response.status != 200:
        raise failure_of_response(response.status, response.headers, content, endpoint=endpoint, ask=ask)
    try:
        answer = msgspec.json.decode(content, type=_Answer)
        written = answer.choices[0].message.content or ""
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, IndexError):
        content_type = response.headers.get("content-type", "")
        raise failure_of_content(content_type, content, endpoint=endpoint, ask=ask) from None
    text = Mender().mend(written, clean=True) if written else ""
    meter.saw(text, "")
    if answer.usage:
        meter.was_told(answer.usage)
    return text
