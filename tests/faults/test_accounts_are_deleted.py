"""F23: an account is deleted while an answer streams for it, on one process and to tabs of two."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

import pytest
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Conversation, Generation, Message
from conversations.presence import CLOSE_SIGNED_OUT
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import calls_of, judge_everything
from tests.faults.scenes import under_way
from tests.processes import Process
from tests.tab import Tab
from usage.models import UsageRecord

pytestmark = [pytest.mark.slow, pytest.mark.fault("F23", bound_s=5)]

OpenTab = Callable[[User], Tab]
Entries = list[tuple[bytes, dict[bytes, bytes]]]
SHOWN = 20 * len("li-0001 ")


async def delete(person: User) -> None:
    await in_database(lambda: User.objects.filter(pk=person.pk).delete())


async def the_one_record_of(generation: UUID) -> UsageRecord:
    await judge_everything([])
    return await in_database(lambda: UsageRecord.objects.get(generation=generation))


def told_by_redis(redis: "Redis", nonce: str) -> list[bytes]:
    """Entries of any log with a word of an answer to this nonce."""
    logs = [cast(Entries, redis.xrange(key)) for key in redis.scan_iter("shiyong:log:*")]
    entries = [entry for log in logs for _, fields in log for entry in fields.values()]
    return [entry for entry in entries if f"{nonce}-0".encode() in entry]


async def test_sockets_close_the_endpoint_is_left_and_one_fact_stays(
    doomed_tab_of: OpenTab, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    endpoint.script(Script(tokens_per_s=50))
    tab, elsewhere = doomed_tab_of(li), tab_of(li)
    async with tab_of(wang) as his:
        await elsewhere.open()
        generation = await under_way(tab, elsewhere, "nonce=li tokens=3000", shown=SHOWN)
        with settling.measured():
            await delete(li)
            assert await tab.until_closed() == await elsewhere.until_closed() == CLOSE_SIGNED_OUT
            await endpoint.until(lambda log: [entry for entry in log if entry.closed_early])
        shown = max(len(there.of(generation).text) for there in (tab, elsewhere))
        turn = await his.ask("nonce=wang tokens=5")
        await his.finished(turn.generation)
        await judge_everything([his], endpoint=endpoint)
    record = await the_one_record_of(generation)
    assert (record.outcome, record.reason) == ("stopped", "account_deleted")
    assert record.visible_characters == shown
    assert await calls_of(generation) == [(1, 1, "cancelled", "estimated")]


async def test_no_word_of_theirs_is_left(
    doomed_tab_of: OpenTab, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, redis: "Redis"
) -> None:
    """Neither of the answer that was running, nor of the one before, whose log had not expired yet."""
    endpoint.script(Script(contains="tokens=3000", tokens_per_s=50))
    tab, elsewhere = doomed_tab_of(li), tab_of(li)
    await elsewhere.open()
    ended = await elsewhere.ask("nonce=earlier tokens=5")
    await elsewhere.finished(ended.generation)
    await under_way(tab, elsewhere, "nonce=later tokens=3000", shown=SHOWN)
    assert told_by_redis(redis, "earlier")
    assert told_by_redis(redis, "later")
    await delete(li)
    await tab.until_closed()
    await elsewhere.until_closed()
    assert told_by_redis(redis, "earlier") == told_by_redis(redis, "later") == []
    for table in (Conversation, Message, Generation):
        assert not await rows(table.objects.all())


async def test_the_fact_is_told_though_the_owner_is_dead(
    doomed: Process, doomed_tab_of: OpenTab, tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(tokens_per_s=50))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "nonce=li tokens=3000", shown=SHOWN)
        doomed.kill()
        shown = len(elsewhere.of(generation).text)
        await delete(li)
        await tab.close()
    record = await the_one_record_of(generation)
    assert (record.outcome, record.reason) == ("stopped", "account_deleted")
    assert record.visible_characters >= shown


async def test_an_owner_that_was_frozen_meanwhile_adds_nothing(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    redis: "Redis",
) -> None:
    """It wakes up with the words of an answer that is no more: no row, no log and no ledger takes them."""
    endpoint.script(Script(tokens_per_s=50))
    tab, elsewhere = doomed_tab_of(li), tab_of(li)
    await elsewhere.open()
    generation = await under_way(tab, elsewhere, "nonce=frozen tokens=3000", shown=SHOWN)
    doomed.freeze()
    await delete(li)
    await elsewhere.until_closed()
    doomed.thaw()
    assert await tab.until_closed() == CLOSE_SIGNED_OUT
    await endpoint.until(lambda log: [entry for entry in log if entry.closed_early])
    record = await the_one_record_of(generation)
    assert (record.outcome, record.reason) == ("stopped", "account_deleted")
    assert len(await calls_of(generation)) == 1
    assert told_by_redis(redis, "frozen") == []
