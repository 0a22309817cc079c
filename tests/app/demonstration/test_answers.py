"""The first thing a new person sees."""

import re

import pytest

from app.demonstration.answers import _TEXTS, answer, language_of, thinking
from app.demonstration.chat import ChatRequest, Message, pieces_of
from app.demonstration.titles import is_title_request, title, topic_of
from app.seed.scenarios import SCENARIOS

TELLS = {"zh": "演示", "en": "demonstration"}


def request(question: str, *, system: str = "", so_far: str = "", stream: bool = True) -> ChatRequest:
    messages = [Message(role="system", content=system)] if system else []
    messages.append(Message(role="user", content=question))
    if so_far:
        messages.append(Message(role="assistant", content=so_far, partial=True))
    return ChatRequest(messages=messages, stream=stream)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("你好", "zh"),
        ("hello", "en"),
        ("帮我翻译 the quick brown fox", "zh"),
        ("What does 你好 mean in English, please?", "en"),
        ("", "en"),
        ("123", "en"),
    ],
)
def test_answers_in_the_language_of_the_question(text: str, language: str) -> None:
    assert language_of(text) == language
    assert TELLS[language] in answer(request(text))


@pytest.mark.parametrize("seed", SCENARIOS, ids=lambda seed: seed.slug)
@pytest.mark.parametrize(("place", "language"), [(0, "zh"), (1, "en")], ids=["zh", "en"])
def test_every_scenario_of_the_product_has_its_shape(seed: object, place: int, language: str) -> None:
    slug, instructions = seed.slug, seed.instructions[place]  # type: ignore[attr-defined]
    question = ["今天有点累", "I am a bit tired today"][place]

    said = answer(request(question, system=instructions))

    own = (_TEXTS / language / f"{slug}.md").read_text(encoding="utf-8").split("\n\n")[-1].strip()
    assert own in said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", sorted((_TEXTS / "zh").glob("*.md")), ids=lambda file: file.stem)
def test_every_text_is_there_in_both_languages_and_honest(file: object, language: str) -> None:
    name = file.name  # type: ignore[attr-defined]
    text = (_TEXTS / language / name).read_text(encoding="utf-8")

    assert name == "long.md" or TELLS[language] in text.lower()
    assert "http" not in text


def test_shows_all_that_the_page_can_draw() -> None:
    said = answer(request("请写得详细一点，长一点", system="你帮人做办公室里的事"))

    for kind in (
        r"^## ",
        r"^\|---",
        r"^```python",
        r"^\$\$",
        r"^> ",
        r"^\d\. ",
        r"^- ",
        r"\*\*.+\*\*",
        r"^---$",
    ):
        assert re.search(kind, said, re.M), kind


@pytest.mark.parametrize("question", ["你好", "Hi!", "你是谁？", "what can you do?", " hello ", "你好！"])
def test_a_greeting_gets_a_greeting(question: str) -> None:
    assert answer(request(question)).startswith(("你好", "Hello"))


def test_long_and_short() -> None:
    short, usual, long = (
        answer(request(f"{question}怎样安排一次家庭会议")) for question in ("简短地说，", "", "详细地说，")
    )

    assert len(short) < 100 < len(usual) < 1200 < len(long)


def test_hears_the_hints_of_the_product() -> None:
    shorter, usual, longer = (
        answer(request("怎样安排一次家庭会议", system=f"用对方的语言回答。\n\n{hint}"))
        for hint in ("这一次请答得更短。", "", "Make this answer longer and more detailed.")
    )

    assert len(shorter) < len(usual) < len(longer)


@pytest.mark.parametrize(
    "question", ["帮我写一份计划", "Explain {braces} and $x$", "很长的问题" * 500, "多行\n问题\n" * 9]
)
def test_an_answer_can_be_continued_from_anywhere(question: str) -> None:
    whole = answer(request(question))

    for place in (1, len(whole) // 3, len(whole) - 1, len(whole)):
        assert whole[:place] + answer(request(question, so_far=whole[:place])) == whole


@pytest.mark.parametrize(
    "words",
    [
        "你的上一条回答在中途断开了。请从最后一个字接着写，不要重复已写的内容，也不要说明。",
        "Your last answer was cut off. Go on exactly where it ends: repeat nothing, explain nothing.",
    ],
)
def test_an_answer_can_be_continued_when_it_is_asked_for_in_words(words: str) -> None:
    question = Message(role="user", content="帮我写一份计划")
    whole = answer(ChatRequest(messages=[question]))
    half = Message(role="assistant", content=whole[:80])

    rest = answer(ChatRequest(messages=[question, half, Message(role="user", content=words)]))

    assert whole[:80] + rest == whole


def test_thinks_in_the_language_of_the_question() -> None:
    assert "西安" in thinking(request("西安三日游怎么安排"))
    assert "Berlin" in thinking(request("Three days in Berlin"))


def test_nothing_of_a_template_is_left() -> None:
    for question in ("帮我翻译一句话", "Please edit my essay", "怎么做红烧肉", "debug my python"):
        assert not re.search(r"\{(topic|question)\}", answer(request(question)) + thinking(request(question)))


def test_a_question_cannot_write_the_answers_template() -> None:
    assert "{question}" not in answer(request("翻译 {topic}"))


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("请帮我写一份西安三日游的计划，带老人", "写一份西安三日游的计划，带老…"),
        ("你好，请问怎么做红烧肉？", "怎么做红烧肉"),
        ("How do I cook rice for ten people without burning it", "Cook rice for ten people without burning…"),
        ("Please help me fix this bug.", "Fix this bug"),
        ("hello", "Hello"),
        ("帮我", "帮我"),
        ("???", "???"),
        ("", ""),
    ],
)
def test_topics_are_short(question: str, topic: str) -> None:
    assert topic_of(question) == topic


TITLE_REQUESTS = {
    "instructions first": ("用不超过十二个字给下面这个问题起一个标题。", "请帮我写一份计划"),
    "in one message": ("", "给下面的对话起一个简短的标题：\n\n用户：请帮我写一份计划\n助手：好的"),
    "English": ("Give the question below a title of at most six words.", "请帮我写一份计划"),
}


@pytest.mark.parametrize(("system", "question"), TITLE_REQUESTS.values(), ids=TITLE_REQUESTS)
def test_titles_come_from_what_the_person_said(system: str, question: str) -> None:
    asked = request(question, system=system, stream=False)

    assert is_title_request(asked)
    assert title(asked) == "写一份计划"


def test_a_streamed_question_about_titles_is_a_question() -> None:
    assert not is_title_request(request("帮我想一个标题"))


@pytest.mark.parametrize(
    "text", ["实用是刚好有用", "Hello,  world!\n\n- a\n", "混合 mixed 文字。", "", "😀👍🏽", "   "]
)
def test_pieces_together_are_the_text(text: str) -> None:
    assert "".join(pieces_of(text)) == text
