"""One connection to an endpoint, as asyncio sees it."""

import asyncio
from typing import cast

from conversations.inference.transport.exchange import Exchange


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. Between two of them any byte is one too many, and ends it."""

    def __init__(self) -> None:
        self._exchange: Exchange | None = None
        self.idle_since = 0.0
        """Time of the loop."""

    def begin(self, request: bytes) -> Exchange:
        self._exchange = Exchange(self._transport)
        self._transport.write(request)
        return self._exchange

    def end(self, exchange: Exchange) -> bool:
        """False when it was over before: whoever closes twice must not end the next one's."""
        if self._exchange is not exchange:
            return False
        self._exchange = None
        return True

    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def close(self) -> None:
        """At once: an endpoint that is still writing an answer must learn that nobody wants it."""
        self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        if self._exchange is None:
            self._transport.abort()
        else:
            self._exchange.feed(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._exchange is not None:
            self._exchange.lost(error)
