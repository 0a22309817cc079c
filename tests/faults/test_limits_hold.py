"""I8: an endpoint is never asked for more answers at once than it allows, by two processes under load together; also
while one of them is killed and the other takes its answers over."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import ModelEndpoint
from conversations.protocol import Accepted
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.faults.judge import judge_everything, settled
from tests.faults.scenes import LONG_S, resumed
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F1")]

OpenTab = Callable[[User], Tab]

AT_ONCE = 3
QUESTIONS = 12
LONG = 6
"""Of them are answered for longer than a slot is leased, and the others pass by."""


@pytest.fixture
def crowded(catalog: ModelEndpoint, endpoint: DemonstrationEndpoint) -> DemonstrationEndpoint:
    catalog.max_concurrency = AT_ONCE
    catalog.save()
    endpoint.script(Script(tokens_per_s=60))
    return endpoint


async def ask_all(tabs: list[Tab]) -> list[tuple[Tab, Accepted]]:
    """At once, by turns on one process and the other."""
    asking = [tabs[number % len(tabs)] for number in range(QUESTIONS)]
    tokens = (240 if number < LONG else 20 for number in range(QUESTIONS))
    texts = [f"nonce=n{number} tokens={each}" for number, each in enumerate(tokens)]
    turns = await asyncio.gather(*(tab.ask(text) for tab, text in zip(asking, texts, strict=True)))
    return list(zip(asking, turns, strict=True))


async def test_two_processes_under_load_keep_to_it_together(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, wang: User, crowded: DemonstrationEndpoint, gauges: Gauges
) -> None:
    async with tab_of(li) as here, doomed_tab_of(wang) as there:
        for tab, turn in await ask_all([here, there]):
            await tab.finished(turn.generation, timeout_s=LONG_S)
        await judge_everything([here, there], endpoint=crowded, at_once=AT_ONCE)
    assert saw(crowded, gauges) == AT_ONCE


async def test_it_holds_while_one_process_dies_and_the_other_takes_over(
    tab_of: OpenTab,
    doomed: Process,
    doomed_tab_of: OpenTab,
    li: User,
    wang: User,
    crowded: DemonstrationEndpoint,
    gauges: Gauges,
) -> None:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(tab_of(li))
        there = doomed_tab_of(wang)
        await there.open()
        turns = await ask_all([here, there])
        await there.shows(turns[1][1].generation)
        doomed.kill()
        first, *others = [turn.generation for tab, turn in turns if tab is there]
        await resumed(there, here.origin, first)
        for generation in others:
            await there.say("follow", generation=generation, after=there.of(generation).seq)
        for tab, turn in turns:
            await tab.finished(turn.generation, timeout_s=LONG_S)
        await settled()
        await judge_everything([here, there], endpoint=crowded, at_once=AT_ONCE)
        await there.close()
    assert saw(crowded, gauges) == AT_ONCE


def saw(endpoint: DemonstrationEndpoint, gauges: Gauges) -> int:
    """The most it was asked for at once. Less than it allows would show nothing."""
    peak = endpoint.counters().peak_active
    gauges.saw("answers that an endpoint for 3 wrote at once", peak, unit="", bound=AT_ONCE)
    return peak
