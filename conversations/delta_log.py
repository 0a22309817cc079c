"""The replayable log of running generations: one Redis Stream each, read again by whoever missed something.

An entry is one frame, in the bytes the page gets. Its id is ``<epoch>-<count>``: Redis refuses an id
that is not larger than the last, so an owner that lost its lease and wakes up cannot append any more.
The count is of entries, not the frames' ``seq``: ``started`` and a new owner's snapshot have no seq of
their own, and fence the old owner before the first word.

Redis holds speed, the database holds truth: every failure here means "go on without", none is fatal.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from conversations import protocol
from conversations.protocol import LogFrame
from conversations.timing import timing

_Entries = list[tuple[bytes, dict[bytes, bytes]]]
"""Entry ids and fields, as redis-py gives them undecoded."""

RUNNING_EXPIRY_S = 3600
"""No generation lives so long; what a lost process left behind is gone by then."""


class Appended(Enum):
    YES = "yes"
    REFUSED = "refused"
    """A larger id is there: somebody else owns this generation now."""
    UNKNOWN = "unknown"
    """Redis is away. The entry may or may not be there."""


@dataclass(frozen=True, slots=True)
class Entry:
    generation: UUID
    id: str
    frame: LogFrame
    text: str
    """``frame`` as JSON: what the log keeps and what followers are sent."""


def _key(generation: UUID) -> str:
    return f"shiyong:log:{generation}"


class DeltaLog:
    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        """All entries of a tick in one round trip, answered in order."""
        pipeline = self._redis.pipeline(transaction=False)
        for entry in entries:
            key = _key(entry.generation)
            pipeline.xadd(key, {"f": entry.text}, id=entry.id)
            if isinstance(entry.frame, protocol.Started):
                pipeline.expire(key, RUNNING_EXPIRY_S)
            elif isinstance(entry.frame, protocol.Finished):
                pipeline.expire(key, max(1, round(timing().log_expiry_s)))
        try:
            async with asyncio.timeout(timing().redis_reply_s):
                replies = await pipeline.execute(raise_on_error=False)
        except (TimeoutError, RedisError, OSError):
            return [Appended.UNKNOWN] * len(entries)
        return [_verdict(reply) for reply in replies if not isinstance(reply, bool)]

    async def read(self, generation: UUID) -> list[LogFrame]:
        """The whole log of a generation; empty when it is gone or Redis is away."""
        try:
            async with asyncio.timeout(timing().redis_reply_s * 10):
                entries = await self._redis.xrange(_key(generation))
        except (TimeoutError, RedisError, OSError):
            return []
        return [protocol.decode_log(fields[b"f"]) for _, fields in cast(_Entries, entries)]

    async def wait(self, cursors: Mapping[UUID, str], block_ms: int) -> list[tuple[UUID, str, str]]:
        """New entries of many logs in one blocking read: (generation, entry id, frame text)."""
        keys = {_key(generation).encode(): generation for generation in cursors}
        streams = {key: cursors[generation] for key, generation in keys.items()}
        reply = await self._redis.xread(streams, block=block_ms)  # type: ignore[arg-type]  # dict is invariant
        return [
            (keys[key], entry_id.decode(), fields[b"f"].decode())
            for key, entries in _by_stream(reply)
            for entry_id, fields in entries
        ]


def _by_stream(reply: object) -> Iterator[tuple[bytes, _Entries]]:
    """RESP3 answers a map of lists of lists, RESP2 a list of pairs."""
    if isinstance(reply, dict):
        for key, batches in reply.items():
            yield key, [entry for batch in batches for entry in batch]
    else:
        yield from cast(list[tuple[bytes, _Entries]], reply or [])


def _verdict(reply: object) -> Appended:
    if isinstance(reply, ResponseError) and "equal or smaller" in str(reply):
        return Appended.REFUSED
    return Appended.UNKNOWN if isinstance(reply, Exception) else Appended.YES
