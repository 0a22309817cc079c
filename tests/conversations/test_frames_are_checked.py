"""What a page may send: every wrong field is named, and nothing but a frame of the protocol passes. Pure."""

import json
from typing import Any

import pytest

from conversations import protocol
from conversations.errors import ConversationError, Invalid, TooLong
from conversations.ids import uuid7
from conversations.protocol import NotJson, Send
from conversations.timing import MAX_TEXT

ID = str(uuid7())
VERSION_4 = "0b6f1c0a-8a53-4c5b-9c4e-0d1c5f2b7a11"
SEND = {"type": "send", "id": ID, "conversation": str(uuid7()), "parent": None, "text": "你好"}
REGENERATE = {"type": "regenerate", "id": ID, "message": str(uuid7())}
CONTINUE = {"type": "continue", "id": ID, "generation": str(uuid7())}
FOLLOW = {"type": "follow", "generation": str(uuid7()), "after": 0}
READ = {"type": "read", "conversation": str(uuid7())}
STOP = {"type": "stop", "generation": str(uuid7())}


def refusal(frame: Any) -> ConversationError:
    with pytest.raises(ConversationError) as caught:
        protocol.parse(frame if isinstance(frame, str) else json.dumps(frame))
    return caught.value


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown type", {"type": "shout"}, "type"),
    ("no type", {"id": ID}, "type"),
    ("a type that is no text", {"type": 7}, "type"),
    ("an unknown field", {**SEND, "temperature": 2}, "temperature"),
    ("a field of another frame", {"type": "ping", "generation": ID}, "generation"),
    ("no id", {**SEND, "id": None}, "id"),
    ("an id that is no UUID", {**SEND, "id": "seven"}, "id"),
    ("an id that is a number", {**SEND, "id": 7}, "id"),
    ("an id of another version", {**SEND, "id": VERSION_4}, "id"),
    ("an id of another version to regenerate", {**REGENERATE, "id": VERSION_4}, "id"),
    ("an id of another version to continue", {**CONTINUE, "id": VERSION_4}, "id"),
    ("no conversation", {"type": "send", "id": ID, "parent": None, "text": "你好"}, "conversation"),
    ("a conversation of another version", {**SEND, "conversation": VERSION_4}, "conversation"),
    ("a conversation that is no UUID", {**SEND, "conversation": []}, "conversation"),
    ("no text", {"type": "send", "id": ID, "conversation": SEND["conversation"], "parent": None}, "text"),
    ("a text that is null", {**SEND, "text": None}, "text"),
    ("a text that is a list", {**SEND, "text": ["你好"]}, "text"),
    ("an empty text", {**SEND, "text": ""}, "text"),
    ("a text of nothing but white space", {**SEND, "text": " \n\u3000\t"}, "text"),
    ("a text with NUL", {**SEND, "text": "a\0b"}, "text"),
    ("no parent", {"type": "send", "id": ID, "conversation": SEND["conversation"], "text": "你好"}, "parent"),
    ("a parent that is no UUID", {**SEND, "parent": "root"}, "parent"),
    ("a scenario that is a number", {**SEND, "scenario": 3}, "scenario"),
    ("a scenario that is no slug", {**SEND, "scenario": "chat\0"}, "scenario"),
    ("a model that is an object", {**SEND, "model": {}}, "model"),
    ("a model that is no slug", {**SEND, "model": "../etc/passwd"}, "model"),
    ("a model that is no slug, to regenerate", {**REGENERATE, "model": "a\0"}, "model"),
    ("thinking that is a text", {**SEND, "thinking": "yes"}, "thinking"),
    ("options that are a list", {**SEND, "options": []}, "options"),
    ("options in options", {**SEND, "options": {"a": {"b": 1}}}, "options"),
    ("attachments that are no list", {**SEND, "attachments": ID}, "attachments"),
    ("an attachment that is no UUID", {**SEND, "attachments": ["a.pdf"]}, "attachments"),
    ("an attachment nobody uploaded", {**SEND, "attachments": [ID]}, "attachments"),
    ("no message to regenerate", {"type": "regenerate", "id": ID}, "message"),
    ("an unknown hint", {**REGENERATE, "hint": "funnier"}, "hint"),
    ("no generation to continue", {"type": "continue", "id": ID}, "generation"),
    ("a generation that is no UUID", {**CONTINUE, "generation": True}, "generation"),
    ("no generation to stop", {"type": "stop"}, "generation"),
    ("a reason to stop", {**STOP, "reason": "bored"}, "reason"),
    ("no conversation to be read", {"type": "read"}, "conversation"),
    ("a conversation that is no UUID, to be read", {**READ, "conversation": "seven"}, "conversation"),
    ("the moment it was read", {**READ, "at": 1}, "at"),
    ("no place in the log", {"type": "follow", "generation": ID}, "after"),
    ("a negative place in the log", {**FOLLOW, "after": -1}, "after"),
    ("a fraction of a place in the log", {**FOLLOW, "after": 1.5}, "after"),
    ("a place in the log as text", {**FOLLOW, "after": "1"}, "after"),
]


@pytest.mark.parametrize(("frame", "field"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_field_is_named(frame: dict[str, Any], field: str) -> None:
    error = refusal(frame)
    assert isinstance(error, Invalid)
    assert error.params == {"field": field}


@pytest.mark.parametrize(("frame", "_"), [case[1:] for case in WRONG if case[1].get("id") == ID])
def test_the_refusal_says_which_request_it_answers(frame: dict[str, Any], _: str) -> None:
    assert str(refusal(frame).answers) == ID


@pytest.mark.parametrize("text", ['"\\ud800"', '"half \\udc00 a pair"', '"\\ud83d"', '"\\ud800\\ud800"'])
def test_half_a_surrogate_pair_is_refused_and_the_socket_stays(text: str) -> None:
    error = refusal(json.dumps(SEND).replace(json.dumps("你好"), text))
    assert isinstance(error, Invalid)
    assert (error.params, str(error.answers)) == ({"field": "text"}, ID)


def test_half_a_surrogate_pair_elsewhere_is_refused_under_its_own_name() -> None:
    assert refusal(json.dumps({**SEND, "scenario": "?"}).replace('"?"', '"\\ud800"')).params == {"field": "scenario"}


@pytest.mark.parametrize(
    "raw",
    ["", "hello", "{", '{"type":"ping"', '{"type":"ping"}}', "'ping'", "\ufeff{}", '{"type":"send","text":NaN}', "{]"],
)
def test_what_is_not_json_is_not_even_a_frame(raw: str) -> None:
    assert isinstance(refusal(raw), NotJson)


def test_the_name_of_an_unknown_field_is_not_echoed_at_length() -> None:
    assert len(str(refusal({**SEND, "x" * 100_000: 1}).params["field"])) == 40


@pytest.mark.parametrize("raw", ["[]", "null", "7", '"ping"', "[[[]]]"])
def test_json_that_is_no_object_is_a_wrong_frame(raw: str) -> None:
    assert type(refusal(raw)) is Invalid


@pytest.mark.parametrize("raw", ['{"a":' * 40_000 + "1" + "}" * 40_000, "[" * 200_000, "[" * 100_000 + "]" * 100_000])
def test_json_nested_without_end_harms_nobody(raw: str) -> None:
    assert refusal(raw).code == "invalid"


def test_a_text_over_the_limit_is_refused_with_both_numbers() -> None:
    error = refusal({**SEND, "text": "长" * (MAX_TEXT + 1)})
    assert isinstance(error, TooLong)
    assert error.params == {"length": 32_001, "limit": 32_000}
    assert str(error.answers) == ID


@pytest.mark.parametrize("character", ["长", "a", "\U0001f600"], ids=["Han", "Latin", "emoji"])
def test_the_limit_counts_characters_not_bytes(character: str) -> None:
    frame = protocol.parse(json.dumps({**SEND, "text": character * MAX_TEXT}))
    assert isinstance(frame, Send)
    assert len(frame.text) == MAX_TEXT


def test_a_text_is_taken_as_it_is() -> None:
    text = "  第一行\r\n\tсмесь \u202e rtl \u200d 👨‍👩‍👧 </script> \x7f "
    frame = protocol.parse(json.dumps({**SEND, "text": text}))
    assert isinstance(frame, Send)
    assert frame.text == text
