"""F3: every process is replaced behind one address while answers of half a minute are written. Nobody notices."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Limits

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation, ModelEndpoint
from conversations.protocol import Error
from tests import processes
from tests.conftest import database_url, session_of
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.conftest import FIRST, SECOND, OpenTab
from tests.faults.figures import Gauges
from tests.faults.judge import judge_everything
from tests.faults.proxy import Proxy
from tests.faults.scenes import LONG_S, Sender, opened, resumed
from tests.faults.sizes import SIZES
from tests.ports import reserved
from tests.processes import Process
from tests.settings import WEB_PORTS
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F3")]

BACK_S = 15.0
"""As for dropped sockets (F15). Not scaled: no timer has a part in it."""
PEOPLE = 3
"""Who talk to each process that is replaced."""
TOKENS_PER_S = 40


@dataclass(frozen=True, slots=True)
class Old:
    """A process that will be replaced."""

    port: int
    process: Process

    async def is_not_ready(self) -> bool:
        return await status(f"http://127.0.0.1:{self.port}/readyz") == 503

    async def is_gone(self) -> bool:
        return not self.process.is_running


async def status(address: str) -> int:
    async with AsyncClient(timeout=LONG_S) as visitor:
        return (await visitor.get(address)).status_code


@pytest.fixture
def fleet(web: str, folder: Path, catalog: ModelEndpoint) -> Iterator[tuple[Old, Old]]:
    """Two processes of the last version. ``web`` is of the next one, and is up already."""
    catalog.max_concurrency = 100
    catalog.save()
    environ = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings", "DRAIN_S": "120"}
    with ExitStack() as stopping:

        def old() -> Old:
            port = reserved()
            process = processes.web(port, folder, environ)
            stopping.callback(process.stop)
            return Old(port, process)

        yield old(), old()


@pytest.fixture
def balancer(fleet: tuple[Old, Old]) -> Iterator[Proxy]:
    """The one address that all people know."""
    with Proxy(fleet[0].port) as proxy:
        yield proxy


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody's long answer, the tab that shows it, and what they ask just when their process goes."""

    tab: Tab
    generation: UUID
    last_words: Sender

    async def comes_back(self) -> None:
        """As a page does: to the same address, from the word it had. It says again what was not accepted."""
        await resumed(self.tab, FIRST, self.generation)
        seen, shown = self.tab.of(self.generation), len(self.tab.of(self.generation).text)
        await self.tab.until(lambda: seen.finished or len(seen.text) > shown, timeout_s=LONG_S)
        await self.last_words.until_accepted()


async def begun(balancer: Proxy, number: int) -> Talk:
    person = await in_database(User.objects.create_user, f"person{number}@example.com", "a-long-password")
    tab = await opened(Tab(FIRST, lambda: session_of(person), through=balancer.port))
    accepted = await tab.ask(f"nonce=long{number} tokens={round(SIZES.answer_s * TOKENS_PER_S)}")
    await tab.shows(accepted.generation)
    return Talk(tab, accepted.generation, Sender(tab, f"nonce=last{number} tokens=10"))


async def replaced(
    old: Old, balancer: Proxy, by: int, talks: list[Talk], statuses: Sequence[int], gauges: Gauges
) -> None:
    """As operations.md has it: turned away first; told to go when the balancer sends nobody there any more, and who was
    on the way there has been answered.
    """
    old.process.turn_people_away()
    await eventually(old.is_not_ready)
    balancer.aim(by)
    on_the_way = len(statuses)

    async def is_answered() -> bool:
        return len(statuses) > on_the_way

    await eventually(is_answered)
    for talk in talks:
        await talk.last_words.say()
    old.process.terminate()
    for talk in talks:
        assert await talk.tab.until_closed() == 1012
    closed = time.monotonic()
    await asyncio.gather(*(talk.comes_back() for talk in talks))
    gauges.saw("from 1012 to reading on", time.monotonic() - closed, unit="s", bound=BACK_S)


@asynccontextmanager
async def visited(balancer: Proxy) -> AsyncIterator[list[int]]:
    """By people who load the page all the while, each on a connection of their own. What they were answered."""
    statuses: list[int] = []

    async def visit() -> None:
        limits = Limits(max_keepalive_connections=0)
        async with AsyncClient(limits=limits, timeout=LONG_S) as visitor:
            while True:
                statuses.append((await visitor.get(f"http://127.0.0.1:{balancer.port}/")).status_code)

    visits = asyncio.create_task(visit())
    yield statuses
    visits.cancel()
    with suppress(asyncio.CancelledError):
        await visits


async def test_nobody_notices_that_every_process_is_replaced(
    fleet: tuple[Old, Old], balancer: Proxy, endpoint: DemonstrationEndpoint, gauges: Gauges
) -> None:
    endpoint.script(Script(tokens_per_s=TOKENS_PER_S))
    async with AsyncExitStack() as closing, visited(balancer) as statuses:
        talks: list[Talk] = []
        for old in fleet:
            balancer.aim(old.port)
            talks += [await begun(balancer, number) for number in range(len(talks), len(talks) + PEOPLE)]
        tabs = [talk.tab for talk in talks]
        for tab in tabs:
            closing.push_async_callback(tab.close)
        await replaced(fleet[0], balancer, fleet[1].port, talks[:PEOPLE], statuses, gauges)
        await replaced(fleet[1], balancer, WEB_PORTS[0], talks, statuses, gauges)
        for talk in talks:
            await talk.tab.finished(talk.generation, timeout_s=LONG_S)
            await talk.tab.finished((await talk.last_words.until_accepted()).generation, timeout_s=LONG_S)
        await judge_everything(tabs, endpoint=endpoint)
        answers = await rows(Generation.objects.all())
    for old in fleet:
        await eventually(old.is_gone)
    assert [frame for tab in tabs for frame in tab.frames if isinstance(frame, Error)] == []
    assert {(row.state, row.reason, row.epoch) for row in answers} == {("completed", "stop", 1)}
    assert len(answers) == 2 * len(talks)
    assert set(statuses) == {200}


async def test_who_was_told_beforehand_is_not_ready_and_serves_on(
    doomed: Process, doomed_tab_of: OpenTab, li: User
) -> None:
    assert await status(f"{SECOND}/readyz") == 200
    async with doomed_tab_of(li) as early:
        doomed.turn_people_away()

        async def is_not_ready() -> bool:
            return await status(f"{SECOND}/readyz") == 503

        await eventually(is_not_ready)
        async with doomed_tab_of(li) as late:
            for tab in (early, late):
                accepted = await tab.ask("还在吗")
                await tab.finished(accepted.generation)
    assert await status(f"{SECOND}/healthz") == 200
    doomed.stop()
