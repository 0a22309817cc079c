"""Completed only if the endpoint said so (F9), and never waiting for ever (F10)."""

import asyncio

import pytest

from app.demonstration.faults import Cut, Ending, Filler, LongLine, Moment, Refuse, Script, Stall
from conversations.inference.errors import (
    BadStream,
    FirstTokenTimeout,
    InferenceError,
    MaxTimeReached,
    NoEndpointAvailable,
    Stalled,
    UpstreamReset,
)
from conversations.inference.types import ErrorClass, Timeouts, TokenSource
from tests.conversations.inference.listening import HASTY, QUICK, Heard, endpoint_at, listen, numbered
from tests.endpoint import DemonstrationEndpoint

WITHOUT_FINISH = {
    "the body ends": Script(cut=Cut(tokens=20, how=Ending.END)),
    "[DONE] alone": Script(cut=Cut(tokens=20, how=Ending.DONE)),
    "the connection is closed": Script(cut=Cut(tokens=20, how=Ending.CLOSE)),
    "an empty finish_reason": Script(finish_reason=""),
    "the usage, but no finish_reason": Script(finish_reason="none"),
}


@pytest.mark.parametrize("script", WITHOUT_FINISH.values(), ids=WITHOUT_FINISH)
async def test_an_answer_without_finish_reason_is_never_finished(script: Script, double: DemonstrationEndpoint) -> None:
    double.script(script)

    heard = await listen(endpoint_at(double.base_url))

    assert isinstance(heard.error, UpstreamReset)
    assert heard.text == numbered("li", 20)
    assert heard.finished is None
    assert heard.words == ["reset"]


async def test_a_finish_reason_without_done_is_finished(double: DemonstrationEndpoint) -> None:
    double.script(Script(done=False))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.finished is not None
    assert heard.finished.finish_reason == "stop"
    assert heard.finished.usage.source is TokenSource.REPORTED
    assert heard.words == [""]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("sensitive", "content_filter"),
        ("model_length", "length"),
        ("tool_calls", "stop"),
        ("eos", "stop"),
    ],
)
async def test_every_word_for_the_end(word: str, reason: str, double: DemonstrationEndpoint) -> None:
    double.script(Script(finish_reason=word))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.finished is not None
    assert heard.finished.finish_reason == reason


@pytest.mark.parametrize("word", ["abort", "error", "network_error", "insufficient_system_resource"])
async def test_words_that_mean_it_did_not_finish(word: str, double: DemonstrationEndpoint) -> None:
    double.script(Script(finish_reason=word))

    heard = await listen(endpoint_at(double.base_url))

    assert isinstance(heard.error, UpstreamReset)
    assert word in heard.error.detail


STALLS: dict[str, tuple[Script, type[InferenceError], int]] = {
    "no headers": (Script(stall=Stall(at=Moment.BEFORE_HEADERS)), FirstTokenTimeout, 0),
    "headers only": (Script(stall=Stall(at=Moment.AFTER_HEADERS)), FirstTokenTimeout, 0),
    "comments for ever": (
        Script(stall=Stall(at=Moment.AFTER_HEADERS, filler=Filler.COMMENTS, interval_s=0.01)),
        FirstTokenTimeout,
        0,
    ),
    "a byte now and then": (
        Script(stall=Stall(at=Moment.AFTER_HEADERS, filler=Filler.BYTES, interval_s=0.01)),
        FirstTokenTimeout,
        0,
    ),
    "silence after 5 tokens": (Script(stall=Stall(tokens=5)), Stalled, 5),
    "comments after 5 tokens": (Script(stall=Stall(tokens=5, filler=Filler.COMMENTS, interval_s=0.01)), Stalled, 5),
    "bytes after 5 tokens": (Script(stall=Stall(tokens=5, filler=Filler.BYTES, interval_s=0.01)), Stalled, 5),
}


@pytest.mark.parametrize(("script", "failure", "tokens"), STALLS.values(), ids=STALLS)
async def test_every_stall_ends_with_the_matching_timeout(
    script: Script, failure: type[InferenceError], tokens: int, double: DemonstrationEndpoint
) -> None:
    double.script(script)

    heard = await listen(endpoint_at(double.base_url, timeouts=QUICK if tokens else HASTY))

    assert isinstance(_cause(heard), failure)
    assert heard.text == numbered("li", tokens)
    await double.until(lambda log: log[0].closed_early)


async def test_a_body_that_never_ends_is_cut_at_the_whole_time(double: DemonstrationEndpoint) -> None:
    double.script(Script(endless=True, tokens_per_s=50))
    timeouts = Timeouts(whole_s=1.0)

    heard = await listen(endpoint_at(double.base_url, timeouts=timeouts))

    assert isinstance(heard.error, MaxTimeReached)
    assert heard.error.reason == "max_time"
    assert heard.text.startswith(numbered("li", 1))
    await double.until(lambda log: log[0].closed_early)


async def test_a_refusal_without_end_is_not_read_to_its_end(double: DemonstrationEndpoint) -> None:
    double.script(Script(refuse=Refuse(status=500, headers={"x": "y"}, body="x" * 12_000_000)))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.words == ["http_5xx"]
    await double.until(lambda log: log[0].closed_early)


@pytest.mark.parametrize("tokens", [0, 5])
async def test_a_line_of_50_megabytes_is_refused_at_one(tokens: int, double: DemonstrationEndpoint) -> None:
    double.script(Script(long_line=LongLine(megabytes=50, tokens=tokens)))

    heard = await listen(endpoint_at(double.base_url))

    assert isinstance(_cause(heard), BadStream)
    assert heard.text == numbered("li", tokens)
    await double.until(lambda log: log[0].closed_early)


async def test_a_finished_answer_does_not_wait_long_for_its_usage(double: DemonstrationEndpoint) -> None:
    finish = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'
    words = '{"choices":[{"index":0,"delta":{"content":"well"}}]}'
    double.script(Script(replay=(words, finish, *[": nothing"] * 1000), tokens_per_s=20))

    heard = await listen(endpoint_at(double.base_url, timeouts=QUICK))

    assert heard.error is None
    assert heard.finished is not None
    assert heard.finished.usage.source is TokenSource.ESTIMATED
    assert heard.calls[0].error is None


async def test_every_delta_sets_the_clock_back(double: DemonstrationEndpoint) -> None:
    double.script(Script(tokens_per_s=10))
    timeouts = Timeouts(first_token_s=1.0, gap_s=1.0)

    heard = await listen(endpoint_at(double.base_url, timeouts=timeouts))

    assert heard.error is None
    assert heard.text == numbered("li", 20)


async def test_the_first_token_may_take_longer_than_the_others(double: DemonstrationEndpoint) -> None:
    double.script(Script(first_token_s=1.0))

    heard = await listen(endpoint_at(double.base_url, timeouts=QUICK))

    assert heard.error is None


async def test_a_deadline_leaves_the_task_as_it_was(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(tokens=1)))

    await listen(endpoint_at(double.base_url, timeouts=QUICK))

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


def _cause(heard: Heard) -> InferenceError | None:
    if isinstance(heard.error, NoEndpointAvailable):
        assert [call.error for call in heard.calls] == [heard.error.causes[0].error_class]
        return heard.error.causes[0]
    return heard.error


def test_every_word_of_the_contract_is_used() -> None:
    assert {word.value for word in ErrorClass} == {
        "connect",
        "timeout_first_token",
        "stall",
        "max_time",
        "http_429",
        "http_5xx",
        "rejected",
        "unauthorized",
        "filtered",
        "bad_stream",
        "reset",
        "cancelled",
    }
