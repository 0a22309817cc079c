"""F6, F16: Redis is emptied, restarted or loses one log. It holds speed; the row holds truth."""

from collections.abc import Callable
from typing import cast

import pytest
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.delta_log import key_of
from conversations.protocol import Snapshot
from tests import processes
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judged
from tests.processes import Process
from tests.settings import VALKEY_PORT
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F6")]

OpenTab = Callable[[User], Tab]


async def test_an_ended_answer_is_read_from_its_row_when_the_log_is_gone(
    tab_of: OpenTab, li: User, redis: "Redis"
) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("nonce=LI tokens=30")
        await tab.finished(accepted.generation)
        redis.delete(key_of(accepted.generation))
    async with tab_of(li) as later:
        await later.say("follow", generation=accepted.generation, after=0)
        await later.finished(accepted.generation)
        await judged(accepted.generation, [later])
        assert [frame for frame in later.frames if isinstance(frame, Snapshot)]


async def test_an_end_that_did_not_reach_the_log_is_read_from_the_row(
    tab_of: OpenTab, li: User, redis: "Redis"
) -> None:
    """Its owner was killed after the commit, and before it could say so."""
    async with tab_of(li) as tab:
        accepted = await tab.ask("nonce=LI tokens=30")
        await tab.finished(accepted.generation)
        key = key_of(accepted.generation)
        entries = cast(list[tuple[bytes, object]], redis.xrange(key))
        redis.xdel(key, entries[-1][0])
    async with tab_of(li) as later:
        await later.say("follow", generation=accepted.generation, after=0)
        await later.finished(accepted.generation)
        await judged(accepted.generation, [later])


async def test_a_page_that_had_half_of_it_gets_the_whole_from_the_row(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, redis: "Redis"
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    tab = tab_of(li)
    await tab.open()
    accepted = await tab.ask("nonce=LI tokens=60")
    await tab.shows(accepted.generation, 20)
    await tab.close()
    async with tab_of(li) as other:
        await other.say("follow", generation=accepted.generation, after=0)
        await other.finished(accepted.generation)
    redis.delete(key_of(accepted.generation))
    await tab.open()
    await tab.say("follow", generation=accepted.generation, after=tab.of(accepted.generation).seq)
    await tab.finished(accepted.generation)
    await judged(accepted.generation, [tab])
    await tab.close()


async def test_a_late_reader_of_a_running_answer_whose_log_is_gone_gets_a_snapshot(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, redis: "Redis"
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    async with tab_of(li) as tab:
        accepted = await tab.ask("nonce=LI tokens=150")
        await tab.shows(accepted.generation, 100)
        redis.delete(key_of(accepted.generation))
        async with tab_of(li) as here, doomed_tab_of(li) as there:
            for late in (here, there):
                await late.say("follow", generation=accepted.generation, after=0)
            await here.shows(accepted.generation, 100)
            assert here.of(accepted.generation).finished is None
            for each in (tab, here, there):
                await each.finished(accepted.generation)
            await judged(accepted.generation, [tab, here, there])


@pytest.mark.parametrize("fault", ["emptied", "restarted empty"])
async def test_an_answer_goes_on_when_redis_is(
    fault: str,
    tab_of: OpenTab,
    doomed_tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    valkey: Process,
    redis: "Redis",
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    async with tab_of(li) as tab, doomed_tab_of(li) as there:
        accepted = await tab.ask("nonce=LI tokens=180")
        await there.say("follow", generation=accepted.generation, after=0)
        await there.shows(accepted.generation, 50)
        if fault == "emptied":
            redis.flushall()
        else:
            valkey.kill()
            valkey.start()
            valkey.wait_until(lambda: processes.accepts(VALKEY_PORT))
        await tab.finished(accepted.generation)
        await there.finished(accepted.generation)
        row = await judged(accepted.generation, [tab, there])
    assert (row.state, row.reason, row.epoch) == ("completed", "stop", 1)
    assert row.text == "".join(f"LI-{number:04d} " for number in range(1, 181))
    endpoint.reset()
    async with tab_of(li) as again, doomed_tab_of(li) as also:
        for another in (again, also):
            accepted = await another.ask("还在吗")
            await another.finished(accepted.generation)


async def test_an_answer_goes_on_while_redis_is_away(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, valkey: Process
) -> None:
    endpoint.script(Script(tokens_per_s=60))
    async with tab_of(li) as tab, tab_of(li) as second:
        accepted = await tab.ask("nonce=LI tokens=120")
        await tab.shows(accepted.generation, 50)
        valkey.kill()
        await second.say("follow", generation=accepted.generation, after=0)
        await tab.finished(accepted.generation)
        await second.finished(accepted.generation)
        row = await judged(accepted.generation, [tab, second])
        valkey.start()
        valkey.wait_until(lambda: processes.accepts(VALKEY_PORT))
    assert (row.state, row.epoch) == ("completed", 1)


async def test_pages_that_saw_more_than_what_survived_still_reach_the_end(
    doomed: Process,
    tab_of: OpenTab,
    doomed_tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    redis: "Redis",
) -> None:
    """Redis is emptied, then the owner is killed: the last checkpoint is all there is, if there was one. No number of
    what is lost stands for other words later, which a page could not tell from those that it has.
    """
    endpoint.script(Script(text="从头再来。"))
    endpoint.next(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask("说个没完")
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        await elsewhere.shows(accepted.generation, 60)
        doomed.freeze()
        redis.flushall()
        doomed.kill()
        ahead = tab.of(accepted.generation).seq
        await elsewhere.finished(accepted.generation)
        tab.origin = elsewhere.origin
        await tab.open()
        await tab.say("follow", generation=accepted.generation, after=tab.of(accepted.generation).seq)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab, elsewhere], log_was_lost=True)
        await tab.close()
    assert row.state in ("interrupted", "completed", "failed")
    assert row.seq > ahead + 1
