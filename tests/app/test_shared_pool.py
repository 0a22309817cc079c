"""However many sockets look up their sessions, a process holds few connections to Redis."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

from django.core.cache import cache
from redis import Redis

from tests.processes import Process
from tests.settings import VALKEY_PORT


def test_contexts_that_live_on_share_their_connections(valkey: Process) -> None:
    with Redis(port=VALKEY_PORT) as redis, ThreadPoolExecutor(4) as threads:
        before = len(redis.client_list())
        lives = [Context() for _ in range(50)]
        list(threads.map(lambda life: life.run(cache.get, "nobody"), lives))
        assert len(redis.client_list()) <= before + 4
