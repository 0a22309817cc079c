"""The replayable log of running generations: one Redis Stream each, read again by whoever missed something.

An entry is one frame, in the bytes the page gets. Its id is ``<epoch>-<count>``: Redis refuses an id
that is not larger than the last, so an owner that lost its lease and wakes up cannot append any more.
The count is of entries, not the frames' ``seq``: ``started`` and a new owner's snapshot have no seq of
their own, and fence the old owner before the first word.

Redis holds speed, the database holds truth: every failure here means "go on without", none is fatal.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations import protocol
from conversations.protocol import LogFrame
from conversations.timing import timing

logger = logging.getLogger(__name__)

_Entries = list[tuple[bytes, dict[bytes, bytes]]]
"""Entry ids and fields, as redis-py gives them undecoded."""

_APPEND = """
-- ARGV[1]: for each entry its log, its id, its text, and after how many seconds its log expires (0: as before).
-- Answers the numbers of the entries that were refused, minus the numbers of those that failed.
-- The logs are no KEYS: a client encodes each of those apart, which was a third of what a batch cost it. A cluster of
-- shards takes them neither way, since the logs of a tick lie on many of them.
local batch, faults = cmsgpack.unpack(ARGV[1]), {}
for at = 1, #batch, 4 do
  local log, id, text, expiry_s = unpack(batch, at, at + 3)
  local reply = redis.pcall('XADD', log, id, 'f', text)
  if type(reply) == 'table' and reply.err then
    local number = (at + 3) / 4
    faults[#faults + 1] = string.find(reply.err, 'equal or smaller', 1, true) and number or -number
  elseif expiry_s > 0 then
    redis.call('EXPIRE', log, expiry_s)
  end
end
return faults
"""


_SEIZE = """
-- ARGV[1]: for each log its key, an id, and after how many seconds it expires. Answers the texts of each log's entries.
-- An entry with that id is added and taken away again: what stays is that ids must be larger. It may be there from the
-- last try. A reply has one part for each log and not for each entry, of which there may be thousands: the client
-- takes 12 us for every part.
local batch, logs = cmsgpack.unpack(ARGV[1]), {}
for at = 1, #batch, 3 do
  local log, id, expiry_s = unpack(batch, at, at + 2)
  redis.pcall('XADD', log, id, 'f', '')
  redis.pcall('XDEL', log, id)
  redis.pcall('EXPIRE', log, expiry_s)
  local texts = {}
  for number, entry in ipairs(redis.pcall('XRANGE', log, '-', '+')) do
    texts[number] = entry[2][2]
  end
  logs[#logs + 1] = cmsgpack.pack(texts)
end
return logs
"""


class Appended(Enum):
    YES = "yes"
    REFUSED = "refused"
    """A larger id is there: somebody else owns this generation now."""
    UNKNOWN = "unknown"
    """Redis is away. The entry may or may not be there."""


class Entry(NamedTuple):
    generation: UUID
    log: str
    """``key_of`` it, which is dear to make anew for each entry."""
    id: str
    frame: LogFrame
    text: str
    """``frame`` as JSON: what followers are sent."""
    kept: str
    """What the log keeps: the same; or all of the answer so far, where an entry before it may be missing there."""


def key_of(generation: UUID) -> str:
    return f"shiyong:log:{generation}"


class DeltaLog:
    def __init__(self, redis: "Redis", *, reply_s: float) -> None:
        """``reply_s``: how long a batch waits before its entries are not known; ten times that for anything else."""
        self._redis = redis
        self._reply_s = reply_s
        self._append = redis.register_script(_APPEND)
        self._seize = redis.register_script(_SEIZE)

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        """All entries of a tick in one command with one short reply, answered in order."""
        batch = [field for entry in entries for field in (entry.log, entry.id, entry.kept, _expiry_s(entry.frame))]
        try:
            async with asyncio.timeout(self._reply_s):
                faults = await self._append(args=[msgspec.msgpack.encode(batch)])
        except (TimeoutError, RedisError, OSError):
            return [Appended.UNKNOWN] * len(entries)
        verdicts = [Appended.YES] * len(entries)
        for fault in cast(list[int], faults):
            verdicts[abs(fault) - 1] = Appended.REFUSED if fault > 0 else Appended.UNKNOWN
        return verdicts

    async def seize(self, epochs: Mapping[UUID, int], *, within_s: float) -> dict[UUID, list[LogFrame]]:
        """All that earlier owners of these generations have shown. In the same step they are kept from the logs.

        Tried again for ``within_s``, and once more at least: a Redis that is slow or just restarts has words that
        nobody else has, and an event loop that stood still finds the reply and its time-out together. Empty where a
        log is gone or makes no sense, and where it could not be read, since Redis stays away.
        """
        asked = [field for key, epoch in epochs.items() for field in (key_of(key), f"{epoch}-0", _running_s())]
        until, tries = time.monotonic() + within_s, 2 if within_s else 1
        while True:
            tries -= 1
            with contextlib.suppress(TimeoutError, RedisError, OSError):
                async with asyncio.timeout(self._reply_s * 10):
                    packed = await self._seize(args=[msgspec.msgpack.encode(asked)])
                logs = zip(epochs, cast(list[bytes], packed), strict=True)
                return {generation: _unpacked(generation, log) for generation, log in logs}
            if tries <= 0 and time.monotonic() >= until:
                logger.warning("the words of %s answers cannot be read: Redis is away", len(epochs))
                return {generation: [] for generation in epochs}
            await asyncio.sleep(self._reply_s)

    async def forget_words(self, generations: Sequence[UUID]) -> None:
        """Nothing is left of these logs but that ids must be larger."""
        pipeline = self._redis.pipeline(transaction=False)
        for generation in generations:
            pipeline.xtrim(key_of(generation), maxlen=0, approximate=False)
        async with asyncio.timeout(self._reply_s * 10):
            await pipeline.execute()

    async def read(self, generation: UUID) -> list[LogFrame]:
        """The whole log of a generation; empty when it is gone or Redis is away."""
        try:
            async with asyncio.timeout(self._reply_s * 10):
                return _frames(await self._redis.xrange(key_of(generation)))
        except (TimeoutError, RedisError, OSError):
            return []

    async def wait(self, cursors: Mapping[UUID, str], block_ms: int) -> list[tuple[UUID, str, str]]:
        """New entries of many logs in one blocking read: (generation, entry id, frame text)."""
        keys = {key_of(generation).encode(): generation for generation in cursors}
        streams = {key: cursors[generation] for key, generation in keys.items()}
        reply = await self._redis.xread(streams, block=block_ms)  # type: ignore[arg-type]  # dict is invariant
        return [
            (keys[key], entry_id.decode(), fields[b"f"].decode())
            for key, entries in _by_stream(reply)
            for entry_id, fields in entries
        ]


def _unpacked(generation: UUID, log: bytes) -> list[LogFrame]:
    """One that cannot be understood takes no other's words away."""
    try:
        return [protocol.decode_log(text) for text in msgspec.msgpack.decode(log)]
    except Exception:
        logger.exception("the log of %s cannot be understood", generation)
        return []


def _frames(entries: object) -> list[LogFrame]:
    return [protocol.decode_log(fields[b"f"]) for _, fields in cast(_Entries, entries)]


def _by_stream(reply: object) -> Iterator[tuple[bytes, _Entries]]:
    """RESP3 answers a map of lists of lists, RESP2 a list of pairs."""
    if isinstance(reply, dict):
        for key, batches in reply.items():
            yield key, [entry for batch in batches for entry in batch]
    else:
        yield from cast(list[tuple[bytes, _Entries]], reply or [])


def _expiry_s(frame: LogFrame) -> int:
    """Set when a log begins, anew with each owner's first entry, and shortly after its end; never per delta."""
    match frame:
        case protocol.Started():
            return _running_s()
        case protocol.Finished():
            return max(1, round(timing().log_expiry_s))
        case _:
            return 0


def _running_s() -> int:
    return round(timing().running_log_s)
