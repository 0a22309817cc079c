"""How fast somebody may ask: per person, and per address, where many people may be one.

A rate in turns a minute, of which a third may come at once (the generic cell rate algorithm). Of each person and
address one number is kept: when all that they took will be paid off, in milliseconds. Both are looked at and charged
in one script, so a refusal by one costs nothing of the other. Redis forgets whoever has paid.
"""

import asyncio
import logging
import math
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations.errors import RateLimited
from conversations.timing import timing

logger = logging.getLogger(__name__)

LOCAL_SHARE = 4
"""Without Redis each process allows a quarter of each rate: a fixed share, not everything."""
REMEMBERED = 10_000
"""Keys of people and addresses in a process's own memory before those that have paid are forgotten."""

_TAKE = """
-- KEYS: who is charged. ARGV: for each of them the milliseconds that a turn costs, and how many may be owed before it.
-- 0 when the turn was charged to all, else the milliseconds until it could be.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local paid, wait = {}, 0
for i, key in ipairs(KEYS) do
  paid[i] = math.max(now, tonumber(redis.call('GET', key) or 0))
  wait = math.max(wait, paid[i] - now - tonumber(ARGV[2 * i]))
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  local until_paid = paid[i] + tonumber(ARGV[2 * i - 1])
  redis.call('SET', key, string.format('%.0f', until_paid), 'PX', math.ceil(until_paid - now))
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """``a_minute`` is at least 1."""

    a_minute: int

    @property
    def cost_ms(self) -> float:
        return 60_000 / self.a_minute

    @property
    def owed_ms(self) -> float:
        """What may be unpaid when one more is asked for."""
        return (max(1, self.a_minute // 3) - 1) * self.cost_ms

    def shared(self) -> "Rate":
        return Rate(max(1, self.a_minute // LOCAL_SHARE))


class SendLimits:
    """Rates of 0 are off: ``TURNS_PER_MINUTE``, ``TURNS_PER_MINUTE_PER_ADDRESS``."""

    def __init__(self, redis: "Redis") -> None:
        self._take = redis.register_script(_TAKE)
        self._paid_ms: dict[str, float] = {}

    async def take(self, person_pk: int, address: str) -> None:
        """Charge one turn, or ``RateLimited`` with the seconds after which it can be asked for again."""
        charged = _charged(person_pk, address)
        if not charged:
            return
        args = [number for rate in charged.values() for number in (rate.cost_ms, rate.owed_ms)]
        try:
            async with asyncio.timeout(timing().redis_reply_s * 10):
                wait_ms = int(await self._take(keys=list(charged), args=args))
        except (RedisError, OSError, TimeoutError) as error:
            logger.warning("send limits without Redis: %s", error)
            wait_ms = self._take_locally(charged, time.monotonic() * 1000)
        if wait_ms > 0:
            raise RateLimited(retry_after_s=math.ceil(wait_ms / 1000))

    def _take_locally(self, charged: dict[str, Rate], now_ms: float) -> int:
        """The script's arithmetic on this process's own clock and numbers."""
        shares = {key: rate.shared() for key, rate in charged.items()}
        paid = {key: max(now_ms, self._paid_ms.get(key, 0.0)) for key in shares}
        wait_ms = max(paid[key] - now_ms - rate.owed_ms for key, rate in shares.items())
        if wait_ms > 0:
            return math.ceil(wait_ms)
        if len(self._paid_ms) > REMEMBERED:
            self._paid_ms = {key: until for key, until in self._paid_ms.items() if until > now_ms}
        self._paid_ms |= {key: paid[key] + rate.cost_ms for key, rate in shares.items()}
        return 0


def _charged(person_pk: int, address: str) -> dict[str, Rate]:
    rates = {f"shiyong:sent:person:{person_pk}": settings.TURNS_PER_MINUTE}
    if address:
        rates[f"shiyong:sent:address:{network_of(address)}"] = settings.TURNS_PER_MINUTE_PER_ADDRESS
    return {key: Rate(a_minute) for key, a_minute in rates.items() if a_minute > 0}


def network_of(address: str) -> str:
    """Of IPv6 the /64: whoever has one address there has all of them. What is no address stands for itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), 64), strict=False))
