"""Finding what was said: in titles and in texts, in any script, and only one's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from conversations.models import Conversation, Generation, Message
from conversations.search import MOST_HITS, marked, search, snippet
from tests.conversations.transcripts import a_conversation
from tests.processes import Process


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    """Li's, signed in."""
    client = Client()
    client.force_login(li)
    return client


def found(browser: Client, q: str) -> list[dict[str, Any]]:
    answer = browser.get("/api/search/", {"q": q})
    assert answer.status_code == 200
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def plain(parts: list[dict[str, Any]]) -> str:
    """As it is read, with what was found in brackets."""
    return "".join(f"[{part['text']}]" if part["hit"] else part["text"] for part in parts)


def asked(conversation: Conversation, text: str) -> Message:
    question = Message.objects.get(conversation=conversation, role="user")
    question.text = text
    question.save()
    return question


def test_a_question_is_found_by_any_part_of_it(browser: Client, li: User) -> None:
    question = asked(a_conversation(li, "出门"), "国庆三天去西安，带老人，怎么安排？")
    (hit,) = found(browser, "西安")
    assert (hit["conversation"], hit["message"], hit["role"]) == (
        str(question.conversation_id),
        str(question.pk),
        "user",
    )
    assert (plain(hit["title"]), plain(hit["snippet"])) == ("出门", "国庆三天去[西安]，带老人，怎么安排？")


def test_an_answer_is_found_under_its_own_message(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "出门", text="第一天看城墙与钟楼")
    (hit,) = found(browser, "钟楼")
    answer = Message.objects.get(conversation=conversation, role="assistant")
    assert (hit["message"], hit["role"], plain(hit["snippet"])) == (
        str(answer.pk),
        "assistant",
        "第一天看城墙与[钟楼] 0",
    )


def test_a_title_comes_before_what_was_said_and_names_no_message(browser: Client, li: User) -> None:
    a_conversation(li, "兵马俑的一天")
    a_conversation(li, "别的", text="兵马俑")
    assert [(plain(hit["title"]), hit["message"] is None) for hit in found(browser, "兵马俑")] == [
        ("[兵马俑]的一天", True),
        ("别的", False),
    ]


def test_one_han_character_is_enough(browser: Client, li: User) -> None:
    a_conversation(li, "城")
    assert [plain(hit["title"]) for hit in found(browser, "城")] == ["[城]"]


@pytest.mark.parametrize("q", ["", "  ", "x", " x ", "a\0b", "长" * 101])
def test_what_is_no_question_is_refused(browser: Client, q: str) -> None:
    answer = browser.get("/api/search/", {"q": q})
    assert (answer.status_code, answer.json()) == (400, {"code": "invalid", "params": {"field": "q"}})


def test_case_of_latin_letters_does_not_matter_and_what_is_shown_keeps_it(browser: Client, li: User) -> None:
    asked(a_conversation(li, "A Python day"), "Why does PYTHON say so?")
    assert [plain(hit["snippet"] or hit["title"]) for hit in found(browser, "pYthon")] == [
        "A [Python] day",
        "Why does [PYTHON] say so?",
    ]


def test_every_word_must_occur_in_any_order(browser: Client, li: User) -> None:
    asked(a_conversation(li, "一"), "python 报了一个错误")
    asked(a_conversation(li, "二"), "python 很好")
    (hit,) = found(browser, "错误 Python")
    assert plain(hit["snippet"]) == "[python] 报了一个[错误]"


@pytest.mark.parametrize("q", ["100%", "a_b", "C:\\x", "';--", "👋🏽", "100%_"])
def test_every_character_stands_for_itself(browser: Client, li: User, q: str) -> None:
    asked(a_conversation(li, "一"), f"这里有 {q} 没错")
    asked(a_conversation(li, "二"), "这里有 1000 aXb C:x 👋")
    assert [plain(hit["snippet"]) for hit in found(browser, q)] == [f"这里有 [{q}] 没错"]


def test_other_peoples_deleted_and_temporary_ones_are_never_found(browser: Client, li: User, wang: User) -> None:
    a_conversation(wang, "暗号", text="暗号")
    deleted, temporary = a_conversation(li, "暗号", text="暗号"), a_conversation(li, "暗号", text="暗号")
    for each in (deleted, temporary):
        asked(each, "暗号")
    Conversation.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    Conversation.objects.filter(pk=temporary.pk).update(is_temporary=True)
    assert found(browser, "暗号") == []


def test_thinking_is_not_looked_into_and_an_archived_one_is(browser: Client, li: User) -> None:
    archived = a_conversation(li, "旧事")
    Conversation.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    Generation.objects.update(thinking="心里话")
    assert found(browser, "心里话") == []
    assert [hit["conversation"] for hit in found(browser, "旧事")] == [str(archived.pk)]


def test_the_newest_are_found_first_and_no_more_than_fit(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "长谈", turns=MOST_HITS + 9, text="同一句")
    newest = Message.objects.filter(conversation=conversation, role="assistant").order_by("-created_at")[:MOST_HITS]
    assert [hit["message"] for hit in found(browser, "同一句")] == [str(message.pk) for message in newest]


def test_who_is_signed_out_finds_nothing(valkey: Process, li: User) -> None:
    a_conversation(li, "我的")
    assert Client().get("/api/search/", {"q": "我的"}).json()["code"] == "session_expired"


def test_a_search_takes_three_queries(browser: Client, li: User, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        a_conversation(li, f"第 {number} 个", text="同一句")
    with django_assert_max_num_queries(5):  # two of them for the session and the person
        assert len(found(browser, "同一句")) == 20


@contextmanager
def plans() -> Iterator[list[str]]:
    """How the database runs each statement inside, step by step, where it may not read a whole table for cheapness."""
    found: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}", params)
                found.extend(str(row[-1]) for row in cursor.fetchall())
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # few rows are read whole, however good the index
    with connection.execute_wrapper(explained):
        yield found


@pytest.mark.django_db
@pytest.mark.parametrize("q", ["同一句", "Python 错误", "的"])
def test_only_rows_of_the_person_are_read_never_a_whole_table(li: User, wang: User, q: str) -> None:
    """Whatever others said, and however much: an index leads to one's own."""
    for person in (li, wang):
        a_conversation(person, text="同一句")
    with transaction.atomic(), plans() as steps:
        search(li, q)
    read = [step for step in steps if "conversations_" in step]
    assert len(read) >= 3
    assert [step for step in read if "Seq Scan" in step or step.startswith("SCAN")] == []


# --- snippets ---------------------------------------------------------------------------------------------------------


def test_a_snippet_is_one_line_around_the_first_match() -> None:
    text = "前" * 60 + "\n\n  钟楼\t在这里" + "后" * 200 + "钟楼"
    parts = snippet(text, ["钟楼"])
    line = "".join(part.text for part in parts)
    assert line.startswith("…前")
    assert line.endswith("后…")
    assert " 钟楼 在这里后" in line
    assert [part.text for part in parts if part.hit] == ["钟楼"]


def test_a_snippet_begins_with_a_word() -> None:
    parts = snippet("从永宁门上城墙。\n- " + "慢" * 20 + "钟楼", ["钟楼"])
    assert "".join(part.text for part in parts) == "…" + "慢" * 20 + "钟楼"


def test_marks_prefer_the_longer_of_two_words_that_begin_together() -> None:
    assert [(part.text, part.hit) for part in marked("钟楼下", ["钟", "钟楼"])] == [("钟楼", True), ("下", False)]


def test_what_does_not_occur_leaves_the_text_whole() -> None:
    assert [(part.text, part.hit) for part in marked("钟楼", ["塔"])] == [("钟楼", False)]
    assert marked("", ["塔"]) == ()
