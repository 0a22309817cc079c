"""F14: a page is not sure of what it sent, and says it again: one message, one generation, one request."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.ids import uuid7
from conversations.models import Generation, Message
from conversations.protocol import Accepted
from tests.conftest import session_of
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.conftest import FIRST, OpenTab
from tests.faults.judge import judge_everything
from tests.faults.proxy import Proxy, Way
from tests.settings import WEB_PORTS
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.fault("F14")]

TEXT = "nonce=once tokens=40"


@pytest.fixture
def line(web: str) -> Iterator[Proxy]:
    """Between a page and the first process."""
    with Proxy(WEB_PORTS[0]) as line:
        yield line


@pytest.fixture(params=["the same process", "the other process"])
def another_tab_of(request: pytest.FixtureRequest, tab_of: OpenTab, doomed_tab_of: OpenTab) -> OpenTab:
    return tab_of if request.param == "the same process" else doomed_tab_of


async def test_a_page_that_died_between_the_commit_and_accepted_says_it_again(
    line: Proxy,
    another_tab_of: Callable[[User], Tab],
    li: User,
    endpoint: DemonstrationEndpoint,
) -> None:
    endpoint.script(Script(tokens_per_s=40))
    request: dict[str, Any] = {"id": uuid7(), "conversation": uuid7(), "text": TEXT}
    doomed_page = Tab(FIRST, lambda: session_of(li), through=line.port)
    await doomed_page.open()
    line.turn(Way.MUTE)
    await doomed_page.say("send", **request)
    (committed,) = await eventually(lambda: rows(Generation.objects.filter(request_id=request["id"])))
    line.reset()
    await doomed_page.until_closed()
    assert not [frame for frame in doomed_page.frames if isinstance(frame, Accepted)]
    async with another_tab_of(li) as tab:
        accepted = await tab.accepted("send", **request)
        await tab.finished(accepted.generation)
        await judge_everything([doomed_page, tab], endpoint=endpoint)
    assert accepted.generation == committed.pk
    await one_turn(request["id"], endpoint)


async def test_ten_times_over_five_sockets_is_one_turn(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    request: dict[str, Any] = {"id": uuid7(), "conversation": uuid7(), "text": TEXT}
    tabs = [opening(li) for opening in (tab_of, doomed_tab_of, tab_of, doomed_tab_of, tab_of)]
    for tab in tabs:
        await tab.open()
    for tab in tabs * 2:
        await tab.say("send", **request)
    for tab in tabs:
        await tab.until(lambda tab=tab: len(answers_to(request["id"], tab)) == 2)  # type: ignore[misc]
    (accepted,) = {frame for tab in tabs for frame in answers_to(request["id"], tab)}
    for tab in tabs:
        await tab.finished(accepted.generation)
        conflict = await tab.refused("send", **{**request, "text": "另一句话"})
        assert (conflict.code, conflict.id) == ("conflict", request["id"])
    await judge_everything(tabs, endpoint=endpoint)
    await one_turn(request["id"], endpoint)
    for tab in tabs:
        await tab.close()


def answers_to(request: UUID, tab: Tab) -> list[Accepted]:
    return [frame for frame in tab.frames if isinstance(frame, Accepted) and frame.id == request]


async def one_turn(request: UUID, endpoint: DemonstrationEndpoint) -> None:
    """All that the database and the endpoint know of."""
    assert [row.request_id for row in await rows(Generation.objects.all())] == [request]
    said = [message.text for message in await rows(Message.objects.filter(role=Message.Role.USER))]
    assert said == [TEXT]
    assert [entry.question for entry in endpoint.log() if entry.body.get("stream")] == [TEXT]
