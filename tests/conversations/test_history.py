"""What a person finds of what was said: listed, searched, opened, renamed, deleted. Only their own."""

import functools
import operator
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from conversations import history, tasks
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message
from tests.conversations.transcripts import a_conversation
from tests.processes import Process
from usage.models import UsageRecord

AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    """Li's, signed in."""
    client = Client()
    client.force_login(li)
    return client


def titles(answer: dict[str, Any]) -> list[str]:
    return [found["title"] for found in answer["results"]]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_newest_activity_comes_first_forty_at_a_time_each_once(browser: Client, li: User) -> None:
    made = [a_conversation(li, f"第 {number} 个") for number in range(95)]
    url, pages = "/api/conversations/", []
    while url:
        answer = browser.get(url).json()
        pages.append(titles(answer))
        url = answer["next"]
    assert [len(page) for page in pages] == [40, 40, 15]
    assert functools.reduce(operator.iadd, pages, []) == [conversation.title for conversation in reversed(made)]


def test_a_page_of_the_list_takes_few_queries(browser: Client, li: User, django_assert_max_num_queries: AtMost) -> None:
    for number in range(45):
        a_conversation(li, f"第 {number} 个")
    with django_assert_max_num_queries(5):
        browser.get("/api/conversations/")


def test_a_running_answer_is_named_in_the_list(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "还在写")
    a_conversation(li, "写完了")
    generation = Generation.objects.get(conversation=conversation)
    Generation.objects.filter(pk=generation.pk).update(state="streaming")
    found = {each["title"]: each["active"] for each in browser.get("/api/conversations/").json()["results"]}
    assert found == {"还在写": str(generation.pk), "写完了": None}


def test_a_search_looks_into_titles_and_takes_every_character_literally(browser: Client, li: User) -> None:
    for title in ("西安三日游", "Xi'an by train", "100% 棉", "下_划线", "下午茶"):
        a_conversation(li, title)
    found = {
        q: titles(browser.get("/api/conversations/", {"q": q}).json()) for q in ("三日", "XI'AN", "%", "_", "没有")
    }
    assert found == {
        "三日": ["西安三日游"],
        "XI'AN": ["Xi'an by train"],
        "%": ["100% 棉"],
        "_": ["下_划线"],
        "没有": [],
    }


def test_what_belongs_to_others_or_was_deleted_or_is_temporary_is_not_listed(
    browser: Client, li: User, wang: User
) -> None:
    a_conversation(wang, "王的")
    a_conversation(li, "删掉了")
    Conversation.objects.filter(title="删掉了").update(deleted_at=timezone.now())
    temporary = a_conversation(li, "临时")
    Conversation.objects.filter(pk=temporary.pk).update(is_temporary=True)
    a_conversation(li, "留着")
    assert titles(browser.get("/api/conversations/").json()) == ["留着"]
    assert titles(browser.get("/api/conversations/", {"q": "王"}).json()) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [({"cursor": "nonsense"}, 404), ({"q": "a\0b"}, 400), ({"owner": "2"}, 200), ({"ordering": "title"}, 200)],
)
def test_a_strange_query_harms_nothing(browser: Client, li: User, query: dict[str, str], status: int) -> None:
    a_conversation(li, "一")
    answer = browser.get("/api/conversations/", query)
    assert answer.status_code == status
    assert status == 200 or set(answer.json()) == {"code", "params"}


# --- one conversation -------------------------------------------------------------------------------------------------


def test_an_answer_is_its_generations_in_order_and_each_says_where_it_stands(browser: Client, li: User) -> None:
    conversation = a_conversation(li, text="前半句")
    first = Generation.objects.get(conversation=conversation)
    later = Generation.objects.get(pk=first.pk)
    later.pk, later.request_id, later.kind, later.state = uuid7(), uuid7(), "continue", "streaming"
    later.created_at, later.text, later.seq = first.created_at + timedelta(seconds=1), "，后半句", 7
    later.save(force_insert=True)
    question, answer = browser.get(f"/api/conversations/{conversation.pk}/").json()["messages"]
    assert (question["text"], question["generations"]) == ("问 0", [])
    assert answer["text"] == "前半句 0，后半句"
    assert [(g["kind"], g["state"], g["seq"], g["text"]) for g in answer["generations"]] == [
        ("send", "completed", 2, "前半句 0"),
        ("continue", "streaming", 7, "，后半句"),
    ]
    assert set(answer["generations"][0]["usage"]) == {
        "input_tokens", "output_tokens", "reasoning_tokens", "token_source"
    }  # fmt: skip


# --- renaming ---------------------------------------------------------------------------------------------------------


def rename(browser: Client, conversation: Conversation, title: object) -> Any:
    return browser.patch(f"/api/conversations/{conversation.pk}/", {"title": title}, content_type="application/json")


def test_a_title_of_ones_own_is_kept_and_does_not_count_as_activity(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "旧名")
    answer = rename(browser, conversation, "新名")
    assert (answer.status_code, answer.json()["title"]) == (200, "新名")
    assert "messages" not in answer.json()
    after = Conversation.objects.get(pk=conversation.pk)
    assert (after.title, after.title_source, after.updated_at) == ("新名", "owner", conversation.updated_at)


@pytest.mark.parametrize("title", ["", "   ", "长" * 121, "a\0b", None, [], {"a": 1}])
def test_what_is_no_title_is_refused_by_name(browser: Client, li: User, title: object) -> None:
    conversation = a_conversation(li, "旧名")
    answer = rename(browser, conversation, title)
    assert (answer.status_code, answer.json()) == (400, {"code": "invalid", "params": {"field": "title"}})
    assert Conversation.objects.get(pk=conversation.pk).title == "旧名"


def test_half_a_surrogate_pair_is_no_title(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "旧名")
    answer = browser.patch(
        f"/api/conversations/{conversation.pk}/", '{"title":"\\ud800"}', content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_nothing_else_can_be_changed(browser: Client, li: User, wang: User) -> None:
    conversation = a_conversation(li, "旧名")
    before = Conversation.objects.filter(pk=conversation.pk).values()[0]
    everything: dict[str, Any] = {name: "2000-01-01T00:00:00Z" for name in before if name.endswith("_at")}
    everything |= {"id": str(uuid7()), "owner": wang.pk, "owner_id": wang.pk, "scenario": "chat", "is_temporary": True}
    everything |= {"title_source": "model", "title_tries": 9, "active": str(uuid7()), "messages": []}
    answer = browser.patch(f"/api/conversations/{conversation.pk}/", everything, content_type="application/json")
    assert answer.status_code == 200
    assert Conversation.objects.filter(pk=conversation.pk).values()[0] == before


# --- pinning and archiving --------------------------------------------------------------------------------------------


def mark(browser: Client, conversation: Conversation, **marks: bool) -> dict[str, Any]:
    answer = browser.patch(f"/api/conversations/{conversation.pk}/", marks, content_type="application/json")
    assert answer.status_code == 200
    changed: dict[str, Any] = answer.json()
    return changed


def test_pinned_ones_can_be_listed_by_themselves_and_stay_in_the_list(browser: Client, li: User) -> None:
    pinned, _other = a_conversation(li, "论文提纲"), a_conversation(li, "周报")
    assert mark(browser, pinned, pinned=True)["pinned"] is True
    assert titles(browser.get("/api/conversations/", {"pinned": "true"}).json()) == ["论文提纲"]
    assert titles(browser.get("/api/conversations/").json()) == ["周报", "论文提纲"]
    assert mark(browser, pinned, pinned=False)["pinned"] is False
    assert titles(browser.get("/api/conversations/", {"pinned": "true"}).json()) == []


def test_archived_is_out_of_the_list_and_can_still_be_opened_and_brought_back(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "旧事")
    assert mark(browser, conversation, archived=True)["archived"] is True
    assert titles(browser.get("/api/conversations/").json()) == []
    assert titles(browser.get("/api/conversations/", {"archived": "true"}).json()) == ["旧事"]
    assert browser.get(f"/api/conversations/{conversation.pk}/").json()["archived"] is True
    mark(browser, conversation, archived=False)
    assert titles(browser.get("/api/conversations/").json()) == ["旧事"]
    assert titles(browser.get("/api/conversations/", {"archived": "true"}).json()) == []


def test_an_answer_is_news_until_it_was_read_and_again_when_the_next_one_ends(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "周报")
    address = f"/api/conversations/{conversation.pk}/"
    now = timezone.now()
    assert browser.get("/api/conversations/").json()["results"][0]["unread"] is True
    history.read(li, conversation.pk, now=now)
    assert browser.get("/api/conversations/").json()["results"][0]["unread"] is False
    assert browser.get(address).json()["unread"] is False
    conversation.generations.update(finished_at=now + timedelta(seconds=1))
    assert browser.get(address).json()["unread"] is True
    assert mark(browser, conversation, unread=False)["unread"] is True  # only a frame says that (docs/protocol.md, 1.1)


def test_that_it_was_read_is_one_statement(li: User, django_assert_max_num_queries: AtMost) -> None:
    conversation = a_conversation(li, "周报")
    with django_assert_max_num_queries(1):
        history.read(li, conversation.pk, now=timezone.now())


def test_what_is_still_being_written_is_no_news(browser: Client, li: User) -> None:
    a_conversation(li, "周报").generations.update(state="streaming", finished_at=None)
    assert browser.get("/api/conversations/").json()["results"][0]["unread"] is False


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_deleted_is_gone_at_once(browser: Client, li: User) -> None:
    conversation = a_conversation(li, "删我")
    address = f"/api/conversations/{conversation.pk}/"
    assert browser.delete(address).status_code == 204
    assert titles(browser.get("/api/conversations/").json()) == []
    for answer in (browser.get(address), browser.delete(address), rename(browser, conversation, "回来")):
        assert (answer.status_code, answer.json()) == (404, {"code": "not_found", "params": {}})


def test_an_undo_brings_it_back_to_the_same_place(browser: Client, li: User) -> None:
    conversations = [a_conversation(li, title) for title in ("一", "二", "三")]
    address = f"/api/conversations/{conversations[1].pk}/"
    browser.delete(address)
    answer = browser.post(f"{address}undelete/")
    assert (answer.status_code, answer.json()["title"]) == (200, "二")
    assert titles(browser.get("/api/conversations/").json()) == ["三", "二", "一"]
    assert browser.get(address).json()["messages"][0]["text"] == "问 0"


def test_an_undo_said_twice_is_an_undo(browser: Client, li: User) -> None:
    address = f"/api/conversations/{a_conversation(li, '一').pk}/"
    browser.delete(address)
    assert [browser.post(f"{address}undelete/").status_code for _ in range(2)] == [200, 200]


def test_nobody_undoes_what_is_another_persons_or_too_old_or_temporary(
    browser: Client, li: User, wang: User, settings: Any
) -> None:
    theirs, old, temporary = a_conversation(wang, "王"), a_conversation(li, "早"), a_conversation(li, "临时")
    now = timezone.now()
    Conversation.objects.filter(pk__in=[theirs.pk, temporary.pk]).update(deleted_at=now)
    Conversation.objects.filter(pk=temporary.pk).update(is_temporary=True)
    Conversation.objects.filter(pk=old.pk).update(deleted_at=now - timedelta(seconds=settings.UNDO_S + 5))
    for each in (theirs, old, temporary):
        assert browser.post(f"/api/conversations/{each.pk}/undelete/").status_code == 404
        assert Conversation.objects.get(pk=each.pk).deleted_at is not None


def test_a_temporary_one_is_purged_once_it_is_left_or_forgotten_unless_an_answer_still_runs_in_it(
    browser: Client, li: User, settings: Any
) -> None:
    now = timezone.now()
    left, forgotten, running, _used = (a_conversation(li, title) for title in ("离开", "忘了", "在写", "在用"))
    Conversation.objects.update(is_temporary=True, updated_at=now)
    browser.delete(f"/api/conversations/{left.pk}/")
    long_ago = now - timedelta(seconds=settings.TEMPORARY_S + 5)
    Conversation.objects.filter(pk__in=[forgotten.pk, running.pk]).update(updated_at=long_ago)
    Generation.objects.filter(conversation=running).update(state="streaming")
    tasks.purge_deleted()
    assert set(Conversation.objects.values_list("title", flat=True)) == {"在写", "在用"}


def test_what_was_deleted_is_not_purged_under_an_answer_that_still_runs(li: User, settings: Any) -> None:
    """However short the undo is: whoever ends the answer tells how, and needs its row for that."""
    running = a_conversation(li, "在写")
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(seconds=settings.UNDO_S + 1))
    Generation.objects.update(state="streaming")
    tasks.purge_deleted()
    assert list(Conversation.objects.all()) == [running]
    Generation.objects.update(state="stopped")
    tasks.purge_deleted()
    assert not Conversation.objects.exists()


def test_the_text_is_purged_when_no_undo_can_bring_it_back_and_facts_stay(
    browser: Client, li: User, settings: Any
) -> None:
    old, fresh, kept = (a_conversation(li, title, turns=600 if title == "早" else 1) for title in ("早", "刚", "留"))
    now = timezone.now()
    Conversation.objects.filter(pk=old.pk).update(deleted_at=now - timedelta(seconds=settings.UNDO_S + 1))
    Conversation.objects.filter(pk=fresh.pk).update(deleted_at=now - timedelta(seconds=settings.UNDO_S - 60))
    facts = UsageRecord.objects.count()
    tasks.purge_deleted()
    tasks.purge_deleted()
    assert set(Conversation.objects.all()) == {fresh, kept}
    assert not Message.objects.filter(conversation_id=old.pk).exists()
    assert not Generation.objects.filter(conversation_id=old.pk).exists()
    assert UsageRecord.objects.count() == facts
