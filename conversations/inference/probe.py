"""Does this endpoint work? For an administrator's "test this endpoint"."""

import asyncio
from dataclasses import replace

import msgspec

from conversations.inference.call import Call
from conversations.inference.client import open_stream
from conversations.inference.errors import CallFailed
from conversations.inference.types import Ask, CallEnded, Endpoint, ProbeResult, PromptMessage

MAX_MODELS = 50
MAX_LIST_BYTES = 4 << 20
_HELLO = Ask(prompt=(PromptMessage(role="user", content="Say hello."),))


class _Model(msgspec.Struct):
    id: str


class _Models(msgspec.Struct):
    data: list[_Model]


async def probe(endpoint: Endpoint, *, timeout_s: float = 15.0) -> ProbeResult:
    """Ask for the list of models, which not every endpoint has, then for a tiny answer, which decides. Never raises a
    failure of the endpoint.
    """
    timeouts = replace(endpoint.timeouts, first_token_s=timeout_s, gap_s=timeout_s, whole_s=timeout_s)
    endpoint = replace(endpoint, timeouts=timeouts)
    models = await _models(endpoint, timeout_s)
    ended: list[CallEnded] = []
    loop = asyncio.get_running_loop()
    began = loop.time()
    shown_at: list[float] = []
    failure = ""
    call = Call(
        endpoint,
        _HELLO,
        attempt=1,
        on_started=lambda _: None,
        on_delta=lambda _text, _thinking: shown_at.append(loop.time()),
        on_call_ended=ended.append,
        max_tokens=16,
    )
    try:
        await call.run()
    except CallFailed as error:
        failure = f"{error.error_class}: {error.detail}"
    status = ended[0].status
    latency_ms = round((shown_at[0] - began) * 1000) if shown_at else None
    return ProbeResult(ok=not failure, status=status, latency_ms=latency_ms, models=models, detail=failure)


async def _models(endpoint: Endpoint, timeout_s: float) -> tuple[str, ...]:
    try:
        async with asyncio.timeout(timeout_s):
            response = await open_stream(endpoint, None, path="/models")
            try:
                content = await response.content(at_most=MAX_LIST_BYTES)
            finally:
                await response.close()
        listed = msgspec.json.decode(content, type=_Models) if response.status == 200 else _Models(data=[])
    except (CallFailed, TimeoutError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    return tuple(model.id for model in listed.data[:MAX_MODELS])
