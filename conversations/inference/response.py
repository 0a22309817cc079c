"""What comes back from an endpoint, whichever way it was asked."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from conversations.inference.errors import CallFailed
from conversations.inference.types import Pace

MAX_REFUSAL_BYTES = 64 * 1024

Read = Callable[[], Awaitable[bytes]]
Take = Callable[[bytes], bool]
"""Gets what was read, and says whether it wants more."""
Pour = Callable[[Take, Pace | None], Awaitable[bool]]
"""Hands on what comes until it is enough (False) or over (True)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamResponse:
    """Headers have arrived; their names are in lower case.

    ``read`` gives what has arrived since the last time, empty at the end; it raises ``UpstreamReset`` when the
    connection breaks. ``pour`` hands all that comes to somebody, and raises the same. Whoever opened it calls
    ``close``, always: an unfinished body then closes its connection, a finished one is reused.
    """

    status: int
    headers: Mapping[str, str]
    read: Read
    pour: Pour
    close: Callable[[], Awaitable[None]]

    async def content(self, *, at_most: int) -> bytes:
        """The whole body, or a beginning that is longer than ``at_most``. Does not close it."""
        content = bytearray()
        while len(content) <= at_most and (read := await self.read()):
            content += read
        return bytes(content)


def pouring(read: Read) -> Pour:
    """For what can only be read as it arrives."""

    async def pour(take: Take, _pace: Pace | None) -> bool:
        while content := await read():
            if not take(content):
                return False
        return True

    return pour


def refusal(status: int, headers: Mapping[str, str], content: bytes) -> UpstreamResponse:
    """One that is not 2xx, read and closed before."""
    reads = [content[:MAX_REFUSAL_BYTES]]

    async def read() -> bytes:
        return reads.pop() if reads else b""

    async def close() -> None:
        pass

    return UpstreamResponse(status=status, headers=headers, read=read, pour=pouring(read), close=close)


async def refusal_read(response: UpstreamResponse) -> UpstreamResponse:
    """A body that breaks off is as good as its beginning."""
    content = bytearray()
    try:
        with suppress(CallFailed):
            while len(content) < MAX_REFUSAL_BYTES and (read := await response.read()):
                content += read
    finally:
        await response.close()
    return refusal(response.status, response.headers, bytes(content))
