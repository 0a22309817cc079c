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
from collections.abc import Awaitable, Callable, Sequence

from conversations.inference.call import Call
from conversations.inference.errors import (
    CallFailed,
    ContentFiltered,
    EndpointFailed,
    NoEndpointAvailable,
    RateLimited,
    UpstreamReset,
)
from conversations.inference.types import Ask, Endpoint, Finished, OnCallEnded, OnDelta, OnStarted, Pace

MayAsk = Callable[[Endpoint], Awaitable[bool]]
"""Whether a further endpoint has room for one more answer."""

MAX_ATTEMPTS = 3
MAX_WAIT_S = 2.0


async def stream(
    endpoints: Sequence[Endpoint],
    ask: Ask,
    *,
    on_started: OnStarted,
    on_delta: OnDelta,
    on_call_ended: OnCallEnded,
    may_ask: MayAsk | None = None,
    pace: Pace | None = None,
) -> Finished:
    """Answer ``ask`` from the first endpoint that can; the words go to ``on_delta`` as they come.

    Another endpoint is tried only before the first visible delta, text or thinking. ``on_call_ended`` is told once per
    request, before this returns or raises, and also when the caller's task is cancelled; the connection is closed by
    then. ``may_ask`` is awaited before each endpoint but the first, whose place the caller already has; one that has no
    room is passed over. After the first word endpoints are read at the ``pace``, without one whenever a token arrives.

    Raises ``EndpointRejected`` at once (our mistake), ``NoEndpointAvailable`` when every one failed before a word, and
    the failure itself after one.
    """
    waiting = list(endpoints)
    causes: list[EndpointFailed] = []
    while waiting and len(causes) < MAX_ATTEMPTS:
        call = Call(
            waiting[0],
            ask,
            attempt=len(causes) + 1,
            on_started=on_started,
            on_delta=on_delta,
            on_call_ended=on_call_ended,
            pace=pace,
        )
        try:
            return await call.run()
        except CallFailed as failure:
            if call.is_visible:
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
