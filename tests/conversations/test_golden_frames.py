"""The same frames as TypeScript reads (frontend/tests): what each side may say, agreed in one file."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conversations import protocol
from conversations.errors import ConversationError

GOLDEN: dict[str, list[Any]] = json.loads((Path(__file__).parents[1] / "golden" / "frames.json").read_text())


def name(frame: dict[str, Any]) -> str:
    return str(frame.get("type", ""))


@pytest.mark.parametrize("frame", GOLDEN["valid_client"], ids=name)
def test_what_a_page_sends_is_understood(frame: dict[str, Any]) -> None:
    try:
        parsed = protocol.parse(json.dumps(frame))
    except ConversationError as refusal:
        # Attachments are part of the protocol and not yet of the product.
        assert (refusal.params, bool(frame["attachments"])) == ({"field": "attachments"}, True)  # noqa: PT017
        return
    sent_again = msgspec.json.decode(msgspec.json.encode(parsed))
    assert {key: value for key, value in sent_again.items() if key in frame} == frame


@pytest.mark.parametrize("case", GOLDEN["invalid_client"], ids=lambda case: f"{case['code']} {case.get('field', '')}")
def test_what_a_page_may_not_send_is_refused_by_name(case: dict[str, Any]) -> None:
    with pytest.raises(ConversationError) as caught:
        protocol.parse(json.dumps(case["frame"]))
    assert caught.value.code == case["code"]
    if "field" in case:
        assert caught.value.params["field"] == case["field"]


@pytest.mark.parametrize("frame", GOLDEN["valid_server"], ids=name)
def test_what_the_server_says_is_said_the_same_way(frame: dict[str, Any]) -> None:
    assert json.loads(protocol.encode(protocol.decode_server(json.dumps(frame)))) == frame
