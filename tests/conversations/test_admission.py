"""A slot is one person's for as long as they hold it, whatever is looked at in the same moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from django.utils import timezone
from redis.asyncio import Redis

from conversations.admission import SINCE, Admission, Waiting
from conversations.ids import uuid7
from conversations.inference.types import Endpoint
from tests.processes import Process
from tests.settings import VALKEY_PORT

LIMIT = 3
ENDPOINT = Endpoint(id="one slot each", name="one", model="m", base_url="http://127.0.0.1:9/v1", remote_name="m")


@pytest.fixture
async def remembering(valkey: Process) -> "AsyncIterator[Redis]":
    async with aclosing(Redis(port=VALKEY_PORT)) as redis:
        await redis.flushall()
        await redis.set(SINCE, 0)  # or an empty Redis would let nobody in at first
        yield redis


def somebody() -> Waiting:
    return Waiting(
        generation=uuid7(),
        accepted_at=timezone.now(),
        endpoints=[(ENDPOINT, LIMIT)],
        on_place=lambda place, eta_s: None,
    )


async def test_who_comes_while_the_line_is_looked_at_keeps_what_they_are_granted(remembering: "Redis") -> None:
    """The look begins in the very step of the loop in which they came, when nobody has asked for them yet."""
    admission = Admission(remembering)
    await admission.acquire("one slot each", somebody())
    asking = asyncio.create_task(admission.acquire("one slot each", somebody()))
    looking = asyncio.create_task(admission.admit())
    assert await asking == ENDPOINT
    for _ in range(20):  # all that was asked has been answered, and what follows from it was asked and answered, too
        await remembering.ping()
    looking.cancel()
    other = Admission(remembering)
    assert [await other.take(uuid7(), ENDPOINT, LIMIT) for _ in range(2)] == [True, False]
