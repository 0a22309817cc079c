"""Which endpoint answers.

    how the request failed                   before the first word      after it
    connect, 5xx, 529, time-out, bad stream  the next endpoint          raised: a second model must not
    401, 403, 404                            the next endpoint          rewrite what a person has seen
    429, asked to wait 2 s at most           wait, the same endpoint
    429, otherwise                           the next endpoint
    400, 413, 422, filtered                  raised: no endpoint would take it

At most two further requests follow the first.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from conversations.inference.call import Call
from conversations.inference.errors import (
    CallFailed,
    ContentFiltered,
    EndpointFailed,
    NoEndpointAvailable,
    RateLimited,
    UpstreamReset,
)
from conversations.inference.types import Ask, Chunk, Delta, Endpoint, OnCallEnded

MayAsk = Callable[[Endpoint], Awaitable[bool]]
"""Whether a further endpoint has room for one more answer."""

MAX_ATTEMPTS = 3
MAX_WAIT_S = 2.0


async def stream(
    endpoints: Sequence[Endpoint], ask: Ask, *, on_call_ended: OnCallEnded, may_ask: MayAsk | None = None
) -> AsyncGenerator[Chunk, None]:
    """Answer ``ask`` from the first endpoint that can: ``Started``, deltas, then one ``Finished``.

    Another endpoint is tried only before the first visible delta, text or thinking. ``on_call_ended`` is told once per
    request, before ``Finished`` or the error, and also when the caller's task is cancelled or this iterator is closed;
    the connection is closed before either returns. Close it (``contextlib.aclosing``) when leaving early.
    ``may_ask`` is awaited before each endpoint but the first, whose place the caller already has; one that has no room
    is passed over.

    Raises ``EndpointRejected`` at once (our mistake), ``NoEndpointAvailable`` when every one failed before a word, and
    the failure itself after one.
    """
    waiting = list(endpoints)
    causes: list[EndpointFailed] = []
    visible = False
    while waiting and len(causes) < MAX_ATTEMPTS:
        call = Call(waiting[0], ask, attempt=len(causes) + 1, on_call_ended=on_call_ended)
        try:
            async with aclosing(call.chunks()) as chunks:
                async for chunk in chunks:
                    visible = visible or isinstance(chunk, Delta)
                    yield chunk
            return
        except CallFailed as failure:
            if visible:
                raise _after_a_word(failure) from failure
            if not isinstance(failure, EndpointFailed):
                raise
            causes.append(failure)
        if not await _may_try_again(causes, alone=len(waiting) == 1):
            waiting.pop(0)
            while waiting and may_ask is not None and not await may_ask(waiting[0]):
                waiting.pop(0)
    raise NoEndpointAvailable(causes)


async def _may_try_again(causes: Sequence[EndpointFailed], *, alone: bool) -> bool:
    """Whether the same endpoint is asked again, after the wait it asked for."""
    failure = causes[-1]
    if isinstance(failure, RateLimited):
        if failure.retry_after_s is None or failure.retry_after_s > MAX_WAIT_S or len(causes) == MAX_ATTEMPTS:
            return False
        await asyncio.sleep(failure.retry_after_s)
        return True
    # An idle connection may be closed by the endpoint in the moment in which it is used again. Nothing was answered
    # yet, and there is nobody else to ask.
    return alone and len(causes) == 1 and isinstance(failure, UpstreamReset) and failure.status is None


def _after_a_word(failure: CallFailed) -> CallFailed:
    """The failures that a cut answer can have; an error object inside the stream cuts it like a broken connection."""
    if isinstance(failure, ContentFiltered) or failure.reason not in {"unavailable", "refused"}:
        return failure
    return UpstreamReset(failure.detail, status=failure.status)
