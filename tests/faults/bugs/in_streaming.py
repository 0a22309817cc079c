"""Bugs where the words of an endpoint become an answer."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from conversations.inference import router
from conversations.inference.errors import CallFailed, UpstreamReset
from conversations.inference.tokens import Meter
from conversations.inference.types import Ask, Chunk, Delta, Endpoint, Finished, OnCallEnded, Usage
from conversations.live_answer import LiveAnswer
from conversations.tick import Tick
from tests.faults.bugs.replacing import put, put_method


def words_twice() -> None:
    """Every delta is written twice."""
    write = Tick.write

    def write_twice(self: Tick, answer: LiveAnswer, text: str, thinking: str) -> None:
        write(self, answer, text, thinking)
        write(self, answer, text, thinking)

    put_method(Tick, "write", write_twice)


def usage_is_summed() -> None:
    """Reports are cumulative, and are added."""
    was_told = Meter.was_told

    def add(self: Meter, report: Mapping[str, object]) -> None:
        before = self._reported
        was_told(self, report)
        if before is not None and self._reported is not None:
            counted = (before.output_tokens or 0) + (self._reported.output_tokens or 0)
            self._reported = replace(self._reported, output_tokens=counted)

    put_method(Meter, "was_told", add)


def the_end_of_a_body_is_an_end() -> None:
    """A connection that closes without a finish_reason completes the answer."""
    stream = router.stream

    async def stream_to_the_end(
        endpoints: Sequence[Endpoint],
        ask: Ask,
        *,
        on_call_ended: OnCallEnded,
        may_ask: router.MayAsk | None = None,
    ) -> AsyncGenerator[Chunk, None]:
        try:
            async with aclosing(stream(endpoints, ask, on_call_ended=on_call_ended, may_ask=may_ask)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except UpstreamReset:
            yield Finished(finish_reason="stop", usage=Usage())

    put(stream_to_the_end, instead_of=stream)


def another_endpoint_goes_on() -> None:
    """After a failure the next request begins from the start, though words were shown."""
    stream = router.stream

    async def stream_again(
        endpoints: Sequence[Endpoint],
        ask: Ask,
        *,
        on_call_ended: OnCallEnded,
        may_ask: router.MayAsk | None = None,
    ) -> AsyncGenerator[Chunk, None]:
        shown = False
        try:
            async with aclosing(stream(endpoints, ask, on_call_ended=on_call_ended, may_ask=may_ask)) as chunks:
                async for chunk in chunks:
                    shown = shown or isinstance(chunk, Delta)
                    yield chunk
        except CallFailed:
            if not shown:
                raise
            second: OnCallEnded = lambda call: on_call_ended(replace(call, attempt=2))  # noqa: E731
            async with aclosing(stream(endpoints, ask, on_call_ended=second, may_ask=may_ask)) as chunks:
                async for chunk in chunks:
                    yield chunk

    put(stream_again, instead_of=stream)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug for bug in (words_twice, usage_is_summed, the_end_of_a_body_is_an_end, another_endpoint_goes_on)
}
