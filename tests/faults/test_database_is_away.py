"""F7: the database is paused, restarted, loses its connections or is locked, while answers stream and people send."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from django.conf import settings

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import Generation
from conversations.protocol import Pong
from conversations.timing import timing
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.scenes import LONG_S, Sender, opened
from tests.faults.stage import Outage, Stage, black_hole, locked, paused, refused, terminated
from tests.tab import Tab

pytestmark = [pytest.mark.serial, pytest.mark.timeout(300), pytest.mark.fault("F7", bound_s=30)]

StagedTab = Callable[[User, int], Tab]
ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
OUTAGES: list[Outage] = [locked] if ON_SQLITE else [paused, black_hole, refused, terminated]


async def pinged(tab: Tab, *, for_s: float) -> float:
    """The longest that the process's event loop let a ping wait, of many in so much time."""
    worst, until = 0.0, time.monotonic() + for_s
    while (said := time.monotonic()) < until:
        already = len(tab.frames)
        await tab.say("ping")
        await tab.until(lambda: any(isinstance(f, Pong) for f in tab.frames[already:]))  # noqa: B023
        worst = max(worst, time.monotonic() - said)
        await asyncio.sleep(0.05)
    return worst


@pytest.mark.parametrize("outage", OUTAGES)
async def test_nothing_is_lost_and_nothing_is_falsely_accepted_while_it_is_away(
    outage: Outage,
    stage: Stage,
    staged_tab_of: StagedTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
) -> None:
    """Longer than a lease. One answer ends meanwhile, one goes on; two people send. Every loop answers all the time."""
    endpoint.script(Script(tokens_per_s=40))
    async with AsyncExitStack() as closing:
        tabs = [await opened(staged_tab_of(person, number)) for person in (li, wang) for number in (0, 1)]
        idle = [await opened(staged_tab_of(li, number)) for number in (0, 1)]
        for tab in (*tabs, *idle):
            closing.push_async_callback(tab.close)
        lengths = [60 + 240 * (number % 2) for number in range(len(tabs))]
        running = [
            (tab, (await Sender(tab, f"nonce=n{number} tokens={lengths[number]}").until_accepted()).generation)
            for number, tab in enumerate(tabs)
        ]
        for tab, generation in running:
            await tab.shows(generation)
        senders = [Sender(tab, f"nonce=s{number} tokens=20") for number, tab in enumerate(tabs)]
        with outage(stage):
            for sender in senders:
                await sender.say()
            lags = await asyncio.gather(*(pinged(tab, for_s=1.3 * timing().lease_s) for tab in idle))
        with settling.measured():
            sent = [await sender.until_accepted() for sender in senders]
            for tab, generation in running + [(t, a.generation) for t, a in zip(tabs, sent, strict=True)]:
                await tab.finished(generation, timeout_s=LONG_S)
            await settled(timeout_s=LONG_S)
        await judge_everything([*tabs, *idle], endpoint=endpoint)
        ended = await rows(Generation.objects.all())
    assert len(ended) == len(running) + len(senders)
    assert {row.request_id for row in ended} >= {sender.id for sender in senders}
    assert {(row.state, row.reason) for row in ended} == {("completed", "stop")}
    print(f"longest wait for a pong: {max(lags):.3f} s")


async def test_an_owner_renews_before_anybody_may_claim(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Away for longer than a lease, with both processes cut off: every lease has run out, and nobody is gone."""
    endpoint.script(Script(endless=True, tokens_per_s=40))
    tabs = [await opened(staged_tab_of(li, number)) for number in (0, 1)]
    asked = [(tab, (await Sender(tab, "说个没完").until_accepted()).generation) for tab in tabs]
    for tab, generation in asked:
        await tab.shows(generation)
    with OUTAGES[0](stage):
        await asyncio.sleep(1.3 * timing().lease_s)
    for tab, generation in asked:
        await tab.shows(generation, len(tab.of(generation).text) + 1)
        await tab.say("stop", generation=generation)
        await tab.finished(generation, timeout_s=LONG_S)
    await judge_everything(tabs)
    for tab in tabs:
        await tab.close()
    ended = await rows(Generation.objects.all())
    assert [(row.state, row.epoch, row.takeovers) for row in ended] == [("stopped", 1, 0)] * 2
