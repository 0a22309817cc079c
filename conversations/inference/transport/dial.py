"""A new connection: name, TCP and TLS within one time-out."""

import asyncio
import os
import socket
import ssl
from functools import cache

import httpx2
from aiohappyeyeballs import start_connection

from conversations.inference.errors import ConnectFailed, word_for
from conversations.inference.transport.address import Origin
from conversations.inference.transport.connection import Connection

NEXT_ADDRESS_S = 0.25
"""Until the next address of a name is tried beside the first (RFC 8305): a broken IPv6 must not cost the time-out."""


async def dial(origin: Origin, *, connect_s: float) -> Connection:
    """Raises ``ConnectFailed``."""
    loop = asyncio.get_running_loop()
    secure = origin.scheme == "https"
    try:
        async with asyncio.timeout(connect_s):
            found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
            connected = await start_connection(found, happy_eyeballs_delay=NEXT_ADDRESS_S, interleave=1)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _, connection = await loop.create_connection(
                Connection,
                sock=connected,
                ssl=_tls() if secure else None,
                server_hostname=origin.host if secure else None,
            )
    except TimeoutError:
        raise ConnectFailed(f"no connection within {connect_s:g} s") from None
    except (OSError, ValueError) as error:
        raise ConnectFailed(f"no connection: {word_for(error)}") from None
    return connection


def _tls() -> ssl.SSLContext:
    return _context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _context(_file: str | None, _directory: str | None) -> ssl.SSLContext:
    """Names and certificates are checked. httpx2 knows where each system keeps those it trusts, and reads these two
    variables itself; loading them takes 20 ms, so it is done once.
    """
    context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
