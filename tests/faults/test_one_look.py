"""F1: what a look for lost answers finds, it takes over all at once. No other process is there that could be faster."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from django.conf import settings

from app.accounts.models import User
from conversations import takeover
from conversations.claims import CLAIMS_AT_ONCE, Claimed
from conversations.database import in_database
from conversations.live import Live
from conversations.models import Generation, Message
from tests.database import rows
from tests.faults.scenes import LONG_S, abandoned
from tests.tab import eventually

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


async def test_one_that_cannot_be_taken_over_keeps_no_other_from_it(li: User) -> None:
    """Its question is gone, which nobody can bring about from outside."""
    broken, whole = [await abandoned(li) for _ in range(2)]
    await in_database(lambda: Generation.objects.update(state="streaming", text="说到一半"))
    await in_database(lambda: Message.objects.filter(generations=broken).update(parent=None))
    live = Live(take_over=takeover.take_over, redis_url=settings.REDIS_URL)
    await live.start()
    try:
        await eventually(lambda: _has_ended(whole))
        assert not await _has_ended(broken)
    finally:
        await live.stop()


async def _has_ended(generation: UUID) -> bool:
    return not await rows(Generation.objects.active().filter(pk=generation))
