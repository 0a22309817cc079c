"""A page that takes nothing from its socket, or next to nothing."""

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

WINDOW = 4096
"""Bytes that its machine takes in for it: the rest waits at the server."""
SEGMENT = 536
"""As from far away. On the loopback a segment is 64 kB, and the server's kernel would hold fifty of them for it."""
SIP, SIP_S = 50, 0.5
"""Bytes, and the seconds between two sips: 100 B/s."""


class SlowReader:
    """``async with SlowReader(origin, session) as reader``: through the handshake; from then on it reads on demand."""

    def __init__(self, origin: str, session: str) -> None:
        address = urlsplit(origin)
        self._address = (address.hostname or "", address.port or 0)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        self._socket.setblocking(False)
        self._protocol = ClientProtocol(parse_uri(origin.replace("http", "ws", 1) + "/ws/"), origin=origin)  # type: ignore[arg-type]
        self._session = session

    async def __aenter__(self) -> Self:
        await asyncio.get_running_loop().sock_connect(self._socket, self._address)
        request = self._protocol.connect()
        request.headers["Cookie"] = f"sessionid={self._session}"
        self._protocol.send_request(request)
        await self._flush()
        while self._protocol.state is State.CONNECTING:
            assert await self.read(1)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    async def say(self, text: str) -> None:
        self._protocol.send_text(text.encode())
        await self._flush()

    async def read(self, at_most: int) -> int:
        """How many bytes there were; 0 at the end of the connection."""
        try:
            received = await asyncio.get_running_loop().sock_recv(self._socket, at_most)
        except ConnectionError:
            received = b""
        if received:
            self._protocol.receive_data(received)
        return len(received)

    async def sip(self) -> None:
        """Next to nothing, until the end of the connection."""
        while await self.read(SIP):  # noqa: ASYNC110
            await asyncio.sleep(SIP_S)

    @property
    def ports(self) -> tuple[int, int]:
        """The server's, and its own, which it may share with lines of others to other servers."""
        return self._address[1], self._socket.getsockname()[1]

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            await asyncio.get_running_loop().sock_sendall(self._socket, data)


def held(readers: Sequence[SlowReader]) -> int:
    """How many of these connections the server still has open, as the kernel of this machine knows.

    One that the server closed may stay for a while with what was not read yet; it belongs to nobody then.
    """
    theirs = {reader.ports for reader in readers}
    entries = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(tuple(map(_port, entry[1:3])) in theirs and entry[9] != "0" for entry in entries)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
