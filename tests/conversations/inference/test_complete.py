import asyncio

import pytest

from app.demonstration.faults import Cut, Ending, Refuse, Script
from conversations.inference.complete import complete
from conversations.inference.errors import (
    BadStream,
    CallFailed,
    FirstTokenTimeout,
    ServerFailed,
    UpstreamReset,
)
from conversations.inference.types import Ask, CallEnded, PromptMessage, TokenSource
from tests.conversations.inference.listening import asking, endpoint_at
from tests.endpoint import DemonstrationEndpoint

TITLE = Ask(
    prompt=(
        PromptMessage(role="system", content="用不超过十二个字给下面这个问题起一个标题。"),
        PromptMessage(role="user", content="请帮我写一份西安三日游的计划"),
    )
)


async def test_a_title(double: DemonstrationEndpoint) -> None:
    calls: list[CallEnded] = []

    text, usage = await complete(
        endpoint_at(double.base_url), TITLE, max_tokens=32, timeout_s=5, on_call_ended=calls.append
    )

    assert text == "写一份西安三日游的计划"
    assert usage.source is TokenSource.REPORTED
    assert [(call.error, call.status, call.usage) for call in calls] == [(None, 200, usage)]
    body = double.log()[0].body
    assert (body["stream"], body["max_tokens"], body["enable_thinking"]) == (False, 32, False)


FAILURES: dict[str, tuple[Script, type[CallFailed]]] = {
    "503": (Script(refuse=Refuse(status=503)), ServerFailed),
    "a reset": (Script(cut=Cut()), UpstreamReset),
    "a close": (Script(cut=Cut(how=Ending.CLOSE)), UpstreamReset),
    "HTML": (Script(refuse=Refuse(status=200, body="<html>", content_type="text/html")), BadStream),
    "no choices": (Script(refuse=Refuse(status=200, body='{"choices":[]}')), BadStream),
    "an error inside a 200": (Script(refuse=Refuse(status=200, body='{"error":{"code":500}}')), ServerFailed),
    "too much": (Script(text="x" * 2_000_000), BadStream),
    "nothing in time": (Script(first_token_s=60), FirstTokenTimeout),
}


@pytest.mark.parametrize(("script", "failure"), FAILURES.values(), ids=FAILURES)
async def test_a_failure_is_told_once_and_raised(
    script: Script, failure: type[CallFailed], double: DemonstrationEndpoint
) -> None:
    double.script(script)
    calls: list[CallEnded] = []

    with pytest.raises(failure):
        await complete(
            endpoint_at(double.base_url), asking(), max_tokens=10**7, timeout_s=1, on_call_ended=calls.append
        )

    assert [(call.error, call.usage.output_tokens) for call in calls] == [(failure.error_class, None)]
    assert len(double.log()) == 1


async def test_cancelled_it_is_told_too(double: DemonstrationEndpoint) -> None:
    double.script(Script(first_token_s=60))
    calls: list[CallEnded] = []
    task = asyncio.create_task(
        complete(endpoint_at(double.base_url), TITLE, max_tokens=9, timeout_s=60, on_call_ended=calls.append)
    )
    await double.until(lambda log: log)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await double.until(lambda log: log[0].closed_early)

    assert [call.error for call in calls] == ["cancelled"]


async def test_nul_is_replaced(double: DemonstrationEndpoint) -> None:
    double.script(Script(text="a\0b"))

    text, _ = await complete(
        endpoint_at(double.base_url), TITLE, max_tokens=9, timeout_s=5, on_call_ended=lambda _: None
    )

    assert text == "a\ufffdb"
