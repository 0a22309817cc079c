"""Stopping: the endpoint sees it at once, and what was used is told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from app.demonstration.faults import Moment, Script, Stall
from conversations.inference import router
from conversations.inference.estimate import tokens_of
from conversations.inference.types import CallEnded, Chunk, Delta, Finished, Started, TokenSource
from tests.conversations.inference.listening import asking, endpoint_at
from tests.endpoint import DemonstrationEndpoint


@pytest.fixture
def slow(double: DemonstrationEndpoint) -> DemonstrationEndpoint:
    double.script(Script(tokens_per_s=50))
    return double


async def heard_until(stream: AsyncGenerator[Chunk, None], words: int) -> str:
    text = ""
    async for chunk in stream:
        if isinstance(chunk, Delta):
            text += chunk.text
            words -= 1
            if not words:
                break
    return text


@pytest.mark.parametrize("running_usage", [True, False])
async def test_closing_the_iterator_closes_the_connection(running_usage: bool, slow: DemonstrationEndpoint) -> None:
    calls: list[CallEnded] = []
    endpoint = endpoint_at(slow.base_url, running_usage=running_usage)

    async with aclosing(router.stream([endpoint], asking("nonce=li tokens=500"), on_call_ended=calls.append)) as stream:
        text = await heard_until(stream, 3)
    await slow.until(lambda log: log[0].closed_early)

    assert [(call.error, call.status) for call in calls] == [("cancelled", 200)]
    if running_usage:
        assert (calls[0].usage.output_tokens, calls[0].usage.source) == (text.count(" "), TokenSource.PARTIAL)
    else:
        assert (calls[0].usage.output_tokens, calls[0].usage.source) == (tokens_of(text), TokenSource.ESTIMATED)
    assert slow.log()[0].tokens_sent < 100


async def test_cancelling_the_task_closes_the_connection(slow: DemonstrationEndpoint) -> None:
    calls: list[CallEnded] = []
    started = asyncio.Event()

    async def listen() -> None:
        stream = router.stream([endpoint_at(slow.base_url)], asking("nonce=li tokens=500"), on_call_ended=calls.append)
        async with aclosing(stream):
            async for chunk in stream:
                if isinstance(chunk, Delta):
                    started.set()

    task = asyncio.create_task(listen())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await slow.until(lambda log: log[0].closed_early)

    assert [call.error for call in calls] == ["cancelled"]


async def test_cancelling_before_an_answer_asks_nobody_else(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(at=Moment.BEFORE_HEADERS)))
    calls: list[CallEnded] = []
    endpoint = endpoint_at(double.base_url)

    async def listen() -> None:
        async for _ in router.stream([endpoint, endpoint], asking(), on_call_ended=calls.append):
            pass

    task = asyncio.create_task(listen())
    await double.until(lambda log: log)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await double.until(lambda log: log[0].closed_early)

    assert [(call.error, call.status, call.usage.source) for call in calls] == [("cancelled", None, TokenSource.NONE)]
    assert len(double.log()) == 1


async def test_stopped_after_headers_the_prompt_was_read(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(at=Moment.AFTER_HEADERS)))
    calls: list[CallEnded] = []

    async with aclosing(router.stream([endpoint_at(double.base_url)], asking(), on_call_ended=calls.append)) as stream:
        assert isinstance(await anext(stream), Started)

    assert (calls[0].usage.output_tokens, calls[0].usage.source) == (0, TokenSource.ESTIMATED)
    assert calls[0].usage.input_tokens


async def test_a_stop_while_waiting_for_a_limited_endpoint(double: DemonstrationEndpoint) -> None:
    from app.demonstration.faults import Refuse

    double.script(Script(refuse=Refuse(status=429, headers={"retry-after": "2"})))
    calls: list[CallEnded] = []

    async def listen() -> None:
        async for _ in router.stream([endpoint_at(double.base_url)], asking(), on_call_ended=calls.append):
            pass

    task = asyncio.create_task(listen())
    await double.until(lambda log: log and log[0].finished)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [call.error for call in calls] == ["http_429"]


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
        async for _chunk in router.stream([endpoint], asking(), on_call_ended=lambda _: None):
            pass

    assert double.counters().connections - before == 2


async def test_left_after_its_end_an_answer_is_told_as_whole(double: DemonstrationEndpoint) -> None:
    calls: list[CallEnded] = []

    async with aclosing(router.stream([endpoint_at(double.base_url)], asking(), on_call_ended=calls.append)) as stream:
        async for chunk in stream:
            if isinstance(chunk, Finished):
                break

    assert [call.error for call in calls] == [None]


async def test_nothing_is_left_behind(slow: DemonstrationEndpoint) -> None:
    tasks = asyncio.all_tasks()

    for _ in range(20):
        async with aclosing(
            router.stream([endpoint_at(slow.base_url)], asking("nonce=li tokens=500"), on_call_ended=lambda _: None)
        ) as stream:
            await heard_until(stream, 1)
    await slow.until(lambda log: sum(entry.closed_early for entry in log) == 20)

    assert asyncio.all_tasks() == tasks
    assert slow.counters().active == 0
