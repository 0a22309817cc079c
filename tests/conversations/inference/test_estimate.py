import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.inference.estimate import fit, tokens_of, tokens_of_prompt
from conversations.inference.types import PromptMessage, Role


def say(role: Role, content: str) -> PromptMessage:
    return PromptMessage(role=role, content=content)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("实用" * 50, 55, 75),
        ("useful things " * 50, 100, 200),
        ("12345" * 20, 80, 100),
        ("ありがとう" * 20, 60, 100),
        ("Спасибо" * 20, 50, 100),
        ("😀" * 50, 50, 150),
    ],
)
def test_every_script_has_its_weight(text: str, least: int, most: int) -> None:
    assert least <= tokens_of(text) <= most


@given(st.text())
def test_any_text_has_a_count(text: str) -> None:
    assert tokens_of(text) >= bool(text)


def test_all_is_kept_while_it_fits() -> None:
    prompt = [say("system", "s"), say("user", "a"), say("assistant", "b"), say("user", "c")]

    assert fit(prompt, 1000, 100) == (tuple(prompt), False)


def test_the_oldest_go_first_and_the_system_message_stays() -> None:
    system, last = say("system", "Be brief."), say("user", "And now?")
    old = [say("user", "用" * 500), say("assistant", "实" * 500), say("user", "早"), say("assistant", "好")]

    assert fit([system, *old, last], 200, 50) == ((system, old[2], old[3], last), True)


def test_an_answer_whose_question_is_gone_goes_too() -> None:
    old = [say("user", "用" * 500), say("assistant", "好")]
    last = say("user", "And now?")

    assert fit([*old, last], 200, 50) == ((last,), True)


def test_the_question_stays_even_when_it_is_too_long() -> None:
    system, last = say("system", "s" * 5000), say("user", "用" * 5000)

    assert fit([system, say("user", "a"), last], 100, 50) == ((system, last), True)


def test_a_message_in_the_middle_is_never_left_out() -> None:
    prompt = [say("user", "早"), say("user", "用" * 500), say("user", "a"), say("user", "b")]

    assert fit(prompt, 100, 50) == ((prompt[2], prompt[3]), True)


@given(
    st.lists(st.builds(say, st.sampled_from(["system", "user", "assistant"]), st.text(max_size=200)), max_size=12),
    st.integers(0, 500),
)
def test_what_fits_is_system_and_the_newest(prompt: list[PromptMessage], context: int) -> None:
    kept, cut = fit(prompt, context, 50)

    talk = [message for message in prompt if message.role != "system"]
    kept_talk = [message for message in kept if message.role != "system"]
    assert [message for message in kept if message.role == "system"] == [m for m in prompt if m.role == "system"]
    assert kept_talk == talk[len(talk) - len(kept_talk) :]
    assert cut == (len(kept) < len(prompt))
    asked = [message for message in talk if message.role == "user"]
    assert not asked or asked[-1] in kept_talk
    if tokens_of_prompt(prompt) + 50 <= context:
        assert not cut
