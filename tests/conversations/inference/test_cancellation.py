"""Stopping: the endpoint sees it at once, and what was used is told."""

import asyncio

import pytest

from app.demonstration.faults import Moment, Refuse, Script, Stall
from conversations.inference.estimate import tokens_of
from conversations.inference.types import TokenSource
from tests.conversations.inference.listening import asking, endpoint_at, listen, listening
from tests.endpoint import DemonstrationEndpoint


@pytest.fixture
def slow(double: DemonstrationEndpoint) -> DemonstrationEndpoint:
    double.script(Script(tokens_per_s=50))
    return double


@pytest.mark.parametrize("running_usage", [True, False])
async def test_a_stop_closes_the_connection(running_usage: bool, slow: DemonstrationEndpoint) -> None:
    endpoint = endpoint_at(slow.base_url, running_usage=running_usage)

    async with listening(endpoint, asking("nonce=li tokens=500")) as heard:
        await heard.until(lambda heard: heard.deltas >= 3)
    await slow.until(lambda log: log[0].closed_early)

    (call,) = heard.calls
    assert (call.error, call.status) == ("cancelled", 200)
    if running_usage:
        assert (call.usage.output_tokens, call.usage.source) == (heard.text.count(" "), TokenSource.PARTIAL)
    else:
        assert (call.usage.output_tokens, call.usage.source) == (tokens_of(heard.text), TokenSource.ESTIMATED)
    assert slow.log()[0].tokens_sent < 100


async def test_a_stop_before_an_answer_asks_nobody_else(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(at=Moment.BEFORE_HEADERS)))
    endpoint = endpoint_at(double.base_url)

    async with listening([endpoint, endpoint]) as heard:
        await double.until(lambda log: log)
    await double.until(lambda log: log[0].closed_early)

    (call,) = heard.calls
    assert (call.error, call.status, call.usage.source) == ("cancelled", None, TokenSource.NONE)
    assert len(double.log()) == 1


async def test_stopped_after_headers_the_prompt_was_read(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(at=Moment.AFTER_HEADERS)))

    async with listening(endpoint_at(double.base_url)) as heard:
        await heard.until(lambda heard: heard.started)

    (call,) = heard.calls
    assert (call.usage.output_tokens, call.usage.source) == (0, TokenSource.ESTIMATED)
    assert call.usage.input_tokens


async def test_a_stop_while_waiting_for_a_limited_endpoint(double: DemonstrationEndpoint) -> None:
    double.script(Script(refuse=Refuse(status=429, headers={"retry-after": "2"})))

    async with listening(endpoint_at(double.base_url)) as heard:
        await double.until(lambda log: log and log[0].finished)
        await asyncio.sleep(0.05)

    assert heard.words == ["http_429"]


FINISH = '{"choices":[{"index":0,"delta":{"content":"well"},"finish_reason":"stop"}]}'


@pytest.mark.parametrize(
    "script",
    [Script(), Script(done=False), Script(replay=(FINISH, "[DONE]", "a late word"), done=False, tokens_per_s=50)],
    ids=["at once", "without [DONE]", "a moment after [DONE]"],
)
async def test_a_whole_answer_leaves_its_connection_for_the_next(script: Script, double: DemonstrationEndpoint) -> None:
    double.script(script)
    endpoint = endpoint_at(double.base_url)
    before = double.counters().connections  # each look at the counters is a connection of its own

    for _ in range(5):
        await listen(endpoint)

    assert double.counters().connections - before == 2


async def test_left_after_its_end_an_answer_is_told_as_whole(double: DemonstrationEndpoint) -> None:
    double.script(Script(replay=(FINISH, "[DONE]", "a late word"), done=False, tokens_per_s=4))

    async with listening(endpoint_at(double.base_url)) as heard:
        await heard.until(lambda heard: heard.calls)

    assert heard.words == [""]


async def test_nothing_is_left_behind(slow: DemonstrationEndpoint) -> None:
    tasks = asyncio.all_tasks()

    for _ in range(20):
        async with listening(endpoint_at(slow.base_url), asking("nonce=li tokens=500")) as heard:
            await heard.until(lambda heard: heard.deltas)
    await slow.until(lambda log: sum(entry.closed_early for entry in log) == 20)

    assert asyncio.all_tasks() == tasks
    assert slow.counters().active == 0
