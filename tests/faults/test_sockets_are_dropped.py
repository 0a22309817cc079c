"""F15: every socket of a process is dropped at once, again and again; each comes back with at most four queries."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from app.launch.sockets import any_free
from conversations.database import in_database
from conversations.models import Generation, ModelEndpoint
from conversations.presence import MAX_TABS
from tests import processes
from tests.conftest import database_url, session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults import figures
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything
from tests.faults.proxy import Proxy
from tests.faults.scenes import LONG_S, opened, resumed
from tests.settings import VALKEY_PORT
from tests.tab import Tab

pytestmark = [pytest.mark.serial, pytest.mark.timeout(300), pytest.mark.fault("F15", bound_s=15)]

PEOPLE = 6 if figures.REPEAT == 1 else 30
"""With as many tabs as one may have: 60 sockets in the short run, 300 in the long one."""
DROPS = 2 if figures.REPEAT == 1 else 5
QUERIES_EACH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A process behind a proxy of its own, which counts what its sockets ask of the database."""

    proxy: Proxy
    statements: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    def count(self) -> int:
        return self.statements.stat().st_size


@pytest.fixture(scope="module")
def _counted_process(alone: None, folder: Path) -> Iterator[Counted]:
    port = any_free()
    with Proxy(port) as proxy:
        counted = Counted(proxy=proxy, statements=folder / "statements")
        environ = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"redis://127.0.0.1:{VALKEY_PORT}/0",
            "PUBLIC_ORIGINS": counted.origin,
            "STATEMENTS": str(counted.statements),
            "DJANGO_SETTINGS_MODULE": "app.settings",
        }
        process = processes.web(port, folder, environ, application="tests.faults.counting:application")
        yield counted
        process.stop()


@pytest.fixture
def counted(_counted_process: Counted, catalog: ModelEndpoint) -> Iterator[Counted]:
    catalog.max_concurrency = PEOPLE
    catalog.save()
    yield _counted_process
    Generation.objects.active().update(lease_owner="nobody", state="failed")


async def test_all_come_back_and_go_on_and_none_asks_much_of_the_database(
    counted: Counted, endpoint: DemonstrationEndpoint, transactional_db: None, settling: Settling
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=2))
    people = await in_database(
        lambda: [User.objects.create_user(f"p{number}@example.com", "p-knows-this") for number in range(PEOPLE)]
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
    for _ in range(DROPS):
        before = counted.count()
        with settling.measured():
            counted.proxy.reset()
            await asyncio.gather(*(resumed(tab, counted.origin, running[tab]) for tab in tabs))
            await asyncio.gather(*(tab.shows(running[tab], len(tab.of(running[tab]).text) + 1) for tab in tabs))
        assert counted.count() - before <= QUERIES_EACH * len(tabs)
    for first in tabs[::MAX_TABS]:
        await first.say("stop", generation=running[first])
    for tab in tabs:
        await tab.finished(running[tab], timeout_s=LONG_S)
    await judge_everything(tabs, endpoint=endpoint)
    for tab in tabs:
        await tab.close()
