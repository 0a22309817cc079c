"""One pool of connections to Redis for the sessions' cache of a whole process.

Django makes a cache for each context, and with it a pool. Every socket has a context of its own, for as long as it
lives, so that every socket would hold a connection which it used once, at its handshake.
"""

from threading import Lock
from typing import Any, ClassVar, Self

from redis import ConnectionPool


class SharedPool(ConnectionPool):
    """Safe between threads and after a fork, as every pool of redis-py."""

    _by_url: ClassVar[dict[str, "SharedPool"]] = {}
    _making: ClassVar[Lock] = Lock()

    @classmethod
    def from_url(cls, url: str, **options: Any) -> Self:
        """The options are those of the settings, the same each time."""
        with cls._making:
            if url not in cls._by_url:
                cls._by_url[url] = super().from_url(url, **options)
            pool = cls._by_url[url]
            assert isinstance(pool, cls)
            return pool
