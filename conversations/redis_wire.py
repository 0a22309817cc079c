"""Connections to Redis that were closed by the other side, told as redis-py tells them.

On uvloop, writing to a connection that was reset meanwhile raises ``RuntimeError`` ("the handler is closed") where
asyncio's own loop raises ``ConnectionResetError``. redis-py knows only the latter: it would neither dial again nor say
``ConnectionError``, and every answer that began then would fail.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Connection, Redis, SSLConnection
from redis.asyncio.connection import AbstractConnection, parse_url
from redis.exceptions import ConnectionError as RedisConnectionError

from conversations.timing import timing

CONNECTIONS = 32
"""Of a process, besides those of the channel layer and of the cache of sessions."""


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
    """Gives up on a silent server after a few seconds; whoever cannot wait so long has a time-out of its own.

    Its connections are bounded: without it, all sockets of a process coming back at once would leave it with as many
    as there were commands under way at the worst moment, for good.
    """
    silent_s = timing().redis_silent_s
    pool = BlockingConnectionPool.from_url(
        url, max_connections=CONNECTIONS, timeout=silent_s, socket_timeout=silent_s, socket_connect_timeout=2
    )
    pool.connection_class = _ours(pool.connection_class)
    return Redis.from_pool(pool)


@asynccontextmanager
async def lent(url: str) -> AsyncIterator["Redis"]:
    """For a few commands of a thread, which has an event loop only for as long as they take."""
    redis = client(url)
    try:
        yield redis
    finally:
        await redis.aclose()


def channel_host(url: str) -> dict[str, Any]:
    """A server of the channel layer, for its settings. Were it told the URL, that would choose the connection's class.

    redis-py 8 gives every socket a 5 s time-out, which kills an idle subscription: none here (stack.md, trap 1).
    """
    parts: dict[str, Any] = dict(parse_url(url))
    return {**parts, "socket_timeout": None, "connection_class": _ours(parts.get("connection_class", Connection))}


def _ours(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    return TlsConnection if issubclass(kind, SSLConnection) else PlainConnection
