"""From a payload to text that can be stored (fault F12)."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.inference.decode import Decoder, Piece
from conversations.inference.errors import BadStream


def chunk(content: str, field: str = "content") -> bytes:
    """``content`` is the inside of a JSON string literal, each character one byte."""
    return b'{"choices":[{"index":0,"delta":{"%b":"%b"}}]}' % (field.encode(), content.encode("latin-1"))


def heard(*contents: str) -> str:
    decoder = Decoder()
    pieces = [decoder.decode(chunk(content)) for content in contents]
    return "".join(piece.text for piece in pieces) + decoder.rest().text


TEXTS = {
    "plain": (["abc"], "abc"),
    "UTF-8": (["\xe4\xbd\xa0"], "你"),
    "an escaped pair": (["\\ud83d\\ude00"], "😀"),
    "a pair cut in two": (["\\ud83d", "\\ude00"], "😀"),
    "a pair cut in two, with neighbours": (["a\\ud83d", "\\ude00b"], "a😀b"),
    "two pairs cut": (["\\ud83d", "\\ude00\\ud83d", "\\ude01"], "😀😁"),
    "half a pair": (["a\\ud83d", "b"], "a\ufffdb"),
    "half a pair at the end": (["a\\ud83d"], "a\ufffd"),
    "the second half alone": (["\\ude00a"], "\ufffda"),
    "halves in the wrong order": (["\\ude00\\ud83d"], "\ufffd\ufffd"),
    "half a pair twice": (["\\ud83d\\ud83d", "\\ude00"], "\ufffd😀"),
    "nothing between the halves": (["\\ud83d", "", "\\ude00"], "😀"),
    "NUL": (["a\\u0000b"], "a\ufffdb"),
    "broken UTF-8": (["a\xffb"], "a\ufffdb"),
    "half a character": (["\xe4\xbd"], "\ufffd"),
    "a surrogate as UTF-8": (["\xed\xa0\xbd"], "\ufffd\ufffd\ufffd"),
    "bidi and joiners": (["\\u202eabc\\u200d"], "\u202eabc\u200d"),
    "control characters unescaped": (["a\x01b"], "a\x01b"),
    "a BOM inside": (["\\ufeffa"], "\ufeffa"),
    "a noncharacter": (["\\uffff"], "\uffff"),
}


@pytest.mark.parametrize(("contents", "text"), TEXTS.values(), ids=TEXTS)
def test_text_is_mended(contents: list[str], text: str) -> None:
    assert heard(*contents) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.lists(st.integers(0, 400), max_size=6))
def test_no_character_is_lost_however_an_endpoint_cuts_its_utf_16(text: str, places: list[int]) -> None:
    units = text.encode("utf-16-be")
    escaped = [f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2)]
    edges = [0, *sorted(place % (len(escaped) + 1) for place in places), len(escaped)]
    cuts = ["".join(escaped[start:end]) for start, end in itertools.pairwise(edges)]

    assert heard(*cuts) == text


@given(st.binary(max_size=60))
def test_text_of_any_bytes_can_be_stored(content: bytes) -> None:
    payload = b'{"choices":[{"delta":{"content":"%b"}}]}' % content.replace(b"\\", b"").replace(b'"', b"")
    decoder = Decoder()

    text = decoder.decode(payload).text + decoder.rest().text

    text.encode()
    assert "\0" not in text


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda s: st.lists(s, max_size=3)))
def test_wrong_types_in_any_field_raise_nothing_unexpected(value: object) -> None:
    for payload in (
        {"choices": value},
        {"choices": [value]},
        {"choices": [{"delta": value}]},
        {
            "choices": [
                {"delta": {"content": value, "reasoning_content": value}, "finish_reason": value, "index": value}
            ]
        },
        {"usage": value, "x_groq": value, "object": value},
    ):
        Decoder().decode(json.dumps(payload).encode())


@pytest.mark.parametrize("payload", [b"", b"nothing", b"[1]", b'"a"', b"1", b"{", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_object_is_a_bad_stream(payload: bytes) -> None:
    with pytest.raises(BadStream):
        Decoder().decode(payload)


def test_reasoning_is_kept_apart_under_both_names() -> None:
    decoder = Decoder()

    assert decoder.decode(chunk("a", "reasoning_content")) == Piece("", "a")
    assert decoder.decode(chunk("b", "reasoning")) == Piece("", "b")
    assert decoder.decode(b'{"choices":[{"delta":{"reasoning":"c","reasoning_content":"c"}}]}') == Piece("", "c")


def test_halves_of_text_and_reasoning_do_not_meet() -> None:
    decoder = Decoder()
    decoder.decode(chunk("\\ud83d", "content"))

    assert decoder.decode(chunk("\\ude00", "reasoning_content")).thinking == "\ufffd"
    assert decoder.decode(chunk("\\ude00", "content")).text == "😀"


def test_typed_parts_instead_of_a_string() -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "yes"}]
    payload = json.dumps({"choices": [{"delta": {"content": parts}}]}).encode()

    assert Decoder().decode(payload) == Piece("yes", "hm")


def test_only_the_first_choice_is_heard() -> None:
    payload = (
        b'{"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"stop"},{"index":0,"delta":{"content":"a"}}]}'
    )

    assert Decoder().decode(payload) == Piece("a")


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b'{"error":{"code":500}}', {"code": 500}),
        (b'{"error":"broken"}', {"message": "broken"}),
        (b'{"object":"error","message":"broken","code":400}', {"message": "broken", "code": 400}),
        (b'{"choices":[],"error":{"code":1}}', {"code": 1}),
    ],
)
def test_errors_of_every_shape(payload: bytes, error: object) -> None:
    assert Decoder().decode(payload).error == error


def test_no_error_is_none() -> None:
    assert Decoder().decode(b'{"choices":[],"error":null}').error is None
