"""A second web process, which may be killed, frozen or told to go; the first one stays."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from app.accounts.models import User
from conversations.inference.types import PrefixStyle
from conversations.models import ModelEndpoint
from tests import processes
from tests.conftest import database_url, session_of
from tests.processes import Process
from tests.settings import VALKEY_PORT, WEB_PORTS
from tests.tab import Tab

OpenTab = Callable[[User], Tab]
SECOND = f"http://127.0.0.1:{WEB_PORTS[1]}"


@pytest.fixture(scope="session")
def _second_process(web_process: Process, folder: Path) -> Iterator[Process]:
    process = processes.web(
        WEB_PORTS[1], folder, {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    )
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def prefixes(request: pytest.FixtureRequest, catalog: ModelEndpoint) -> None:
    """The endpoint continues no prefix, unless a test is about that: ``@pytest.mark.parametrize("prefixes", ...)``."""
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
