"""The connections to one origin that wait for their next request."""

import asyncio

from conversations.inference.errors import UpstreamReset
from conversations.inference.response import UpstreamResponse, pouring
from conversations.inference.transport.address import Origin
from conversations.inference.transport.connection import Connection
from conversations.inference.transport.dial import dial
from conversations.inference.transport.exchange import Exchange
from conversations.inference.transport.inflate import plain

IDLE_S = 60.0
"""Below what endpoints and the balancers before them commonly allow a silent connection."""


class Pool:
    """Belongs to the loop it was made in, and to one key: nobody's request travels where another's did."""

    def __init__(self, origin: Origin, *, idle_s: float = IDLE_S) -> None:
        self._origin = origin
        self._idle_s = idle_s
        self._loop = asyncio.get_running_loop()
        self._idle: list[Connection] = []  # the longest idle first; the last one is taken, so that the rest can expire
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def send(self, request: bytes, *, connect_s: float) -> UpstreamResponse:
        """Raises ``ConnectFailed``, ``UpstreamReset``, ``BadStream``.

        A connection that was kept may have been closed by its endpoint in the moment in which it was used again. Then
        not one byte came back, and the request is sent once more over a new one. That is no second try in the router's
        sense: this endpoint has not failed, and to ask a model twice changes nothing on its side.
        """
        connection = self._take()
        if connection is not None:
            exchange = connection.begin(request)
            try:
                return await self._response(connection, exchange)
            except UpstreamReset:
                if exchange.is_answered:
                    raise
        connection = await dial(self._origin, connect_s=connect_s)
        return await self._response(connection, connection.begin(request))

    def close(self) -> None:
        """Those that are in use close when they are given back."""
        self._is_closed = True
        for connection in self._idle:
            connection.close()
        self._idle.clear()
        if self._timer:
            self._timer.cancel()

    async def _response(self, connection: Connection, exchange: Exchange) -> UpstreamResponse:
        try:
            await exchange.head()
            read = plain(exchange.read, exchange.headers.get("content-encoding", ""), status=exchange.status)
            pour = exchange.pour if read == exchange.read else pouring(read)
        except BaseException:
            connection.close()
            raise

        async def close() -> None:
            self._give_back(connection, exchange)

        return UpstreamResponse(status=exchange.status, headers=exchange.headers, read=read, pour=pour, close=close)

    def _take(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open():
                return connection
        return None

    def _give_back(self, connection: Connection, exchange: Exchange) -> None:
        if not connection.end(exchange):
            return
        if self._is_closed or not exchange.leaves_a_usable_connection() or not connection.is_open():
            connection.close()
            return
        connection.idle_since = self._loop.time()
        self._idle.append(connection)
        if self._timer is None:
            self._timer = self._loop.call_later(self._idle_s, self._expire)

    def _expire(self) -> None:
        now = self._loop.time()
        expired = [connection for connection in self._idle if now - connection.idle_since >= self._idle_s]
        del self._idle[: len(expired)]
        for connection in expired:
            connection.close()
        self._timer = self._loop.call_at(self._idle[0].idle_since + self._idle_s, self._expire) if self._idle else None
