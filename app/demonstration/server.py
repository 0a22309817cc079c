"""HTTP/1.1 for the demonstration, on a bare asyncio protocol: a delta costs one write, so that benchmarks measure the
product and not its double.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from typing import cast

import httptools

from app.demonstration.faults import Ending
from app.demonstration.play import FOREVER, Action, whole

MAX_BODY = 16 << 20

OnEnd = Callable[[bool], None]
"""Called once with whether the client left before the end."""
Respond = Callable[[str, str, dict[str, str], bytes], tuple[Iterator[Action], OnEnd | None]]
"""Method, path, headers in lower case, body -> what to send."""


class Connection(asyncio.Protocol):
    """One client; one response at a time."""

    def __init__(self, respond: Respond, on_count: Callable[[int], None]) -> None:
        self._respond = respond
        self._on_count = on_count
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._playing: Iterator[Action] | None = None
        self._on_end: OnEnd | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._writable = True

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._on_count(1)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._on_count(-1)
        if self._playing:
            self._end(by_client=True)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        if self._playing and self._timer is None:
            self._step()

    # What the parser calls

    def on_message_begin(self) -> None:
        self._path = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0

    def on_url(self, url: bytes) -> None:
        self._path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._size += len(body)
        if self._size > MAX_BODY:
            self._transport.close()

    def on_message_complete(self) -> None:
        if self._playing or self._size > MAX_BODY:
            self._transport.close()  # nobody needs pipelining
            return
        method = self._parser.get_method().decode("latin-1")
        path = self._path.decode("latin-1").split("?")[0]
        self._keep_alive = self._parser.should_keep_alive()
        self._playing, self._on_end = self._respond(method, path, self._headers, b"".join(self._body))
        self._due = self._loop.time()
        self._step()

    # The response

    def _step(self) -> None:
        """Send until the next pause. Pauses are kept by the clock, so that lateness does not add up."""
        self._timer = None
        playing = self._playing
        while playing and self._writable:
            action = next(playing, None)
            if action is None:
                self._end(by_client=False)
                if not self._keep_alive:
                    self._transport.close()
                return
            if isinstance(action, bytes):
                self._transport.write(action)
            elif isinstance(action, Ending):
                self._break(action)
                return
            elif action == FOREVER:
                return
            else:
                self._due += action
                if self._due > self._loop.time():
                    self._timer = self._loop.call_at(self._due, self._step)
                    return

    def _break(self, ending: Ending) -> None:
        self._end(by_client=False)
        if ending is Ending.RESET:
            raw: socket.socket = self._transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()

    def _end(self, *, by_client: bool) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._playing = None
        on_end, self._on_end = self._on_end, None
        if on_end:
            on_end(by_client)


def refusal(status: int, message: str) -> Iterator[Action]:
    return whole(status, b'{"error":{"message":"%b","code":%d}}' % (message.encode(), status))
