"""Bugs where the words of an endpoint become an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conversations.inference import router
from conversations.inference.errors import CallFailed, UpstreamReset
from conversations.inference.tokens import Meter
from conversations.inference.types import Ask, CallEnded, Endpoint, Finished, OnCallEnded, OnDelta, Usage
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

    async def stream_to_the_end(endpoints: Sequence[Endpoint], ask: Ask, **told: Any) -> Finished:
        try:
            return await stream(endpoints, ask, **told)
        except UpstreamReset:
            return Finished(finish_reason="stop", usage=Usage())

    put(stream_to_the_end, instead_of=stream)


def another_endpoint_goes_on() -> None:
    """After a failure the next request begins from the start, though words were shown."""
    stream = router.stream

    async def stream_again(
        endpoints: Sequence[Endpoint], ask: Ask, *, on_delta: OnDelta, on_call_ended: OnCallEnded, **told: Any
    ) -> Finished:
        shown: list[str] = []

        def show(text: str, thinking: str) -> None:
            shown.append(text)
            on_delta(text, thinking)

        def end_again(call: CallEnded) -> None:
            on_call_ended(replace(call, attempt=2))

        try:
            return await stream(endpoints, ask, on_delta=show, on_call_ended=on_call_ended, **told)
        except CallFailed:
            if not shown:
                raise
            return await stream(endpoints, ask, on_delta=on_delta, on_call_ended=end_again, **told)

    put(stream_again, instead_of=stream)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug for bug in (words_twice, usage_is_summed, the_end_of_a_body_is_an_end, another_endpoint_goes_on)
}
