"""The cast and the stage: real processes, a real Valkey, a real database, and an endpoint that can be told to fail."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.test import Client

from app.accounts.models import User
from app.seed.sowing import sow
from conversations import database
from conversations.models import Generation, ModelEndpoint
from tests import emptying, processes
from tests.endpoint import DemonstrationEndpoint
from tests.processes import Process
from tests.settings import FOLDER, VALKEY_PORT, WEB_PORTS
from tests.tab import Tab

pytest_plugins = ("tests.faults.book",)

CI = os.environ.get("CI") == "true"

# No example may fail because the machine was busy with something else while it ran.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")

emptying.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped silently: a missing part is a failure there."""
    report = yield
    if CI and report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """This process's own connections to the test database are gone before it is dropped."""
    yield
    database.close()


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def valkey(folder: Path) -> Iterator[Process]:
    process = processes.valkey(VALKEY_PORT, folder)
    yield process
    process.stop()


@pytest.fixture(scope="session")
def endpoint_process() -> Iterator[DemonstrationEndpoint]:
    with DemonstrationEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(endpoint_process: DemonstrationEndpoint) -> DemonstrationEndpoint:
    endpoint_process.reset()
    return endpoint_process


def database_url() -> str:
    """Of the test database, for processes of their own."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    base = os.environ["TEST_DATABASE_URL"]
    rest, _, query = base.partition("?")
    return f"{rest.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def web_process(django_db_setup: None, valkey: Process, folder: Path) -> Iterator[Process]:
    process = processes.web(
        WEB_PORTS[0], folder, {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    )
    yield process
    process.stop()


@pytest.fixture
def catalog(transactional_db: None, endpoint: DemonstrationEndpoint) -> ModelEndpoint:
    """The first contents, answered by the double."""
    sow(demonstration_url=endpoint.base_url, upstream=None)
    User.objects.all().delete()
    return ModelEndpoint.objects.get()


@pytest.fixture
def web(web_process: Process, catalog: ModelEndpoint) -> Iterator[str]:
    """The address of a running product with an empty history."""
    yield f"http://127.0.0.1:{WEB_PORTS[0]}"
    Generation.objects.active().update(lease_owner="nobody", state="failed")


@pytest.fixture
def li(transactional_db: None) -> User:
    """Asks, in Chinese."""
    return User.objects.create_user("li@example.com", "li-knows-this", name="李", locale="zh")


@pytest.fixture
def wang(transactional_db: None) -> User:
    """Somebody else, in English."""
    return User.objects.create_user("wang@example.com", "wang-knows-this", name="Wang", locale="en")


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


@pytest.fixture
def tab_of(web: str) -> Callable[[User], Tab]:
    """Opens a tab: ``async with tab_of(li) as tab``."""
    return lambda user: Tab(web, lambda: session_of(user))
