"""A second web process, which may be killed, frozen or told to go; the first one stays."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from redis import Redis

from app.accounts.models import User
from app.launch.postgresql import Server
from conversations.inference.types import PrefixStyle
from conversations.models import Generation, ModelEndpoint
from tests import processes
from tests.conftest import database_url, session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.stage import Stage, built
from tests.processes import Process
from tests.settings import VALKEY_PORT, WEB_PORTS
from tests.tab import Tab

collect_ignore = ["test_everything_is_killed.py"] if os.environ.get("TEST_DATABASE_URL") else []
"""An embedded start has SQLite."""

OpenTab = Callable[[User], Tab]
FIRST = f"http://127.0.0.1:{WEB_PORTS[0]}"
SECOND = f"http://127.0.0.1:{WEB_PORTS[1]}"


# --- the second process -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _second_process(web_process: Process, folder: Path) -> Iterator[Process]:
    process = processes.web(
        WEB_PORTS[1], folder, {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    )
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def prefixes(request: pytest.FixtureRequest) -> None:
    """The endpoint continues no prefix, unless a test is about that: ``@pytest.mark.parametrize("prefixes", ...)``."""
    if "catalog" not in request.fixturenames:
        return
    catalog: ModelEndpoint = request.getfixturevalue("catalog")
    catalog.prefix_style = getattr(request, "param", PrefixStyle.NONE)
    catalog.save()


@pytest.fixture
def doomed(web: str, _second_process: Process) -> Iterator[Process]:
    """Started again where an earlier test ended it."""
    if not _second_process.is_running:
        _second_process.start()
        _second_process.wait_until(lambda: processes.answers(f"{SECOND}/healthz"))
    yield _second_process
    if _second_process.is_running:
        _second_process.thaw()


@pytest.fixture
def doomed_tab_of(doomed: Process) -> OpenTab:
    """A tab whose socket, and whose answers, are the second process's."""
    return lambda user: Tab(SECOND, lambda: session_of(user))


@pytest.fixture
def redis(valkey: Process) -> Iterator["Redis"]:
    with Redis(port=VALKEY_PORT) as client:
        yield client


# --- behind proxies ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone(web_process: Process, _second_process: Process) -> Iterator[None]:
    """The ordinary processes are away meanwhile; ``doomed`` starts the second one again when it is wanted."""
    for process in (web_process, _second_process):
        process.stop()
    yield
    web_process.start()
    web_process.wait_until(lambda: processes.answers(f"http://127.0.0.1:{WEB_PORTS[0]}/healthz"))


@pytest.fixture(scope="module")
def server() -> Server | None:
    """A module that wants to end PostgreSQL has one of its own: ``tests.faults.own_server``."""
    return None


@pytest.fixture(scope="module")
def _built_stage(
    alone: None, folder: Path, endpoint_process: DemonstrationEndpoint, server: Server | None
) -> Iterator[Stage]:
    with built(folder, endpoint_process, server) as stage:
        yield stage


@pytest.fixture
def stage(_built_stage: Stage, catalog: ModelEndpoint) -> Iterator[Stage]:
    """Two web processes behind proxies, with an empty history."""
    _built_stage.answer_through_the_proxy()
    yield _built_stage
    _built_stage.restore()
    connection.close()  # of this thread, to a server that may have been restarted since
    Generation.objects.active().update(lease_owner="nobody", state="failed")


@pytest.fixture
def staged_tab_of(stage: Stage) -> Callable[[User, int], Tab]:
    """A tab of the first or the second of them."""
    return lambda user, number: Tab(stage.origins[number], lambda: session_of(user))
