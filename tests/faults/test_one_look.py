"""F1: what a look for lost answers finds, it takes over all at once. No other process is there that could be faster."""

import asyncio
from collections.abc import Sequence

import pytest
from django.conf import settings

from app.accounts.models import User
from conversations.claims import CLAIMS_AT_ONCE, Claimed
from conversations.live import Live
from tests.faults.scenes import LONG_S, abandoned

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("alone", "catalog")]


async def test_all_that_a_full_process_was_writing_is_taken_over_in_one_look(li: User) -> None:
    """Side by side: batch after batch, a second apart, the last ones would have waited for longer than is promised."""
    left = 2 * CLAIMS_AT_ONCE + 5
    taken: list[Claimed] = []
    together = asyncio.Event()

    async def take_over(_: Live, claims: Sequence[Claimed]) -> None:
        taken.extend(claims)
        if len(taken) == left:
            together.set()
        await together.wait()

    for _ in range(left):
        await abandoned(li)
    live = Live(take_over=take_over, redis_url=settings.REDIS_URL)
    async with asyncio.timeout(LONG_S):
        await live._claim()
    assert len({claimed.generation for claimed in taken}) == left
