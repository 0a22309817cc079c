"""F2: an embedded start loses all of its processes at once, web, worker and Valkey, and is started again."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from app.accounts.models import User
from app.demonstration.faults import Script
from app.launch.sockets import any_free
from conversations.models import ModelEndpoint
from tests import processes
from tests.conftest import database_url, session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.scenes import LONG_S, opened, streaming
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.serial, pytest.mark.timeout(300), pytest.mark.fault("F2", bound_s=3)]


class Embedded:
    """The processes of ``python3 run.py``, but for beat, which only speaks to the worker."""

    def __init__(self, folder: Path) -> None:
        self.port, valkey = any_free(), any_free()
        self.origin = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        self._environ = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"redis://127.0.0.1:{valkey}/0",
            "PUBLIC_ORIGINS": self.origin,
            "EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "app.settings",
        }
        self._valkey = processes.valkey(valkey, folder, "--appendonly", "yes")
        self._valkey_port = valkey
        self._web = processes.web(self.port, folder, self._environ)
        self._worker = Process(
            *(sys.executable, "-m", "celery", "-A", "app", "worker", "--concurrency", "1", "--pool", "solo"),
            environ=self._environ,
            log=folder / "worker.log",
        )

    def kill(self) -> None:
        """The web process first: what dies before it would be seen by it."""
        for process in (self._web, self._worker, self._valkey):
            process.kill()

    def start(self) -> None:
        """As run.py does it: Valkey answers before the others are begun."""
        self._valkey.start()
        self._valkey.wait_until(lambda: processes.accepts(self._valkey_port))
        for process in (self._web, self._worker):
            process.start()
        self._web.wait_until(lambda: processes.answers(f"{self.origin}/healthz"))

    def stop(self) -> None:
        for process in (self._web, self._worker, self._valkey):
            process.stop()


@pytest.fixture(scope="module")
def _started(alone: None, folder: Path) -> Iterator[Embedded]:
    embedded = Embedded(folder / "embedded")
    yield embedded
    embedded.stop()


@pytest.fixture
def embedded(_started: Embedded, catalog: ModelEndpoint) -> Embedded:
    """With an empty history."""
    return _started


async def test_all_that_ran_is_settled_soon_after_the_next_start(
    embedded: Embedded, li: User, wang: User, endpoint: DemonstrationEndpoint, chance: Random, settling: Settling
) -> None:
    """One answer shows something and is cut there, one shows nothing and is asked for again."""
    endpoint.script(Script(tokens_per_s=100))
    endpoint.script(Script(contains="nonce=wang", first_token_s=3600, times=1))
    tabs = [Tab(embedded.origin, lambda person=person: session_of(person)) for person in (li, wang)]  # type: ignore[misc]
    asked = []
    for tab, text in zip(tabs, ("nonce=li tokens=3000", "nonce=wang tokens=20"), strict=True):
        await opened(tab)
        asked.append((await tab.ask(text)).generation)
    await tabs[0].shows(asked[0], chance.randrange(1, 600))
    for generation in asked:
        await streaming(generation)
    embedded.kill()
    shown = tabs[0].of(asked[0]).text
    embedded.start()
    with settling.measured():  # from the moment it answers: how long Python takes to begin is the machine's
        await settled(timeout_s=LONG_S)
    for tab, generation in zip(tabs, asked, strict=True):
        await tab.close()
        await opened(tab)
        await tab.say("follow", generation=generation, after=tab.of(generation).seq)
        await tab.finished(generation)
        await tab.close()
    await judge_everything(tabs, endpoint=endpoint)
    ends = [(tab.of(generation).finished, tab.of(generation).text) for tab, generation in zip(tabs, asked, strict=True)]
    assert [end.state for end, _ in ends if end] == ["interrupted", "completed"]
    assert ends[0][1].startswith(shown)
    with closing(sqlite3.connect(os.fspath(connection.settings_dict["NAME"]))) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
