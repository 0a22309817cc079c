"""One streamed request to one endpoint: from dialling to its ``CallEnded``, told exactly once however it ends."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from conversations.inference import sse
from conversations.inference.body import chat_body
from conversations.inference.client import open_stream
from conversations.inference.decode import Decoder, Piece
from conversations.inference.errors import (
    CallFailed,
    FirstTokenTimeout,
    MaxTimeReached,
    Stalled,
    UpstreamReset,
)
from conversations.inference.failures import failure_of_content, failure_of_error, failure_of_response
from conversations.inference.response import UpstreamResponse
from conversations.inference.tokens import Meter
from conversations.inference.types import (
    Ask,
    CallEnded,
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    OnCallEnded,
    OnDelta,
    OnStarted,
    Pace,
    Usage,
)
from conversations.inference.watchdog import Watchdog

AFTER_DONE_S = 0.25
"""How long the last bytes of a body may take so that its connection can be used again."""
MAX_JSON_BYTES = 64 * 1024

_FINISH_REASONS: dict[str, FinishReason] = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",  # Mistral
    "content_filter": "content_filter",
    "sensitive": "content_filter",  # Zhipu
}
_NO_FINISH = {"abort", "error", "network_error", "insufficient_system_resource"}
"""vLLM and SGLang, OpenRouter, Zhipu, DeepSeek: words with which an endpoint says that it did not finish."""


class Call:
    """``run`` it once. ``pace`` counts from the first word on, which is shown as soon as it is there."""

    def __init__(
        self,
        endpoint: Endpoint,
        ask: Ask,
        *,
        attempt: int,
        on_started: OnStarted,
        on_delta: OnDelta,
        on_call_ended: OnCallEnded,
        pace: Pace | None = None,
        max_tokens: int | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._ask = ask
        self._attempt = attempt
        self._on_started = on_started
        self._on_delta = on_delta
        self._on_call_ended = on_call_ended
        self._pace = pace
        self._request = chat_body(endpoint, ask, stream=True, max_tokens=max_tokens)
        self._meter = Meter(ask)
        self._events = sse.Decoder()
        self._decoder = Decoder()
        self.is_visible = False
        """Something was shown, text or thinking."""
        self._finish: FinishReason | None = None
        self._is_over = False  # nothing more will be read for the answer
        self._broken: CallFailed | None = None  # what came after the deltas of the same read
        self._told = False

    async def run(self) -> Finished:
        """Raises a ``CallFailed``. The connection is given back or closed before it returns."""
        self._started_at = datetime.now(UTC)
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time() + self._endpoint.timeouts.whole_s
        self._watchdog = Watchdog(self._deadline(), overdue=self._overdue)
        response: UpstreamResponse | None = None
        try:
            response = await self._watchdog.wait(open_stream(self._endpoint, self._request))
            await self._check(response)
            self._on_started(self._endpoint)
            finish_reason = await self._listen(response)
            usage = self._meter.whole()
            self._tell(None, 200, usage)
            await self._drain(response)
            return Finished(finish_reason=finish_reason, usage=usage)
        except CallFailed as failure:
            status = failure.status or (response.status if response else None)
            self._tell(failure.error_class, status, self._meter.failed(), failure.detail)
            raise
        except BaseException:  # cancelled
            usage = self._meter.cut() if response else self._meter.failed()
            self._tell(ErrorClass.CANCELLED, response.status if response else None, usage)
            raise
        finally:
            self._watchdog.stop()
            if response:
                await response.close()

    async def _check(self, response: UpstreamResponse) -> None:
        """Raises unless this may be an event stream; a missing or odd content type may."""
        content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if response.status == 200 and content_type not in {"application/json", "text/html"}:
            return
        content = await self._watchdog.wait(response.content(at_most=MAX_JSON_BYTES))
        if response.status == 200:
            raise failure_of_content(content_type, content, endpoint=self._endpoint, ask=self._ask)
        raise failure_of_response(response.status, response.headers, content, endpoint=self._endpoint, ask=self._ask)

    async def _listen(self, response: UpstreamResponse) -> FinishReason:
        """Until the answer is over: the first word as soon as it is there, the others at the pace."""
        self._watchdog.move(self._deadline())
        while not self._is_over:
            pace = self._pace if self.is_visible else None
            try:
                if await self._watchdog.wait(response.pour(self._take, pace)):
                    self._is_over = True
            except CallFailed:
                if self._finish is None:
                    raise
                self._is_over = True  # the answer was complete; only its usage or its [DONE] is missing
        rest = self._decoder.rest()
        self._meter.saw(rest.text, rest.thinking)
        self._show(rest.text, rest.thinking)
        if self._finish is None:
            raise self._broken or UpstreamReset("ended without finish_reason", status=200)
        return self._finish

    def _take(self, read: bytes) -> bool:
        """Show what it makes visible, together. Whether more is wanted at this pace."""
        text: list[str] = []
        thinking: list[str] = []
        was_visible = self.is_visible
        try:
            for payload in self._events.feed(read):
                if payload.startswith(b"[DONE]"):
                    self._is_over = True
                    break
                if payload and not payload.isspace():
                    piece = self._decoder.decode(payload)
                    text.append(piece.text)
                    thinking.append(piece.thinking)
                    self._note(piece)
        except CallFailed as failure:
            self._broken = failure  # where the answer was complete, what is broken is only what follows it
            self._is_over = True
        self._show("".join(text), "".join(thinking))
        return not self._is_over and self.is_visible == was_visible

    def _show(self, text: str, thinking: str) -> None:
        if text or thinking:
            self.is_visible = True
            self._watchdog.move(self._deadline())
            self._on_delta(text, thinking)

    def _note(self, piece: Piece) -> None:
        self._meter.saw(piece.text, piece.thinking)
        if piece.usage:
            self._meter.was_told(piece.usage)
        if piece.error:
            raise failure_of_error(piece.error, endpoint=self._endpoint, ask=self._ask)
        if piece.finish_reason in _NO_FINISH:
            raise UpstreamReset(f"finish_reason {piece.finish_reason}", status=200)
        if piece.finish_reason:
            self._finish = _FINISH_REASONS.get(piece.finish_reason, "stop")
            self._watchdog.move(self._deadline())

    async def _drain(self, response: UpstreamResponse) -> None:
        """Read to the end of the body, if it comes at once."""
        self._watchdog.move(self._loop.time() + AFTER_DONE_S)
        with suppress(CallFailed):
            while await self._watchdog.wait(response.read()):
                pass

    def _deadline(self) -> float:
        timeouts = self._endpoint.timeouts
        if self._finish:
            wait_s = min(timeouts.gap_s, timeouts.after_finish_s)
        else:
            wait_s = timeouts.gap_s if self.is_visible else timeouts.first_token_s
        return min(self._loop.time() + wait_s, self._last)

    def _overdue(self) -> CallFailed:
        timeouts = self._endpoint.timeouts
        if self._loop.time() >= self._last:
            return MaxTimeReached(f"not finished within {timeouts.whole_s:g} s")
        if not self.is_visible:
            return FirstTokenTimeout(f"nothing visible within {timeouts.first_token_s:g} s")
        return Stalled(f"nothing visible for {timeouts.gap_s:g} s")

    def _tell(self, error: ErrorClass | None, status: int | None, usage: Usage, detail: str = "") -> None:
        if self._told:
            return
        self._told = True
        self._on_call_ended(
            CallEnded(
                endpoint=self._endpoint,
                attempt=self._attempt,
                started_at=self._started_at,
                ended_at=datetime.now(UTC),
                error=error,
                status=status,
                usage=usage,
                detail=detail,
            )
        )
