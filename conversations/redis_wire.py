"""Connections to Redis that were closed by the other side, told as redis-py tells them.

On uvloop, writing to a connection that was reset meanwhile raises ``RuntimeError`` ("the handler is closed") where
asyncio's own loop raises ``ConnectionResetError``. redis-py knows only the latter: it would neither dial again nor say
``ConnectionError``, and every answer that began then would fail.
"""

from collections.abc import Iterable

from redis.asyncio import Connection, Redis, SSLConnection
from redis.exceptions import ConnectionError as RedisConnectionError


class PlainConnection(Connection):
    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as closed:
            raise RedisConnectionError(str(closed)) from closed


class TlsConnection(SSLConnection):
    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as closed:
            raise RedisConnectionError(str(closed)) from closed


def client(url: str) -> "Redis":
    """Gives up on a silent server after a few seconds; whoever cannot wait so long has a time-out of its own."""
    redis = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
    pool = redis.connection_pool
    pool.connection_class = TlsConnection if issubclass(pool.connection_class, SSLConnection) else PlainConnection
    return redis
