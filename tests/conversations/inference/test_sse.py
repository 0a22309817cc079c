"""The event stream format of the HTML standard (fault F11)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.inference.errors import BadStream
from conversations.inference.sse import MAX_EVENT_BYTES, Decoder

RULES = {
    "one event": (b"data: a\n\n", [b"a"]),
    "several": (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
    "no space after the colon": (b"data:a\n\n", [b"a"]),
    "only one space is taken": (b"data:  a\n\n", [b" a"]),
    "a tab is not a space": (b"data:\ta\n\n", [b"\ta"]),
    "CR": (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
    "CRLF": (b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"]),
    "mixed line ends": (b"data: a\r\n\ndata: b\n\rdata: c\r\r\n", [b"a", b"b", b"c"]),
    "several data lines": (b"data: a\ndata: b\n\n", [b"a\nb"]),
    "empty data lines": (b"data\ndata:\ndata: \n\n", [b"\n\n"]),
    "data without a colon": (b"data\n\n", [b""]),
    "a comment": (b": hello\ndata: a\n:\n\n", [b"a"]),
    "comments alone": (b": hello\n\n: hello\n\n", []),
    "a comment inside an event": (b"data: a\n: hello\ndata: b\n\n", [b"a\nb"]),
    "unknown fields": (b"foo: 1\ndatax: 2\n data: 3\nDATA: 4\ndata : 5\ndata: a\n\n", [b"a"]),
    "other fields": (b"id: 1\nevent: error\nretry: 5\ndata: a\n\n", [b"a"]),
    "fields without data": (b"event: ping\nid: 3\n\ndata: a\n\n", [b"a"]),
    "blank lines": (b"\n\n\ndata: a\n\n\n\n", [b"a"]),
    "a BOM": (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
    "only one BOM is taken": (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [b"b"]),
    "no BOM later": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [b"a"]),
    "an event without its blank line": (b"data: a\n\ndata: b\n", [b"a"]),
    "a line without its end": (b"data: a\n\ndata: b", [b"a"]),
    "a colon in the data": (b'data: {"a":1}\n\n', [b'{"a":1}']),
    "NUL and broken UTF-8": (b"data: \x00\xff\n\n", [b"\x00\xff"]),
    "line ends that are none": ("data: a\u2028b\u0085c\x0b\x0c\n\n".encode(), ["a\u2028b\u0085c\x0b\x0c".encode()]),
}


def decoded(*reads: bytes) -> list[bytes]:
    decoder = Decoder()
    return [payload for read in reads for payload in decoder.feed(read)]


def cut(stream: bytes, places: set[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in itertools.pairwise(edges)]


@pytest.mark.parametrize(("stream", "payloads"), RULES.values(), ids=RULES)
def test_every_rule(stream: bytes, payloads: list[bytes]) -> None:
    assert decoded(stream) == payloads


@pytest.mark.parametrize(("stream", "payloads"), RULES.values(), ids=RULES)
def test_every_rule_byte_by_byte(stream: bytes, payloads: list[bytes]) -> None:
    assert decoded(*(stream[place : place + 1] for place in range(len(stream)))) == payloads


@given(st.sampled_from(list(RULES.values())), st.sets(st.integers(0, 200), max_size=8))
def test_every_rule_cut_anywhere(rule: tuple[bytes, list[bytes]], places: set[int]) -> None:
    stream, payloads = rule

    assert decoded(*cut(stream, places)) == payloads


FRAGMENTS = [b"data", b":", b" ", b"\n", b"\r", b"\r\n", b"a", b"\xef\xbb\xbf", b"id", b"\n\n", b"data: x", b"data:"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30), st.sets(st.integers(0, 300), max_size=10))
def test_any_bytes_cut_anywhere_mean_what_the_standard_says(fragments: list[bytes], places: set[int]) -> None:
    stream = b"".join(fragments)

    assert decoded(*cut(stream, places)) == as_the_standard_says(stream)


def as_the_standard_says(stream: bytes) -> list[bytes]:
    """Section 9.2.6, word for word and all at once."""
    text = stream.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    payloads, buffer = [], b""
    for line in text.split(b"\n")[:-1]:
        name, _, value = line.partition(b":")
        if not line:
            if buffer:
                payloads.append(buffer.removesuffix(b"\n"))
            buffer = b""
        elif name == b"data":
            buffer += value.removeprefix(b" ") + b"\n"
    return payloads


@pytest.mark.parametrize("beginning", [b"data: ", b": ", b"", b"data: a\ndata: "])
def test_a_line_of_more_than_a_mebibyte_is_refused_before_it_is_kept(beginning: bytes) -> None:
    reads = [beginning, *[b"x" * 65536] * (MAX_EVENT_BYTES // 65536 + 2)]

    with pytest.raises(BadStream):
        decoded(*reads)


def test_an_event_of_endless_lines_is_refused() -> None:
    reads = [b"data: x\n" * 1000] * (MAX_EVENT_BYTES // 1000)

    with pytest.raises(BadStream):
        decoded(*reads)


@pytest.mark.parametrize(
    ("reads", "payloads"),
    [
        ((b"data: a", b"data: b\n\n"), [b"adata: b"]),
        ((b"data: a\n", b"data: b\n\n"), [b"a\nb"]),
        ((b"data: a\r", b"data: b\n\n"), [b"a\nb"]),
        ((b"\r", b"\n", b"data: b\n\n"), [b"b"]),
        ((b"data: a\n\n", b"data: b\n\n"), [b"a", b"b"]),
        ((b"data: a\n\n", b"data: b\r\n\n"), [b"a", b"b"]),
        ((b"data: a\n\n", b"\xef\xbb\xbfdata: b\n\n"), [b"a"]),
    ],
)
def test_a_read_that_looks_like_one_event_may_be_none(reads: tuple[bytes, ...], payloads: list[bytes]) -> None:
    assert decoded(*reads) == payloads


def test_a_line_of_a_mebibyte_passes() -> None:
    payload = b"x" * (MAX_EVENT_BYTES - 100)

    assert decoded(b"data: " + payload + b"\n", b"\n") == [payload]


def test_comments_for_ever_leave_nothing_behind() -> None:
    decoder = Decoder()
    for _ in range(MAX_EVENT_BYTES // 1000):
        assert decoder.feed(b": " + b"x" * 2000 + b"\n\n") == []

    assert decoder.feed(b"data: a\n\n") == [b"a"]
