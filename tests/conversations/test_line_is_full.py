"""A process in whose lines as many wait as it lets wait."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.conf import settings
from django.utils import timezone

from app.accounts.models import User
from conversations import assistant, takeover, turns
from conversations.admission import Waiting
from conversations.database import in_database
from conversations.errors import QueueFull
from conversations.ids import uuid7
from conversations.inference.types import Endpoint
from conversations.live import Live
from conversations.models import Message, ModelEndpoint
from conversations.protocol import Send
from conversations.timing import MAX_WAITING
from tests.database import rows
from tests.processes import Process

CLOSED = Endpoint(id="closed", name="closed", model="m", base_url="http://127.0.0.1:9/v1", remote_name="m")


@pytest.fixture
async def full(valkey: Process, catalog: ModelEndpoint) -> AsyncIterator[Live]:
    live = Live(take_over=takeover.take_over, redis_url=settings.REDIS_URL)
    waiting = [asyncio.create_task(live.admission.acquire("full", somebody())) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)  # each is in the line with its first step
    assert live.admission.standing() == MAX_WAITING
    yield live
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await live.stop()


def somebody() -> Waiting:
    return Waiting(
        generation=uuid7(), accepted_at=timezone.now(), endpoints=[(CLOSED, 0)], on_place=lambda place, eta_s: None
    )


def a_question() -> Send:
    return Send(id=uuid7(), conversation=uuid7(), parent=None, text="你好")


async def test_who_comes_then_is_told_so_but_not_who_was_accepted_before(full: Live, li: User) -> None:
    """Their page did not hear of it, and would take a refusal for the answer to what is being answered."""
    before = a_question()
    accepted = await in_database(turns.accept, li, before, now=timezone.now(), process="another")
    with pytest.raises(QueueFull):
        await assistant.begin(full, li, a_question(), "127.0.0.1")
    assert await assistant.begin(full, li, before, "127.0.0.1") == accepted.frame
    assert len(await rows(Message.objects.filter(role="user"))) == 1
