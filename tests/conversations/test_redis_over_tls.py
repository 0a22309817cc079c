"""``REDIS_URL=rediss://...``: every one of the ways to Redis is encrypted, and asks whom it speaks to."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import celery
import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from conversations import redis_wire
from conversations.redis_wire import PlainConnection, TlsConnection
from tests.certificate import Certificate
from tests.processes import Process
from tests.settings import VALKEY_PORT


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)


@pytest.fixture
async def port(valkey: Process, certificate: Certificate) -> AsyncIterator[int]:
    """Of a server that speaks TLS: Valkey's wheel knows none, so somebody speaks it in front of it."""
    carriers: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65_536):
                writer.write(chunk)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", VALKEY_PORT)
        carriers.update(asyncio.create_task(carry(*way)) for way in ((reader, back), (there, writer)))

    async with await asyncio.start_server(accept, "127.0.0.1", 0, ssl=certificate.context) as server:
        yield server.sockets[0].getsockname()[1]
        server.close()
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)


@pytest.fixture
def url(port: int, certificate: Certificate) -> str:
    return f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate.path}"


async def test_the_log_and_the_limits(url: str) -> None:
    redis = redis_wire.client(url)
    assert await redis.ping()
    assert redis.connection_pool.connection_class is TlsConnection
    await redis.aclose()


async def test_the_hints(url: str) -> None:
    layer: Any = RedisPubSubChannelLayer(hosts=[redis_wire.channel_host(url)], prefix="of a test")
    mine = await layer.new_channel()
    await layer.group_add("everybody", mine)
    await layer.group_send("everybody", {"type": "hint"})
    assert await layer.receive(mine) == {"type": "hint"}
    await layer.flush()


async def test_the_work_for_celery(url: str) -> None:
    await asyncio.to_thread(_dial, url)


async def test_who_shows_a_certificate_that_nobody_vouches_for_is_told_nothing(port: int) -> None:
    """By the machine's authorities, since the URL names no other one."""
    stranger = f"rediss://127.0.0.1:{port}/0"
    redis = redis_wire.client(stranger)
    with pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        await redis.ping()
    await redis.aclose()
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        await asyncio.to_thread(_dial, stranger)


def test_a_plain_url_is_plain() -> None:
    host = redis_wire.channel_host("redis://:secret@cache.example.org:6380/3")
    assert host == {
        "host": "cache.example.org",
        "port": 6380,
        "db": 3,
        "password": "secret",
        "socket_timeout": None,
        "connection_class": PlainConnection,
    }


def _dial(url: str) -> None:
    """As the product's settings have it for such a URL."""
    app = celery.Celery(broker=url, broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED}, set_as_current=False)
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)
