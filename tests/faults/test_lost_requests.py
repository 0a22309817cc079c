"""F1: what a process asked an endpoint in its last second, before its row said so, is in the ledger all the same."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.utils import timezone
from redis import Redis

from app.accounts.models import User
from conversations.database import in_database
from conversations.delta_log import key_of
from conversations.models import Generation, ModelEndpoint
from conversations.protocol import Started, encode
from tests.faults.judge import calls_of, judged
from tests.faults.scenes import abandoned
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F1", bound_s=10)]

OpenTab = Callable[[User], Tab]
AN_HOUR = 3600


async def answered_elsewhere(generation: UUID, tab: Tab) -> list[tuple[int, int, str, str]]:
    """Its lease ends now, and another process takes it over; the requests that the ledger then has."""
    await in_database(lambda: Generation.objects.filter(pk=generation).update(lease_until=timezone.now()))
    await tab.say("follow", generation=generation, after=0)
    await tab.finished(generation)
    row = await judged(generation, [tab])
    assert (row.state, row.takeovers) == ("completed", 1)
    return await calls_of(generation)


async def test_a_request_that_the_log_tells_of(tab_of: OpenTab, li: User, redis: "Redis") -> None:
    async with tab_of(li) as tab:
        generation = await abandoned(li, leased_s=AN_HOUR)
        started = encode(Started(generation=generation, model="demonstration", context_cut=False))
        redis.xadd(key_of(generation), {"f": started}, id="1-1")
        assert await answered_elsewhere(generation, tab) == [(1, 1, "lease_lost", "none"), (2, 1, "", "reported")]


async def test_a_request_that_a_slot_tells_of(
    tab_of: OpenTab, li: User, redis: "Redis", catalog: ModelEndpoint
) -> None:
    async with tab_of(li) as tab:
        generation = await abandoned(li, leased_s=AN_HOUR)
        redis.zadd(f"shiyong:slots:{catalog.pk}", {str(generation): (timezone.now().timestamp() + AN_HOUR) * 1000})
        assert await answered_elsewhere(generation, tab) == [(1, 1, "lease_lost", "none"), (2, 1, "", "reported")]


async def test_who_stood_in_the_line_had_asked_nobody(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        generation = await abandoned(li, leased_s=AN_HOUR)
        assert await answered_elsewhere(generation, tab) == [(2, 1, "", "reported")]
