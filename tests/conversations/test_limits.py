"""Too fast is refused with the wait, per person and per address; nothing that was accepted is."""

import asyncio
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from redis.asyncio import Redis

from app.accounts.models import User
from app.launch.sockets import any_free
from conversations.errors import RateLimited
from conversations.ids import uuid7
from conversations.limits import SendLimits, network_of
from conversations.protocol import Error
from tests import processes
from tests.conftest import database_url, session_of
from tests.faults.judge import judge_everything, settled
from tests.processes import Process
from tests.settings import VALKEY_PORT
from tests.tab import Tab

OpenTab = Callable[[User], Tab]

SLOW = 6
"""Turns a minute: two at once, then one every ten seconds. No test lasts until the next one is free."""
HERE = "192.0.2.7"


@pytest.fixture
def rates(settings: Settings) -> Settings:
    settings.TURNS_PER_MINUTE, settings.TURNS_PER_MINUTE_PER_ADDRESS = SLOW, 0
    return settings


async def granted(limits: SendLimits, person_pk: int, address: str, *, asked: int = 10) -> int:
    """How many of so many turns are let through, one after the other."""
    for number in range(asked):
        try:
            await limits.take(person_pk, address)
        except RateLimited:
            return number
    return asked


async def test_a_third_of_a_minutes_turns_come_at_once_then_the_wait_is_told(valkey: Process, rates: Settings) -> None:
    async with Redis(port=VALKEY_PORT) as redis:
        await redis.flushall()
        limits = SendLimits(redis)
        assert await granted(limits, 1, HERE) == 2
        with pytest.raises(RateLimited) as refused:
            await limits.take(1, HERE)
        assert refused.value.retry_after_s is not None
        assert 1 <= refused.value.retry_after_s <= math.ceil(60 / SLOW)
        assert await granted(limits, 2, HERE) == 2


async def test_all_who_share_an_address_share_its_rate_in_every_process(valkey: Process, rates: Settings) -> None:
    rates.TURNS_PER_MINUTE_PER_ADDRESS = 3 * SLOW
    async with Redis(port=VALKEY_PORT) as redis:
        await redis.flushall()
        here, there = SendLimits(redis), SendLimits(redis)
        assert [await granted(limits, n, HERE) for n, limits in enumerate([here, there, here, there])] == [2, 2, 2, 0]
        assert await granted(here, 9, "192.0.2.8") == 2


async def test_who_is_refused_for_their_address_has_lost_nothing_of_their_own(valkey: Process, rates: Settings) -> None:
    rates.TURNS_PER_MINUTE_PER_ADDRESS = 3
    async with Redis(port=VALKEY_PORT) as redis:
        await redis.flushall()
        limits = SendLimits(redis)
        assert await granted(limits, 1, HERE) == 1
        assert await granted(limits, 2, HERE) == 0
        assert await granted(limits, 2, "") == 2


async def test_without_redis_a_process_allows_a_fixed_share(rates: Settings) -> None:
    rates.TURNS_PER_MINUTE = 4 * SLOW
    async with Redis(port=any_free()) as nobody:
        limits = SendLimits(nobody)
        assert [await granted(limits, person, HERE) for person in (1, 1, 2)] == [2, 0, 2]


async def test_a_rate_of_zero_is_none(rates: Settings) -> None:
    rates.TURNS_PER_MINUTE = 0
    async with Redis(port=any_free()) as nobody:
        assert await granted(SendLimits(nobody), 1, HERE, asked=100) == 100


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_whose_addresses_are_whose(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


@pytest.fixture
def limited(web: str, folder: Path) -> Iterator[str]:
    """The address of a process that counts."""
    port = any_free()
    origin = f"http://127.0.0.1:{port}"
    environ = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "app.settings",
        "PUBLIC_ORIGINS": origin,
        "TURNS_PER_MINUTE": str(SLOW),
    }
    process = processes.web(port, folder, environ)
    yield origin
    process.stop()


async def test_a_page_that_asks_too_fast_is_told_when_to_come_again_and_loses_nothing(
    limited: str, li: User, wang: User
) -> None:
    async with Tab(limited, lambda: session_of(li)) as tab, Tab(limited, lambda: session_of(wang)) as his:
        requests = [{"id": uuid7(), "conversation": uuid7(), "text": f"nonce=n{n} tokens=5"} for n in range(3)]
        for request in requests:
            await tab.say("send", **request)
        answers = [await tab.answered(request["id"]) for request in requests]  # type: ignore[arg-type]
        assert [type(answer).__name__ for answer in answers] == ["Accepted", "Accepted", "Error"]
        refused = answers[-1]
        assert isinstance(refused, Error)
        assert (refused.code, refused.id) == ("rate_limited", requests[-1]["id"])
        assert refused.retry_after_s
        again = await asyncio.gather(*(tab.accepted("send", **request) for request in requests[:2]))
        assert again == answers[:2]
        await his.ask("nonce=wang tokens=5")
        await settled()
        await judge_everything([tab, his])
