"""Knocking at the socket's door without the manners of a page: any Origin, any cookie, any frame."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus


@asynccontextmanager
async def knock(web: str, *, origin: str | None, session: str | None = None) -> AsyncIterator[ClientConnection]:
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    async with connect(
        web.replace("http", "ws", 1) + "/ws/",
        origin=origin,  # type: ignore[arg-type]
        additional_headers=headers,
        compression=None,
        max_size=None,
    ) as connection:
        yield connection


async def refused_with(web: str, *, origin: str | None, session: str | None = None) -> int:
    """The HTTP status of a handshake that is not answered by a socket; 101 when it is."""
    try:
        async with knock(web, origin=origin, session=session):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


async def close_code(connection: ClientConnection) -> int | None:
    async with asyncio.timeout(10):
        await connection.wait_closed()
    return connection.close_code
