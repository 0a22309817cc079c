"""A conversation is read from its end: a page, and the one before it, up to where it began."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from app.accounts.models import User
from conversations.ids import uuid7
from conversations.models import Message
from tests.conversations.transcripts import a_conversation
from tests.processes import Process

AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    """Li's, signed in."""
    client = Client()
    client.force_login(li)
    return client


def test_a_conversation_of_a_thousand_messages_opens_at_its_end_in_six_queries_and_is_read_to_its_beginning(
    browser: Client, li: User, django_assert_max_num_queries: AtMost
) -> None:
    address = f"/api/conversations/{a_conversation(li, '很长', turns=500).pk}/"
    with django_assert_max_num_queries(6):
        opened = browser.get(address).json()
    assert [message["role"] for message in opened["messages"][:4]] == ["user", "assistant", "user", "assistant"]
    assert opened["messages"][-1]["text"] == "答 499"
    messages, sizes = opened["messages"], [len(opened["messages"])]
    while opened["older"]:
        assert opened["older"] == opened["messages"][0]["id"]
        opened = browser.get(address, {"before": opened["older"]}).json()
        messages, sizes = opened["messages"] + messages, [*sizes, len(opened["messages"])]
    assert sizes == [100] * 10
    assert messages[0]["text"] == "问 0"
    assert [message["parent"] for message in messages] == [None, *(message["id"] for message in messages[:-1])]


def test_what_was_said_in_one_moment_is_in_one_page_or_the_other(browser: Client, li: User) -> None:
    conversation = a_conversation(li, turns=101)
    Message.objects.filter(conversation=conversation).update(created_at=conversation.created_at)
    found: list[str] = []
    before: str | None = ""
    while before is not None:
        page = browser.get(f"/api/conversations/{conversation.pk}/", {"before": before}).json()
        found += [message["id"] for message in page["messages"]]
        before = page["older"]
    assert len(found) == len(set(found)) == 202


def test_before_what_is_no_message_of_it_is_refused_by_name(browser: Client, li: User) -> None:
    conversation, other = a_conversation(li), a_conversation(li)
    for before in ("first", "a\0b", uuid7(), other.messages.all()[0].pk):
        answer = browser.get(f"/api/conversations/{conversation.pk}/", {"before": str(before)})
        assert (answer.status_code, answer.json()) == (400, {"code": "invalid", "params": {"field": "before"}})
