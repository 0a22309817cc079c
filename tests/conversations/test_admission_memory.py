"""A Redis that was emptied is believed once every process has had time to tell it what it holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from redis.asyncio import Redis

from conversations.admission import LOCAL_SHARE, SINCE, Admission
from conversations.ids import uuid7
from conversations.inference.types import Endpoint
from tests.processes import Process
from tests.settings import VALKEY_PORT

ENDPOINT = Endpoint(id="emptied", name="one", model="m", base_url="http://127.0.0.1:9/v1", remote_name="m")
LIMIT = 2 * LOCAL_SHARE


@pytest.fixture
async def emptied(valkey: Process) -> "AsyncIterator[Redis]":
    async with aclosing(Redis(port=VALKEY_PORT)) as redis:
        await redis.flushall()
        yield redis


async def taken(admission: Admission, times: int) -> list[bool]:
    return [await admission.take(uuid7(), ENDPOINT, LIMIT) for _ in range(times)]


async def test_who_fails_over_meanwhile_keeps_to_the_share_of_a_process(emptied: "Redis") -> None:
    assert await taken(Admission(emptied), 3) == [True, True, False]


async def test_what_a_process_holds_is_there_again_with_its_next_renewal(emptied: "Redis") -> None:
    one, other = Admission(emptied), Admission(emptied)
    await emptied.set(SINCE, 0)
    assert all(await taken(one, LIMIT))
    await emptied.flushall()
    await one.renew()
    await emptied.set(SINCE, 0)
    assert await taken(other, 1) == [False]


async def test_what_was_given_back_before_a_renewal_came_to_its_end_stays_given_back(emptied: "Redis") -> None:
    one, other = Admission(emptied), Admission(emptied)
    await emptied.set(SINCE, 0)
    generation = uuid7()
    assert await one.take(generation, ENDPOINT, 1)
    await asyncio.gather(one.renew(), one.release(generation))
    assert await other.take(uuid7(), ENDPOINT, 1)


async def test_a_clock_that_was_set_back_keeps_nobody_waiting(emptied: "Redis") -> None:
    await emptied.set(SINCE, 2**52)
    assert all(await taken(Admission(emptied), LIMIT))
