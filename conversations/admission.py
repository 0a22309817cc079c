"""Who may start now: a semaphore per endpoint, and one line per model, first come first served.

Both live in Redis and hold across processes. Slots and places are leases: those of a process
that died run out. A place is ordered by the moment of acceptance, which the database keeps, so
that a line lost with Redis is rebuilt in the same order.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations.inference.types import Endpoint
from conversations.timing import timing

logger = logging.getLogger(__name__)

LOCAL_SHARE = 4
"""Without Redis a process fills a quarter of each endpoint: a fixed share, not everything."""

_SHARED = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local lease = tonumber(ARGV[1])
local function free(slots, limit)
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
  return limit - redis.call('ZCARD', slots)
end
"""

_ADMIT = (
    _SHARED
    + """
-- KEYS: line, alive, slots of each endpoint. ARGV: lease, number of endpoints, their limits, then (id, accepted) pairs.
-- For each pair: the number of the endpoint that was granted, or minus its place in the line.
local line, alive, n = KEYS[1], KEYS[2], tonumber(ARGV[2])
local mine, answer = {}, {}
for i = 3 + n, #ARGV, 2 do
  redis.call('ZADD', line, ARGV[i + 1], ARGV[i])
  redis.call('ZADD', alive, now + lease, ARGV[i])
  mine[ARGV[i]] = true
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now)) do
  redis.call('ZREM', line, dead)
  redis.call('ZREM', alive, dead)
end
local room, total = {}, 0
for e = 1, n do
  room[e] = math.max(0, free(KEYS[2 + e], tonumber(ARGV[2 + e])))
  total = total + room[e]
end
local granted = {}
if total > 0 then
  for _, id in ipairs(redis.call('ZRANGE', line, 0, total - 1)) do
    local e = 1
    while room[e] == 0 do e = e + 1 end
    room[e] = room[e] - 1
    if mine[id] then
      redis.call('ZADD', KEYS[2 + e], now + lease, id)
      redis.call('ZREM', line, id)
      redis.call('ZREM', alive, id)
      granted[id] = e
    end
  end
end
for i = 3 + n, #ARGV, 2 do
  answer[#answer + 1] = granted[ARGV[i]] or -(redis.call('ZRANK', line, ARGV[i]) + 1)
end
return answer
"""
)

_TAKE = (
    _SHARED
    + """
-- One slot of one endpoint, out of line: an answer that was admitted goes on elsewhere.
if free(KEYS[1], tonumber(ARGV[2])) <= 0 then return 0 end
redis.call('ZADD', KEYS[1], now + lease, ARGV[3])
return 1
"""
)

_RENEW = (
    _SHARED
    + """
for i, slots in ipairs(KEYS) do redis.call('ZADD', slots, 'XX', now + lease, ARGV[1 + i]) end
return #KEYS
"""
)


def _slots(endpoint: Endpoint) -> str:
    return _slots_of(endpoint.id)


def _slots_of(endpoint: UUID | str | int) -> str:
    return f"shiyong:slots:{endpoint}"


def _line(queue: str) -> str:
    return f"shiyong:line:{queue}"


@dataclass(slots=True, eq=False)
class Waiting:
    """Somebody in the line. ``granted`` is set with the endpoint whose slot they got."""

    generation: UUID
    accepted_at: datetime
    endpoints: Sequence[tuple[Endpoint, int]]
    on_place: Callable[[int, int | None], None]
    granted: "asyncio.Future[Endpoint]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    is_asked_for: bool = False
    """A script that speaks of this person is under way: a second one would put them into the line again."""


class Admission:
    """This process's side of it: who waits here, which slots its answers hold."""

    def __init__(self, redis: "Redis") -> None:
        self._admit = redis.register_script(_ADMIT)
        self._take = redis.register_script(_TAKE)
        self._renew = redis.register_script(_RENEW)
        self._redis = redis
        self._lines: dict[str, dict[UUID, Waiting]] = {}
        self._held: dict[UUID, list[Endpoint]] = {}
        self._somebody = asyncio.Event()
        self._typical_s = 8.0

    def standing(self) -> int:
        """How many wait here, in all lines of this process."""
        return sum(map(len, self._lines.values()))

    async def place(self, queue: str, generation: UUID) -> int | None:
        """Where somebody stands whom another process admits; None once they left the line."""
        try:
            rank = await self._redis.zrank(_line(queue), str(generation))
        except (RedisError, OSError, TimeoutError):
            return None
        return rank + 1 if isinstance(rank, int) else None

    async def slot_of(self, generation: UUID, endpoints: Sequence[int]) -> int | None:
        """Of which of these endpoints a lost process held a slot for this generation; None where none is known."""
        pipeline = self._redis.pipeline(transaction=False)
        for endpoint in endpoints:
            pipeline.zscore(_slots_of(endpoint), str(generation))
        try:
            async with asyncio.timeout(timing().redis_reply_s * 10):
                scores = await pipeline.execute()
        except (RedisError, OSError, TimeoutError):
            logger.warning("whether %s held a slot is not known: Redis is away", generation)
            return None
        return next((endpoint for endpoint, score in zip(endpoints, scores, strict=True) if score is not None), None)

    def forget(self, generation: UUID) -> None:
        """Its slots are somebody else's to renew and to give back."""
        self._held.pop(generation, None)

    async def acquire(self, queue: str, person: Waiting) -> Endpoint:
        """Wait for a slot of one of the endpoints. ``on_place`` hears of every move in the line."""
        line = self._lines.setdefault(queue, {})
        line[person.generation] = person
        try:
            # Shielded: redis-py takes a cancellation for its own time-out if it comes while a connection is chosen.
            await asyncio.shield(self._look_for(queue, [person]))
            self._somebody.set()
            return await person.granted
        finally:
            line.pop(person.generation, None)
            if person.granted.cancel() or person.granted.cancelled():
                await self._leave(queue, person.generation)

    async def take(self, generation: UUID, endpoint: Endpoint, limit: int) -> bool:
        """A slot of another endpoint for an answer that is already admitted, if one is free right now."""
        held = self._held.setdefault(generation, [])
        if any(other.id == endpoint.id for other in held):
            return True
        try:
            lease_ms = round(timing().slot_lease_s * 1000)
            taken = self._take(keys=[_slots(endpoint)], args=[lease_ms, limit, str(generation)])
            got = bool(await asyncio.shield(taken))
        except (RedisError, OSError, TimeoutError):
            got = self._has_local_room(endpoint, limit)
        if got:
            held.append(endpoint)
        return got

    async def release(self, generation: UUID, *, lasted_s: float | None = None) -> None:
        if lasted_s is not None:
            self._typical_s += 0.1 * (lasted_s - self._typical_s)
        endpoints = self._held.pop(generation, [])
        if not endpoints:
            return
        try:
            for endpoint in endpoints:  # nearly always one, which a pipeline would make dearer
                await self._redis.zrem(_slots(endpoint), str(generation))
        except (RedisError, OSError, TimeoutError):
            logger.warning("slots of %s run out by themselves: Redis is away", generation)
        self._somebody.set()

    async def renew(self) -> None:
        """Extend the slots this process holds."""
        held = [(endpoint, generation) for generation, endpoints in self._held.items() for endpoint in endpoints]
        if not held:
            return
        lease_ms = round(timing().slot_lease_s * 1000)
        await self._renew(keys=[_slots(e) for e, _ in held], args=[lease_ms, *(str(g) for _, g in held)])

    async def admit(self) -> None:
        """Until cancelled: look at the lines while anybody here stands in one."""
        while True:
            await self._somebody.wait()
            self._somebody.clear()
            for queue in [queue for queue, line in self._lines.items() if line]:
                if await self._look(queue):
                    self._somebody.set()
            await asyncio.sleep(timing().admission_s)

    async def _look(self, queue: str) -> bool:
        """One script for everybody of this process in one line. True while somebody still waits."""
        people = [p for p in self._lines[queue].values() if not p.granted.done() and not p.is_asked_for]
        # People whose endpoints differ (a picked model, a changed catalog) are asked for apart.
        by_endpoints: dict[tuple[str, ...], list[Waiting]] = {}
        for person in people:
            by_endpoints.setdefault(tuple(str(e.id) for e, _ in person.endpoints), []).append(person)
        for group in by_endpoints.values():
            await self._look_for(queue, group)
        return any(not person.granted.done() for person in self._lines[queue].values())

    async def _look_for(self, queue: str, people: list[Waiting]) -> None:
        endpoints = people[0].endpoints
        args: list[str | int] = [
            round(timing().slot_lease_s * 1000),
            len(endpoints),
            *(limit for _, limit in endpoints),
        ]
        for person in people:
            person.is_asked_for = True
            args += [str(person.generation), round(person.accepted_at.timestamp() * 1000)]
        keys = [_line(queue), f"{_line(queue)}:alive", *(_slots(endpoint) for endpoint, _ in endpoints)]
        try:
            async with asyncio.timeout(timing().redis_reply_s * 10):
                answers = await self._admit(keys=keys, args=args)
        except (RedisError, OSError, TimeoutError) as error:
            logger.warning("admission without Redis: %s", error)
            answers = self._admit_locally(people)
        finally:
            for person in people:
                person.is_asked_for = False
        at_once = max(1, sum(limit for _, limit in endpoints))
        for person, answer in zip(people, answers, strict=True):
            if answer > 0:
                await self._grant(person, endpoints[answer - 1][0])
            elif person.granted.done():
                await self._leave(queue, person.generation)
            else:
                person.on_place(-answer, math.ceil(-answer / at_once * self._typical_s))

    async def _grant(self, person: Waiting, endpoint: Endpoint) -> None:
        self._held.setdefault(person.generation, []).append(endpoint)
        if person.granted.done():
            # They gave up while the script ran: nobody else would give the slot back.
            await self.release(person.generation)
        else:
            person.granted.set_result(endpoint)

    def _admit_locally(self, people: Sequence[Waiting]) -> list[int]:
        answers, place = [], 0
        taken: dict[str, int] = {}
        for person in people:
            for number, (endpoint, limit) in enumerate(person.endpoints, start=1):
                if self._has_local_room(endpoint, limit, taken.get(str(endpoint.id), 0)):
                    taken[str(endpoint.id)] = taken.get(str(endpoint.id), 0) + 1
                    answers.append(number)
                    break
            else:
                place += 1
                answers.append(-place)
        return answers

    def _has_local_room(self, endpoint: Endpoint, limit: int, besides: int = 0) -> bool:
        held = sum(other.id == endpoint.id for endpoints in self._held.values() for other in endpoints)
        return held + besides < max(1, limit // LOCAL_SHARE)

    async def _leave(self, queue: str, generation: UUID) -> None:
        try:
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.zrem(_line(queue), str(generation))
            pipeline.zrem(f"{_line(queue)}:alive", str(generation))
            await pipeline.execute()
        except (RedisError, OSError, TimeoutError):
            logger.warning("the place of %s runs out by itself: Redis is away", generation)
