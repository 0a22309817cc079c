"""One request's response: what the parser finds in what arrives, kept until it is read or handed on at once."""

import asyncio

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from conversations.inference.errors import BadStream, CallFailed, UpstreamReset, word_for
from conversations.inference.response import Take
from conversations.inference.transport.fetching import Fetching
from conversations.inference.types import Pace

MAX_HEAD_BYTES = 64 * 1024
"""Of a head, with all interim ones before it; and of anything after it that is no body (trailers, chunk extensions)."""
MAX_HEADERS = 256
HIGH_WATER = 64 * 1024
"""Bytes of a body that wait to be read before the endpoint is made to wait."""


class Exchange:
    """``feed`` and ``lost`` by the connection; ``head``, then ``read`` or ``pour`` by one reader."""

    __slots__ = (
        "_failure",
        "_fetching",
        "_has_head",
        "_head_bytes",
        "_header_count",
        "_is_complete",
        "_is_interim",
        "_is_paused",
        "_keeps_alive",
        "_loop",
        "_other_bytes",
        "_parser",
        "_parts",
        "_size",
        "_take",
        "_transport",
        "_waiter",
        "headers",
        "is_answered",
        "status",
    )

    def __init__(self, transport: asyncio.Transport) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_answered = False
        """A byte came back: the endpoint has seen the request."""
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._parser = HttpResponseParser(self)
        # As every browser does; neither makes the end of a body a matter of opinion.
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True)
        self._head_bytes = 0
        self._header_count = 0
        self._other_bytes = 0  # since the last bit of a body or the head
        self._has_head = False
        self._is_interim = False
        self._is_complete = False
        self._keeps_alive = False
        self._failure: CallFailed | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._is_paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._take: Take | None = None
        self._fetching: Fetching | None = None

    # For the reader

    async def head(self) -> None:
        """Until ``status`` and ``headers`` (names in lower case) are there. Raises ``UpstreamReset``, ``BadStream``."""
        while not self._has_head:
            if self._failure:
                raise self._failure
            self._waiter = self._loop.create_future()
            await self._waiter

    async def read(self) -> bytes:
        """All of the body that has arrived, empty at its end. Raises ``UpstreamReset``, ``BadStream``."""
        while not self._parts:
            if self._failure:
                raise self._failure
            if self._is_complete:
                return b""
            self._waiter = self._loop.create_future()
            await self._waiter
        return self._taken()

    async def pour(self, take: Take, pace: Pace | None = None) -> bool:
        """Hand ``take`` what arrives of the body, until it has enough (False) or the body ends (True).

        Without a ``pace`` whenever something arrives. With one when the pace says so: nobody is woken in between.
        Raises as ``read`` does, and whatever ``take`` raises.
        """
        self._take = take
        self._waiter = self._loop.create_future()
        if pace is not None:
            self._fetching = Fetching(self._transport)
            pace.join(self._fetch)
        try:
            self._hand_on()
            await self._waiter
        finally:
            has_enough, self._take = self._take is None, None
            if pace is not None and self._fetching is not None:
                pace.leave(self._fetch)
                self._fetching.end()
                self._fetching = None
        if has_enough:
            return False
        if self._failure:
            raise self._failure
        return True

    def leaves_a_usable_connection(self) -> bool:
        return self._is_complete and self._keeps_alive and not self._is_paused

    def _taken(self) -> bytes:
        read = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if self._is_paused:
            self._is_paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
        return read

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fetch(self) -> None:
        if self._fetching is not None and (read := self._fetching.read()):
            self.feed(read)
        self._hand_on()

    def _hand_on(self) -> None:
        """What there is, then its end. ``pour`` raises what ``take`` raises."""
        try:
            if self._parts and self._take is not None and not self._take(self._taken()):
                self._take = None
        except Exception as error:
            self._take = None
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_exception(error)
        if self._take is None or self._failure or self._is_complete:
            self._wake()

    def _arrived(self) -> None:
        if self._take is None:
            self._wake()
        elif self._fetching is None:
            self._hand_on()

    # For the connection

    def feed(self, read: bytes) -> None:
        self.is_answered = True
        self._other_bytes += len(read)
        try:
            self._parser.feed_data(read)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._keeps_alive = False
            if self._has_head:
                self._fail(UpstreamReset(f"connection broke: {word_for(error)}", status=self.status))
            else:
                self._fail(BadStream(f"not HTTP: {word_for(error)}"))
        if self._other_bytes > MAX_HEAD_BYTES:
            self._fail(BadStream("more than 64 KiB of headers", status=self.status or None))
        self._arrived()

    def lost(self, error: Exception | None) -> None:
        """No more will come. That ends a body whose head named no other end."""
        self._keeps_alive = False
        if self._has_head and error is None and self._ends_with_the_connection():
            self._is_complete = True
        why = f": {word_for(error)}" if error else ""
        words = "connection broke" if self._has_head else "connection broke before an answer"
        self._fail(UpstreamReset(f"{words}{why}", status=self.status or None))
        self._arrived()

    def _ends_with_the_connection(self) -> bool:
        return "content-length" not in self.headers and "transfer-encoding" not in self.headers

    def _fail(self, failure: CallFailed) -> None:
        """The first failure counts, and none once the response is whole."""
        if self._failure is None and not self._is_complete:
            self._failure = failure
            self._transport.abort()

    # For the parser

    def on_message_begin(self) -> None:
        if self._is_complete:
            self._keeps_alive = False  # bytes that nobody asked for

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_count += 1
        self._head_bytes += len(name) + len(value)
        if self._header_count > MAX_HEADERS or self._head_bytes > MAX_HEAD_BYTES:
            self._fail(BadStream("too many or too large headers", status=self.status or None))
        elif not self._has_head:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._is_interim = True
            self.headers.clear()
            return
        if self._is_complete:
            return  # of a second response, which nobody will read
        self.status = status
        self._keeps_alive = self._parser.should_keep_alive()
        if status == 101 or self.headers.get("transfer-encoding", "chunked").lower() != "chunked":
            self._fail(BadStream("a transfer nobody asked for", status=status))
        self._has_head = True
        self._other_bytes = 0

    def on_body(self, part: bytes) -> None:
        if self._is_complete or self._failure:
            return
        self._other_bytes = 0
        self._parts.append(part)
        self._size += len(part)
        if self._size > HIGH_WATER and not self._is_paused and not self._transport.is_closing():
            self._is_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._is_interim:
            self._is_interim = False
        elif not self._failure:
            self._is_complete = True
