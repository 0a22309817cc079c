"""Bodies that were compressed although ``identity`` was asked for."""

import zlib

from conversations.inference.errors import BadStream
from conversations.inference.response import Read

MAX_READ_BYTES = 256 * 1024
"""Of one read's text: a kilobyte of compressed nothing may stand for a megabyte."""

_WITH_A_HEADER = 47  # zlib's word for "gzip or zlib, whichever its header says"


def plain(read: Read, encoding: str, *, status: int) -> Read:
    """``read``, with its compression undone. Raises ``BadStream`` for one that is not known."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return read
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Inflated(read, status).read
    raise BadStream("a compression nobody asked for", status=status)


class _Inflated:
    def __init__(self, read: Read, status: int) -> None:
        self._read = read
        self._status = status
        self._inflater = zlib.decompressobj(_WITH_A_HEADER)

    async def read(self) -> bytes:
        while not self._inflater.eof:
            packed = self._inflater.unconsumed_tail or await self._read()
            if not packed:
                raise BadStream("compression broke off", status=self._status)
            try:
                text = self._inflater.decompress(packed, MAX_READ_BYTES)
            except zlib.error:
                raise BadStream("broken compression", status=self._status) from None
            if text:
                return text
        while await self._read():  # the end of the body, so that its connection can be used again
            pass
        return b""
