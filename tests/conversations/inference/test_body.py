import pytest

from conversations.inference.body import chat_body
from conversations.inference.types import PrefixStyle, ThinkingStyle
from tests.conversations.inference.listening import asking, endpoint_at

ADDRESS = "http://127.0.0.1/v1"


def test_the_core() -> None:
    endpoint = endpoint_at(ADDRESS, thinking_style=ThinkingStyle.NONE)

    assert chat_body(endpoint, asking("hello"), stream=True) == {
        "model": "demonstration",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_running_usage_is_asked_for_where_declared() -> None:
    body = chat_body(endpoint_at(ADDRESS, running_usage=True), asking(), stream=True)

    assert body["stream_options"] == {"include_usage": True, "continuous_usage_stats": True}


def test_in_one_piece_without_stream_options() -> None:
    body = chat_body(endpoint_at(ADDRESS), asking(), stream=False, max_tokens=20)

    assert (body["stream"], body["max_tokens"], "stream_options" in body) == (False, 20, False)


@pytest.mark.parametrize(
    ("style", "on", "off"),
    [
        (ThinkingStyle.NONE, {}, {}),
        (ThinkingStyle.ENABLE_THINKING, {"enable_thinking": True}, {"enable_thinking": False}),
        (
            ThinkingStyle.CHAT_TEMPLATE,
            {"chat_template_kwargs": {"enable_thinking": True}},
            {"chat_template_kwargs": {"enable_thinking": False}},
        ),
        (ThinkingStyle.REASONING_EFFORT, {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}),
    ],
)
def test_every_style_of_thinking(style: ThinkingStyle, on: dict[str, object], off: dict[str, object]) -> None:
    endpoint = endpoint_at(ADDRESS, thinking_style=style)
    core = {"model", "messages", "stream", "stream_options"}

    for thinking, expected in ((True, on), (False, off)):
        body = chat_body(endpoint, asking(thinking=thinking), stream=True)
        assert {name: value for name, value in body.items() if name not in core} == expected


@pytest.mark.parametrize(
    ("style", "last", "extra"),
    [
        (PrefixStyle.PARTIAL, {"role": "assistant", "content": "Once", "partial": True}, {}),
        (PrefixStyle.PREFIX, {"role": "assistant", "content": "Once", "prefix": True}, {}),
        (
            PrefixStyle.CONTINUE_FINAL_MESSAGE,
            {"role": "assistant", "content": "Once"},
            {"continue_final_message": True, "add_generation_prompt": False},
        ),
    ],
)
def test_every_style_of_prefix(style: PrefixStyle, last: dict[str, object], extra: dict[str, object]) -> None:
    body = chat_body(
        endpoint_at(ADDRESS, prefix_style=style), asking("hello", prefix="Once", thinking=True), stream=True
    )

    messages = body["messages"]
    assert isinstance(messages, list)
    assert messages[-1] == last
    assert body.items() >= extra.items()
    assert body["enable_thinking"] is False


@pytest.mark.parametrize(("prefix", "words"), [("从前", "接着"), ("Once", "Go on")])
def test_without_a_prefix_the_endpoint_is_told_to_go_on_in_its_language(prefix: str, words: str) -> None:
    messages = chat_body(endpoint_at(ADDRESS), asking("hello", prefix=prefix), stream=True)["messages"]

    assert isinstance(messages, list)
    assert messages[-2] == {"role": "assistant", "content": prefix}
    assert messages[-1]["role"] == "user"
    assert words in messages[-1]["content"]
