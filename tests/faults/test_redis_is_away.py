"""F6: Redis is paused, vanishes without a word or refuses, and comes back. (Emptied, restarted: test_log_is_lost.)"""

import asyncio
from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import ModelEndpoint
from conversations.protocol import Snapshot
from conversations.timing import timing
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges, Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.proxy import Way
from tests.faults.scenes import LONG_S, Sender, hung_up_on, opened, pinged
from tests.faults.sizes import SIZES
from tests.faults.stage import Stage
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F6", bound_s=30)]

StagedTab = Callable[[User, int], Tab]

AWAY_S = {Way.HOLD: SIZES.redis_paused_s, Way.SWALLOW: 0.0, Way.REFUSE: SIZES.redis_refused_s}


@pytest.mark.parametrize("way", AWAY_S)
async def test_answers_go_on_while_redis_is_away_and_everywhere_when_it_is_back(
    way: Way,
    stage: Stage,
    staged_tab_of: StagedTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    gauges: Gauges,
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    here, there, his = [await opened(staged_tab_of(person, n)) for person, n in ((li, 0), (li, 1), (wang, 1))]
    running = await Sender(here, f"nonce=li tokens={300 + round(60 * AWAY_S[way])}").until_accepted()
    await there.say("follow", generation=running.generation, after=0)
    await there.shows(running.generation, 50)
    stage.redis.turn(way)
    read_before = len(here.frames)
    begun_meanwhile = await Sender(his, "nonce=wang tokens=30").until_accepted()
    await here.shows(running.generation, len(here.of(running.generation).text) + 200)
    await his.finished(begun_meanwhile.generation, timeout_s=LONG_S)
    lags = await asyncio.gather(*(pinged(tab, for_s=AWAY_S[way]) for tab in (there, his)))
    gauges.saw("longest wait for a pong meanwhile", max(lags), unit="s", bound=1.0)
    wholes = [frame for frame in here.frames[read_before:] if isinstance(frame, Snapshot)]
    assert len(wholes) <= 2, "all of it at every tick"
    stage.redis.turn(Way.PASS)
    with settling.measured():
        for tab in (here, there):
            await tab.finished(running.generation, timeout_s=LONG_S)
        for number, tab in enumerate((here, there, his)):
            again = await Sender(tab, f"nonce=again{number} tokens=10").until_accepted()
            await tab.finished(again.generation, timeout_s=LONG_S)
        await settled()
    await judge_everything([here, there, his], endpoint=endpoint)
    for tab in (here, there, his):
        await tab.close()


async def test_without_redis_each_process_keeps_to_its_share(
    stage: Stage,
    staged_tab_of: StagedTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    catalog: ModelEndpoint,
    settling: Settling,
) -> None:
    """Four answers at once are allowed, a quarter of them to each process; the others wait, and are not refused."""
    await in_database(lambda: ModelEndpoint.objects.filter(pk=catalog.pk).update(max_concurrency=4))
    endpoint.script(Script(tokens_per_s=60))
    tabs = [await opened(staged_tab_of(person, number)) for person in (li, wang) for number in (0, 1)]
    stage.redis.turn(Way.REFUSE)
    with settling.measured():
        asked = await asyncio.gather(
            *(Sender(tab, f"nonce=n{number} tokens=20").until_accepted() for number, tab in enumerate(tabs))
        )
        for tab, accepted in zip(tabs, asked, strict=True):
            await tab.finished(accepted.generation, timeout_s=LONG_S)
    await judge_everything(tabs, endpoint=endpoint, at_once=2)
    for tab in tabs:
        await tab.close()


@pytest.mark.fault("F17")
async def test_a_stop_is_heard_elsewhere_without_redis(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges
) -> None:
    """The hint is lost; the renewal of the lease brings it."""
    endpoint.script(Script(endless=True, tokens_per_s=50))
    here, there = [await opened(staged_tab_of(li, number)) for number in (0, 1)]
    asked = await Sender(here, "说个没完").until_accepted()
    await here.shows(asked.generation)
    stage.redis.turn(Way.REFUSE)
    async with hung_up_on(endpoint, gauges, how=", its hint lost", bound_s=2 * timing().renewal_s):
        await there.say("stop", generation=asked.generation)
    await here.finished(asked.generation)
    await judge_everything([here, there], endpoint=endpoint)
    for tab in (here, there):
        await tab.close()
