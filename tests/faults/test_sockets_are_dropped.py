"""F15: every socket of a process is dropped at once, again and again; each comes back with at most four queries, and
nothing of the old ones is kept."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import THREADS, in_database
from conversations.models import Generation, ModelEndpoint
from conversations.presence import MAX_TABS
from conversations.redis_wire import CONNECTIONS
from tests import processes
from tests.conftest import database_url, session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.faults.judge import judge_everything
from tests.faults.proxy import Proxy
from tests.faults.scenes import LONG_S, opened, resumed
from tests.faults.sizes import SIZES
from tests.ports import reserved
from tests.processes import Process
from tests.settings import VALKEY_PORT
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F15")]

BACK_S = 15.0
"""Not scaled: no timer has a part in it."""
QUERIES_EACH = 4
SPARE = CONNECTIONS + THREADS * 2
"""I10: descriptors that a process may hold more of than before, of pools that grew to their bounds: of connections to
Redis, and of threads with one to the database and one to the sessions' cache. Far fewer than there are sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A process behind a proxy of its own, which counts what its sockets ask of the database."""

    proxy: Proxy
    statements: Path
    process: Process

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    def asked(self) -> list[str]:
        """Of the database so far: by which socket, statement by statement."""
        return self.statements.read_text().split()

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


@pytest.fixture(scope="module")
def _counted_process(alone: None, folder: Path) -> Iterator[Counted]:
    port = reserved()
    with Proxy(port) as proxy:
        statements = folder / "statements"
        environ = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"redis://127.0.0.1:{VALKEY_PORT}/0",
            "PUBLIC_ORIGINS": f"http://127.0.0.1:{proxy.port}",
            "STATEMENTS": str(statements),
            "DJANGO_SETTINGS_MODULE": "app.settings",
        }
        process = processes.web(port, folder, environ, application="tests.faults.counting:application")
        yield Counted(proxy=proxy, statements=statements, process=process)
        process.stop()


@pytest.fixture
def counted(_counted_process: Counted, catalog: ModelEndpoint) -> Iterator[Counted]:
    catalog.max_concurrency = SIZES.people
    catalog.save()
    yield _counted_process
    Generation.objects.active().update(lease_owner="nobody", state="failed")


async def test_all_come_back_and_go_on_and_none_asks_much_of_the_database(
    counted: Counted, endpoint: DemonstrationEndpoint, transactional_db: None, gauges: Gauges
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=2))
    people = await in_database(
        lambda: [User.objects.create_user(f"p{number}@example.com", "p-knows-this") for number in range(SIZES.people)]
    )
    tabs, running = [], {}
    for person in people:
        session = await in_database(session_of, person)
        mine = [await opened(Tab(counted.origin, lambda session=session: session)) for _ in range(MAX_TABS)]  # type: ignore[misc]
        generation = (await mine[0].ask("说个没完")).generation
        for tab in mine:
            running[tab] = generation
            await tab.say("follow", generation=generation, after=0)
            await tab.shows(generation)
        tabs += mine
    descriptors = counted.descriptors()
    for _ in range(SIZES.drops):
        before = len(counted.asked())
        dropped = time.monotonic()
        counted.proxy.reset()
        await asyncio.gather(*(resumed(tab, counted.origin, running[tab]) for tab in tabs))
        await asyncio.gather(*(_reads_on(tab, running[tab]) for tab in tabs))
        gauges.saw(f"{len(tabs)} sockets back and reading on", time.monotonic() - dropped, unit="s", bound=BACK_S)
        most = max(Counter(counted.asked()[before:]).values(), default=0)
        gauges.saw("queries of a socket, the most", most, unit="", bound=QUERIES_EACH)
        assert 0 < most <= QUERIES_EACH

        async def let_go() -> bool:
            return counted.descriptors() <= descriptors + SPARE

        await eventually(let_go, timeout_s=LONG_S)
    for first in tabs[::MAX_TABS]:
        await first.say("stop", generation=running[first])
    for tab in tabs:
        await tab.finished(running[tab], timeout_s=LONG_S)
    await judge_everything(tabs, endpoint=endpoint)
    for tab in tabs:
        await tab.close()


async def _reads_on(tab: Tab, generation: UUID) -> None:
    shown = len(tab.of(generation).text)
    await tab.until(lambda: len(tab.of(generation).text) > shown, timeout_s=LONG_S)
