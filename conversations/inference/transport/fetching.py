"""Reading a connection when somebody asks, and not when something arrives."""

import asyncio
import os
from contextlib import suppress

READ_BYTES = 64 * 1024
"""Of one fetch; what is beyond it waits in the kernel, and with it the endpoint."""


class Fetching:
    """While it lasts, the event loop does not look at this connection: a delta that arrives wakes nobody, and what came
    since the last time is one system call. Over TLS the loop goes on reading, since only it can decrypt.

    The line is read through a descriptor of our own: the transport's may be closed, and then mean another connection.
    """

    __slots__ = ("_line", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._line: int | None = None
        line = transport.get_extra_info("socket")
        if line is not None and transport.get_extra_info("sslcontext") is None and not transport.is_closing():
            with suppress(OSError):  # no descriptor is left: then as over TLS
                self._line = os.dup(line.fileno())
                transport.pause_reading()

    def read(self) -> bytes:
        """What has arrived. At its end the loop looks again, and tells why."""
        if self._line is None:
            return b""
        read = b""
        try:
            read = os.read(self._line, READ_BYTES)
        except BlockingIOError:
            return read
        except OSError:
            pass
        if not read:
            self.end()
        return read

    def end(self) -> None:
        if self._line is None:
            return
        os.close(self._line)
        self._line = None
        if not self._transport.is_closing():
            self._transport.resume_reading()
