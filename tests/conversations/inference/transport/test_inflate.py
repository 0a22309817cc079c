"""A body compressed against our wish is read all the same; a kilobyte is never made a gigabyte at once."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from conversations.inference.errors import BadStream
from conversations.inference.response import Read
from conversations.inference.transport.inflate import MAX_READ_BYTES, plain

TEXT = b"data: hello\n\n" * 100


def reading(parts: Iterator[bytes]) -> Read:
    async def read() -> bytes:
        return next(parts, b"")

    return read


async def whole(read: Read) -> bytes:
    text = b""
    while part := await read():
        text += part
    return text


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("X-GZip ", gzip.compress), ("deflate", zlib.compress)]
)
async def test_what_was_packed_is_unpacked(encoding: str, pack: "type[bytes]", size: int) -> None:
    packed = pack(TEXT)
    read = reading(packed[place : place + size] for place in range(0, len(packed), size))

    assert await whole(plain(read, encoding, status=200)) == TEXT


@pytest.mark.parametrize("encoding", ["", "identity"])
async def test_what_was_not_packed_is_left_alone(encoding: str) -> None:
    read = reading(iter([TEXT]))

    assert plain(read, encoding, status=200) is read


async def test_every_event_is_there_as_soon_as_it_was_flushed() -> None:
    packer = zlib.compressobj(wbits=31)
    events = [b"data: %d\n\n" % number for number in range(5)]
    read = plain(
        reading(packer.compress(event) + packer.flush(zlib.Z_SYNC_FLUSH) for event in events), "gzip", status=200
    )

    assert [await read() for _ in events] == events


async def test_a_bomb_goes_off_in_small_pieces() -> None:
    read = plain(reading(iter([gzip.compress(b"\0" * 50_000_000)])), "gzip", status=200)

    sizes = []
    while part := await read():
        sizes.append(len(part))

    assert sum(sizes) == 50_000_000
    assert max(sizes) <= MAX_READ_BYTES


@pytest.mark.parametrize(
    "body",
    [b"not packed at all", gzip.compress(TEXT)[:-20], gzip.compress(TEXT)[:20] + b"\0" * 50, b""],
    ids=["not packed at all", "its end is missing", "garbage within", "nothing"],
)
async def test_broken_compression_is_a_bad_stream(body: bytes) -> None:
    with pytest.raises(BadStream):
        await whole(plain(reading(iter([body])), "gzip", status=200))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x"])
def test_a_compression_that_is_not_known_is_a_bad_stream(encoding: str) -> None:
    with pytest.raises(BadStream):
        plain(reading(iter([])), encoding, status=200)
