"""F2: an embedded start loses all of its processes at once, web, worker and Valkey, and is started again."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import ModelEndpoint
from tests.conftest import session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.embedded import Bare, ByRunPy, Embedded
from tests.faults.figures import Gauges, Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.scenes import LONG_S, opened, streaming
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F2", bound_s=3)]

START_CPU_S = 5.0
"""What a start may compute; how long that takes is for the machine to say."""


@pytest.fixture(scope="module", params=[Bare, ByRunPy], ids=["its processes", "run.py"])
def _started(request: pytest.FixtureRequest, alone: None, folder: Path) -> Iterator[Embedded]:
    embedded = request.param(folder / request.param.__name__)
    yield embedded
    embedded.stop()


@pytest.fixture
def embedded(_started: Embedded, catalog: ModelEndpoint) -> Embedded:
    """With an empty history."""
    return _started


async def test_all_that_ran_is_settled_soon_after_the_next_start(
    embedded: Embedded,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    chance: Random,
    settling: Settling,
    gauges: Gauges,
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
    killed = time.monotonic()
    gauges.saw("CPU time of the web process until the page is served", embedded.start(), unit="s", bound=START_CPU_S)
    gauges.saw("from the start of the processes to the page", time.monotonic() - killed, unit="s")
    with settling.measured():  # from the moment it answers: how long Python takes to begin is the machine's
        await settled(timeout_s=LONG_S)
    gauges.saw("from the start of the processes to all settled", time.monotonic() - killed, unit="s")
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
