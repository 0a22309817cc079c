"""F1 at its fullest: the process that is killed was writing many answers. The one that is left takes over all."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation, ModelEndpoint
from tests.conftest import session_of
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.conftest import FIRST, SECOND
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything
from tests.faults.scenes import LONG_S, opened, resumed
from tests.faults.sizes import SIZES
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F1", bound_s=10)]


async def test_everybody_whose_process_is_killed_is_answered_in_time(
    doomed: Process,
    catalog: ModelEndpoint,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
) -> None:
    catalog.max_concurrency = SIZES.at_once
    await in_database(catalog.save)
    endpoint.script(Script(endless=True, tokens_per_s=2))
    people = await in_database(
        lambda: [User.objects.create_user(f"p{number}@example.com", "p-knows-this") for number in range(SIZES.at_once)]
    )
    async with AsyncExitStack() as closing:
        running = {}
        for person in people:
            session = await in_database(session_of, person)
            tab = await opened(Tab(SECOND, lambda session=session: session))  # type: ignore[misc]
            closing.push_async_callback(tab.close)
            running[tab] = (await tab.ask("说个没完")).generation
        for tab, generation in running.items():
            await tab.shows(generation)
        doomed.kill()
        with settling.measured():
            await asyncio.gather(*(_is_settled(tab, generation) for tab, generation in running.items()))
        await judge_everything(list(running), endpoint=endpoint, at_once=SIZES.at_once)
        answers = await rows(Generation.objects.all())
    assert {(row.state, row.reason, row.epoch) for row in answers} == {("interrupted", "lease_lost", 2)}
    assert len(answers) == SIZES.at_once


async def _is_settled(tab: Tab, generation: UUID) -> None:
    await resumed(tab, FIRST, generation)
    await tab.finished(generation, timeout_s=LONG_S)
