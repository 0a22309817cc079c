"""What a turn asks of Redis besides the ticks, which all answers share: its rate, its slot, and to give that back."""

from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.admission import SINCE, Admission, Waiting
from conversations.ids import uuid7
from conversations.inference.types import Endpoint
from conversations.limits import SendLimits
from tests.conversations.round_trips import Counted, counted_redis
from tests.processes import Process

ENDPOINT = Endpoint(id="round trips", name="one", model="m", base_url="http://127.0.0.1:9/v1", remote_name="m")


async def a_turn(limits: SendLimits, admission: Admission) -> None:
    await limits.take(1, "192.0.2.7")
    asks = Waiting(
        generation=uuid7(),
        accepted_at=timezone.now(),
        endpoints=[(ENDPOINT, 10)],
        on_place=lambda place, eta_s: None,
    )
    assert await admission.acquire("round trips", asks) == ENDPOINT
    await admission.release(asks.generation)


async def test_a_turn_asks_redis_three_times_besides_its_ticks(valkey: Process, settings: Settings) -> None:
    settings.TURNS_PER_MINUTE = settings.TURNS_PER_MINUTE_PER_ADDRESS = 1_000_000
    async with counted_redis() as redis:
        limits, admission = SendLimits(redis), Admission(redis)
        await redis.set(SINCE, 0)  # or an empty Redis would let nobody in at first
        await a_turn(limits, admission)  # connects, and the scripts are there from now on
        before = Counted.writes
        await a_turn(limits, admission)
        assert Counted.writes - before == 3
