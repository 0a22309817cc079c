"""F6: people stand in a line while Redis, which keeps it, is emptied or restarted empty. The database knows who came
first."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from random import Random

import pytest
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import ModelEndpoint
from tests import processes
from tests.endpoint import DemonstrationEndpoint
from tests.faults.conftest import OpenTab
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.scenes import LONG_S
from tests.processes import Process
from tests.settings import VALKEY_PORT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F6", bound_s=30)]

WAITING = 8
"""People, every other one at another process."""


@pytest.fixture(params=["emptied", "restarted empty"])
def lose_redis(request: pytest.FixtureRequest, valkey: Process, redis: "Redis") -> Callable[[], None]:
    def empty() -> None:
        redis.flushall()

    def restart() -> None:
        valkey.kill()
        valkey.start()
        valkey.wait_until(lambda: processes.accepts(VALKEY_PORT))

    return restart if request.param == "restarted empty" else empty


@pytest.fixture
def one_at_a_time(catalog: ModelEndpoint) -> None:
    catalog.max_concurrency = 1
    catalog.save()


def people() -> list[User]:
    return [User.objects.create_user(f"person{number}@example.com", "a-long-password") for number in range(WAITING + 1)]


async def test_nobody_is_lost_and_all_keep_their_order(
    lose_redis: Callable[[], None],
    one_at_a_time: None,
    tab_of: OpenTab,
    doomed_tab_of: OpenTab,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    chance: Random,
) -> None:
    """Lost twice: while all stand, and while the line moves."""
    endpoint.script(Script(tokens_per_s=50))
    endpoint.next(Script(endless=True, tokens_per_s=50))
    async with AsyncExitStack() as closing:
        opening = [
            (tab_of, doomed_tab_of)[number % 2](person) for number, person in enumerate(await in_database(people))
        ]
        tabs = [await closing.enter_async_context(tab) for tab in opening]
        turns = [await tabs[0].ask("nonce=p0 tokens=3000")]
        await tabs[0].shows(turns[0].generation)
        for number, tab in enumerate(tabs[1:], start=1):
            turns.append(await tab.ask(f"nonce=p{number} tokens=10"))
            await tab.until(lambda tab=tab: tab.of(turns[-1].generation).positions)  # type: ignore[misc]
        seen = [tab.of(turn.generation) for tab, turn in zip(tabs, turns, strict=True)]
        assert [one.positions for one in seen] == [[], *([place] for place in range(1, WAITING + 1))]
        lose_redis()
        with settling.measured():
            await tabs[0].shows(turns[0].generation, len(seen[0].text) + 400)
            await tabs[0].say("stop", generation=turns[0].generation)
            again = chance.randrange(1, WAITING)
            await tabs[again].finished(turns[again].generation, timeout_s=LONG_S)
            lose_redis()
            for tab, turn in zip(tabs, turns, strict=True):
                await tab.finished(turn.generation, timeout_s=LONG_S)
            await settled()
        await judge_everything(tabs, endpoint=endpoint, at_once=1)
    asked = [entry.question.split()[0] for entry in endpoint.log() if entry.body.get("stream")]
    assert asked == [f"nonce=p{number}" for number in range(WAITING + 1)]
    for one in seen:
        assert all(later < earlier for earlier, later in pairwise(one.positions)), one.positions
