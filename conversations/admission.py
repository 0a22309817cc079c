"""Who may start now: a semaphore per endpoint, and one line per model, first come first served.

Both live in Redis and hold across processes. Slots and places are leases: those of a process
that died run out. A place is ordered by the moment of acceptance, which the database keeps, so
that a line lost with Redis is rebuilt in the same order.

A Redis that was emptied lets nobody in until every process has told it what it holds; one that is away lets nobody in
until it is clear that it was not just restarted. Then each process fills a share of its own.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations import admission_scripts
from conversations.inference.types import Endpoint
from conversations.timing import timing

logger = logging.getLogger(__name__)

LOCAL_SHARE = 4
"""Without Redis a process fills a quarter of each endpoint: a fixed share, not everything."""

SINCE = "shiyong:admission:since"
"""When the memory of Redis began."""


def _slots(endpoint: Endpoint) -> str:
    return _slots_of(endpoint.id)


def _slots_of(endpoint: UUID | str | int) -> str:
    return f"shiyong:slots:{endpoint}"


def _line(queue: str) -> str:
    return f"shiyong:line:{queue}"


def _settling_s() -> float:
    """In which every process that lives has renewed its slots, or found a restarted Redis again."""
    return 2 * timing().renewal_s


def _periods_ms() -> tuple[int, int]:
    """With which every script begins."""
    return round(timing().slot_lease_s * 1000), round(_settling_s() * 1000)


@dataclass(slots=True, eq=False)
class Waiting:
    """Somebody in the line. ``granted`` is set with the endpoint whose slot they got."""

    generation: UUID
    accepted_at: datetime
    endpoints: Sequence[tuple[Endpoint, int]]
    on_place: Callable[[int, int | None], None]
    granted: "asyncio.Future[Endpoint]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    is_asked_for: bool = False
    """A script that speaks of this person is under way, or about to be. A second one would put them into the line
    again, and what they were granted twice they would give back while they use it.
    """


class Admission:
    """This process's side of it: who waits here, which slots its answers hold."""

    def __init__(self, redis: "Redis") -> None:
        self._admit = redis.register_script(admission_scripts.ADMIT)
        self._take = redis.register_script(admission_scripts.TAKE)
        self._renew = redis.register_script(admission_scripts.RENEW)
        self._redis = redis
        self._lines: dict[str, dict[UUID, Waiting]] = {}
        self._held: dict[UUID, list[Endpoint]] = {}
        self._somebody = asyncio.Event()
        self._typical_s = 8.0
        self._away_since: float | None = None
        """By this process's clock; None while Redis answers."""

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
        person.is_asked_for = True  # before the task below begins: the line may be looked at in between
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
            taken = self._take(keys=[SINCE, _slots(endpoint)], args=[*_periods_ms(), limit, str(generation)])
            free = int(await asyncio.shield(taken))
            got = free > 0 or (free < 0 and self._has_local_room(endpoint, limit))
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
        """Extend the slots this process holds; a Redis that forgot them hears of them again.

        Asked also when there are none: a memory that began while nobody was here is old enough when somebody comes.
        """
        held = [(endpoint, generation) for generation, endpoints in self._held.items() for endpoint in endpoints]
        slots, generations = [_slots(e) for e, _ in held], [str(g) for _, g in held]
        await self._renew(keys=[SINCE, *slots], args=[*_periods_ms(), *generations])
        for endpoint, generation in held:
            if endpoint not in self._held.get(generation, ()):  # given back meanwhile, maybe before it was extended
                await self._redis.zrem(_slots(endpoint), str(generation))

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
        args: list[str | int] = [*_periods_ms(), len(endpoints), *(limit for _, limit in endpoints)]
        for person in people:
            person.is_asked_for = True
            args += [str(person.generation), round(person.accepted_at.timestamp() * 1000)]
        keys = [SINCE, _line(queue), f"{_line(queue)}:alive", *(_slots(endpoint) for endpoint, _ in endpoints)]
        try:
            async with asyncio.timeout(timing().redis_reply_s * 10):
                answers = await self._admit(keys=keys, args=args)
            self._away_since = None
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
            elif answer < 0:
                person.on_place(-answer, math.ceil(-answer / at_once * self._typical_s))

    async def _grant(self, person: Waiting, endpoint: Endpoint) -> None:
        self._held.setdefault(person.generation, []).append(endpoint)
        if person.granted.done():
            # They gave up while the script ran: nobody else would give the slot back.
            await self.release(person.generation)
        else:
            person.granted.set_result(endpoint)

    def _admit_locally(self, people: Sequence[Waiting]) -> list[int]:
        """The numbers of their endpoints, or 0: a place among those of this process would be none in the line."""
        now = time.monotonic()
        self._away_since = self._away_since or now
        if now - self._away_since < _settling_s():
            return [0] * len(people)
        answers = []
        taken: dict[str, int] = {}
        for person in people:
            for number, (endpoint, limit) in enumerate(person.endpoints, start=1):
                if self._has_local_room(endpoint, limit, taken.get(str(endpoint.id), 0)):
                    taken[str(endpoint.id)] = taken.get(str(endpoint.id), 0) + 1
                    answers.append(number)
                    break
            else:
                answers.append(0)
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
