"""As much of RFC 6455 as a load generator and a bare relay need: whole, uncompressed frames, masked with zeros.

A mask of zeros is valid and leaves the payload as it is, so that neither side pays for masking.
"""

import base64
import hashlib
from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
_FIN, _MASKED = 0x80, 0x80
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_key(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + _GUID).digest())


def frame(opcode: int, payload: bytes, *, from_client: bool = False) -> bytes:
    masked = _MASKED if from_client else 0
    size = len(payload)
    if size < 126:
        head = bytes((_FIN | opcode, masked | size))
    elif size < 65536:
        head = bytes((_FIN | opcode, masked | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FIN | opcode, masked | 127)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload if from_client else head + payload


class Frames:
    """Bytes as they were read, to (opcode, payload)."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, read: bytes) -> Iterator[tuple[int, bytes]]:
        data = self._rest + read if self._rest else read
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1] & 0x7F, at + 2
            if size >= 126:
                start += 2 if size == 126 else 8
                if end < start:
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
            if data[at + 1] & _MASKED:
                start += 4
            if end < start + size:
                break
            opcode, at = data[at] & 0x0F, start + size
            yield opcode, data[start:at]
        self._rest = data[at:]
