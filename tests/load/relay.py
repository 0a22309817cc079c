"""The yardstick, "raw": the least a relay in Python can do. ``python -m tests.load.relay --port N --upstream PORT``

asyncio and uvloop; the page's text frame is the request body, POSTed on a connection of its own; every ``data:`` line
of the answer goes back as one frame, unread. No authentication, no storage, no back-pressure.
"""

import argparse
import asyncio
import signal
from functools import partial
from typing import cast

import httptools
import uvloop

from tests.load.websocket import CLOSE, PING, PONG, TEXT, Frames, accept_key, frame

HOST = "127.0.0.1"


class Upstream(asyncio.Protocol):
    """One request, one streamed answer."""

    def __init__(self, body: bytes, down: asyncio.Transport) -> None:
        self._body = body
        self._down = down
        self._parser = httptools.HttpResponseParser(self)
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._transport.write(
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (HOST.encode(), len(self._body), self._body)
        )

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        *lines, self._rest = (self._rest + body).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                self._down.write(frame(TEXT, line[6:]))

    def on_message_complete(self) -> None:
        self._transport.close()


class Downstream(asyncio.Protocol):
    """One page."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._frames = Frames()
        self._head: bytes | None = b""
        self._dialling: set[asyncio.Task[object]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._shake_hands(data)
            return
        for opcode, payload in self._frames.feed(data):
            if opcode == TEXT:
                self._dial(payload)
            elif opcode == PING:
                self._transport.write(frame(PONG, payload))
            elif opcode == CLOSE:
                self._transport.close()

    def _shake_hands(self, data: bytes) -> None:
        self._head = (self._head or b"") + data
        if not self._head.endswith(b"\r\n\r\n"):
            return
        lines = dict(line.lower().split(b": ", 1) for line in self._head.split(b"\r\n")[1:-2])
        key = next(line for line in self._head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
        assert lines[b"upgrade"] == b"websocket"
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept_key(key.split(b":", 1)[1].strip())
        )
        self._head = None

    def _dial(self, body: bytes) -> None:
        dial = asyncio.get_running_loop().create_connection(
            lambda: Upstream(body, self._transport), HOST, self._upstream_port
        )
        task: asyncio.Task[object] = asyncio.create_task(dial)
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)


async def serve(port: int, upstream_port: int) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    await loop.create_server(partial(Downstream, upstream_port), HOST, port, backlog=4096)
    await over.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.load.relay", description="The yardstick of the benchmark.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", type=int, required=True, help="the endpoint's port on this machine")
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.upstream))
