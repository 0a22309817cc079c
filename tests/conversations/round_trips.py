"""How often Redis is asked: each time costs the event loop more than it costs Redis."""

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager

from redis.asyncio import Connection, ConnectionPool, Redis

from tests.settings import VALKEY_PORT

PATIENT_S = 60.0
"""For a log that must answer: a busy machine may be slow, and that is not what is asked."""


class Counted(Connection):
    """How often something was written to Redis."""

    writes = 0

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        type(self).writes += 1
        await super().send_packed_command(command, check_health)


@asynccontextmanager
async def counted_redis() -> "AsyncIterator[Redis]":
    pool: ConnectionPool = ConnectionPool(connection_class=Counted, host="127.0.0.1", port=VALKEY_PORT)
    async with aclosing(Redis(connection_pool=pool)) as client:
        yield client
    await pool.disconnect()
