"""However the bytes of a response are cut, the same is read; whatever they are, only our own errors are raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.inference.errors import BadStream, CallFailed, UpstreamReset
from conversations.inference.transport.exchange import HIGH_WATER, MAX_HEAD_BYTES, MAX_HEADERS, Exchange
from tests.conversations.inference.transport.line import Line

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"

RESPONSES = {
    "a length": OK + b"content-length: 5\r\n\r\nhello",
    "chunks": CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "chunk extensions": CHUNKED + b'2;a=b\r\nhe\r\n3;c="d";e\r\nllo\r\n0;f\r\n\r\n',
    "trailers": CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n",
    "100 first": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 5\r\n\r\nhello",
    "103 first, twice": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 2 + OK + b"content-length: 5\r\n\r\nhello",
    "line feeds alone": b"HTTP/1.1 200 OK\ncontent-length: 5\n\nhello",
    "upper case": b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 5\r\n\r\nhello",
    "no reason": b"HTTP/1.1 200\r\ncontent-length: 5\r\n\r\nhello",
}


async def body_of(exchange: Exchange) -> bytes:
    await exchange.head()
    body = b""
    while read := await exchange.read():
        body += read
    return body


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
async def test_a_response_cut_anywhere(response: bytes) -> None:
    every_byte = [response[place : place + 1] for place in range(len(response))]
    cuts = [every_byte, *([response[:place], response[place:]] for place in range(1, len(response)))]

    for parts in cuts:
        exchange = Exchange(Line())
        for part in parts:
            exchange.feed(part)

        assert await body_of(exchange) == b"hello"
        assert exchange.status == 200
        assert not {"link", "x-sum"} & set(exchange.headers)
        assert exchange.leaves_a_usable_connection()


async def test_one_read_brings_all_that_arrived() -> None:
    exchange = Exchange(Line())
    for part in (CHUNKED, b"2\r\nhe\r\n", b"3\r\nllo\r\n"):
        exchange.feed(part)

    await exchange.head()

    assert await exchange.read() == b"hello"


async def test_a_header_that_comes_twice_is_one_list() -> None:
    exchange = Exchange(Line())
    exchange.feed(OK + b"Via: a\r\nvia: b\r\ncontent-length: 0\r\n\r\n")

    await exchange.head()

    assert exchange.headers["via"] == "a, b"


UNTIL_CLOSED = OK + b"\r\nhello"

ENDS: dict[str, tuple[bytes, Exception | None, bool]] = {
    "until it is closed": (UNTIL_CLOSED, None, True),
    "until it is closed, but reset": (UNTIL_CLOSED, ConnectionResetError(), False),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", None, True),
    "closed within a length": (OK + b"content-length: 6\r\n\r\nhello", None, False),
    "closed within the chunks": (CHUNKED + b"5\r\nhello\r\n", None, False),
    "closed within a chunk": (CHUNKED + b"6\r\nhello", None, False),
    "reset once it was whole": (RESPONSES["a length"], ConnectionResetError(), True),
}


@pytest.mark.parametrize(("response", "error", "is_whole"), ENDS.values(), ids=ENDS)
async def test_what_a_lost_connection_means(response: bytes, error: Exception | None, is_whole: bool) -> None:
    exchange = Exchange(Line())
    exchange.feed(response)
    exchange.lost(error)

    await exchange.head()
    assert await exchange.read() == b"hello"
    if is_whole:
        assert await exchange.read() == b""
    else:
        with pytest.raises(UpstreamReset) as raised:
            await exchange.read()
        assert raised.value.status == 200
    assert not exchange.leaves_a_usable_connection()


@pytest.mark.parametrize("arrived", [b"", b"HTTP/1.1 200 OK\r\ncontent-", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_lost_before_an_answer_it_has_no_status(arrived: bytes) -> None:
    exchange = Exchange(Line())
    exchange.feed(arrived)
    exchange.lost(None)

    with pytest.raises(UpstreamReset) as raised:
        await exchange.head()

    assert raised.value.status is None


HOSTILE = {
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "another version": b"HTTP/4.2 200 OK\r\ncontent-length: 0\r\n\r\n",
    "a status that is none": b"HTTP/1.1 abc OK\r\n\r\n",
    "a length and chunks": OK + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
    "two lengths": OK + b"content-length: 5\r\ncontent-length: 6\r\n\r\n",
    "a negative length": OK + b"content-length: -5\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "another protocol, unnamed": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "a transfer coding": OK + b"transfer-encoding: gzip\r\n\r\n",
    "a large header": OK + b"x: " + b"y" * MAX_HEAD_BYTES + b"\r\n\r\n",
    "a header without end": OK + b"x: " + b"y" * (2 * MAX_HEAD_BYTES),
    "a name without end": OK + b"x" * (2 * MAX_HEAD_BYTES),
    "many headers": OK + b"x: y\r\n" * (MAX_HEADERS + 1) + b"\r\n",
    "interim heads for ever": b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" * (MAX_HEADERS + 1),
    "interim heads without headers for ever": b"HTTP/1.1 100 Continue\r\n\r\n" * 4000,
}


@pytest.mark.parametrize("response", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("size", [1, 4096, 1 << 20])
async def test_a_head_that_is_no_head(response: bytes, size: int) -> None:
    line = Line()
    exchange = Exchange(line)
    for place in range(0, len(response), size):
        exchange.feed(response[place : place + size])

    with pytest.raises(BadStream):
        await body_of(exchange)

    assert line.is_aborted


ENDLESS = {
    "a chunk extension": (CHUNKED + b"1;", b"x" * 4096),
    "a trailer": (CHUNKED + b"0\r\nx: ", b"y" * 4096),
    "trailers": (CHUNKED + b"0\r\n", b"x: y\r\n" * 600),
}


@pytest.mark.parametrize(("beginning", "rest"), ENDLESS.values(), ids=ENDLESS)
async def test_what_comes_for_ever_and_is_no_body(beginning: bytes, rest: bytes) -> None:
    line = Line()
    exchange = Exchange(line)
    exchange.feed(beginning)
    for _ in range(MAX_HEAD_BYTES // len(rest) + 1):
        exchange.feed(rest)

    with pytest.raises(BadStream):
        await body_of(exchange)

    assert line.is_aborted


async def test_broken_chunks_are_a_broken_connection() -> None:
    exchange = Exchange(Line())
    exchange.feed(CHUNKED + b"2\r\nhe\r\nno size\r\n")

    await exchange.head()
    assert await exchange.read() == b"he"
    with pytest.raises(UpstreamReset):
        await exchange.read()


@given(parts=st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([*RESPONSES.values(), CHUNKED, OK, b"\r\n"]))))
async def test_no_bytes_raise_anything_else(parts: list[bytes]) -> None:
    exchange = Exchange(Line())
    for part in parts:
        exchange.feed(part)
    exchange.lost(None)

    try:
        await body_of(exchange)
    except CallFailed:
        assert not exchange.leaves_a_usable_connection()


async def test_an_endpoint_waits_for_a_slow_reader() -> None:
    line = Line()
    exchange = Exchange(line)
    exchange.feed(CHUNKED)
    await exchange.head()
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    fed = 0
    while line.wants_more:
        exchange.feed(chunk)
        fed += 4096

    assert HIGH_WATER < fed <= HIGH_WATER + 4096
    assert await exchange.read() == b"x" * fed
    assert line.wants_more


UNUSABLE = {
    "it says so": OK + b"content-length: 5\r\nconnection: close\r\n\r\nhello",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    "garbage follows": RESPONSES["a length"] + b"HTTP",
    "no HTTP follows": RESPONSES["a length"] + b"\x00\xff",
    "another response follows": RESPONSES["chunks"] + RESPONSES["a length"],
    "something follows although it says so": OK + b"content-length: 5\r\nconnection: close\r\n\r\nhello!",
}


@pytest.mark.parametrize("response", UNUSABLE.values(), ids=UNUSABLE)
async def test_whole_but_not_fit_for_another_request(response: bytes) -> None:
    exchange = Exchange(Line())
    exchange.feed(response)

    assert await body_of(exchange) == b"hello"
    assert not exchange.leaves_a_usable_connection()
