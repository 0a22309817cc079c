"""A person who says that a filter was wrong, or an answer was: kept once, for the administration to see."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from conversations.ids import uuid7
from conversations.models import Appeal, Conversation, Message
from tests.conversations.transcripts import a_conversation
from tests.processes import Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    """Li's, signed in."""
    client = Client()
    client.force_login(li)
    return client


def answered(owner: User, *, state: str = "failed", reason: str = "content_filter") -> Message:
    """An answer of theirs that ended like this."""
    answer = a_conversation(owner).messages.get(role=Message.Role.ASSISTANT)
    answer.generations.update(state=state, reason=reason)
    return answer


@pytest.fixture
def filtered(li: User) -> Message:
    return answered(li)


def appeal(browser: Client, answer: Message, **body: Any) -> Any:
    return browser.put(f"/api/messages/{answer.pk}/appeal/", body, content_type="application/json")


def shown(browser: Client, answer: Message) -> bool:
    messages = browser.get(f"/api/conversations/{answer.conversation_id}/").json()["messages"]
    return any(each["appealed"] for each in messages if each["id"] == str(answer.pk))


@pytest.mark.parametrize("state", ["failed", "completed", "interrupted"])
def test_it_is_kept_with_its_words_and_is_there_when_the_conversation_is_opened_again(
    browser: Client, li: User, state: str
) -> None:
    answer = answered(li, state=state)
    assert shown(browser, answer) is False
    said = appeal(browser, answer, comment="是给孩子讲安全用电")
    assert (said.status_code, said.json()) == (200, {"comment": "是给孩子讲安全用电"})
    assert shown(browser, answer) is True
    kept = Appeal.objects.get()
    assert (kept.generation.message_id, kept.is_settled) == (answer.pk, False)


def test_said_again_it_is_the_first_one(browser: Client, filtered: Message) -> None:
    """As an answer that was lost on its way is said again, or another tab says something else."""
    appeal(browser, filtered, comment="误判")
    assert appeal(browser, filtered, comment="另一句").json() == {"comment": "误判"}
    assert appeal(browser, filtered).json() == {"comment": "误判"}
    assert Appeal.objects.count() == 1


def test_one_that_was_settled_stays_settled(browser: Client, filtered: Message) -> None:
    appeal(browser, filtered)
    Appeal.objects.update(is_settled=True)
    appeal(browser, filtered)
    assert Appeal.objects.get().is_settled


def test_another_answer_has_its_own(browser: Client, li: User, filtered: Message) -> None:
    appeal(browser, filtered)
    other = answered(li)
    assert shown(browser, other) is False


@pytest.mark.parametrize(("state", "reason"), [("completed", "stop"), ("stopped", "user_stop")])
def test_what_no_filter_ended_is_reported_in_the_same_way(browser: Client, li: User, state: str, reason: str) -> None:
    answer = answered(li, state=state, reason=reason)
    assert appeal(browser, answer, comment="骂人").json() == {"comment": "骂人"}
    assert shown(browser, answer) is True


@pytest.mark.parametrize("state", ["queued", "starting", "streaming"])
def test_what_is_still_written_has_to_end_first(browser: Client, li: User, state: str) -> None:
    refused = appeal(browser, answered(li, state=state, reason=""))
    assert (refused.status_code, refused.json()) == (400, {"code": "invalid", "params": {"field": "answer"}})
    assert not Appeal.objects.exists()


def test_a_temporary_conversation_would_be_gone_before_anybody_looked(browser: Client, filtered: Message) -> None:
    Conversation.objects.update(is_temporary=True)
    assert appeal(browser, filtered).json()["params"] == {"field": "answer"}


@pytest.mark.parametrize("comment", ["长" * 501, "\x00", None, ["误判"]])
def test_what_is_no_comment_is_refused(browser: Client, filtered: Message, comment: Any) -> None:
    refused = appeal(browser, filtered, comment=comment)
    assert (refused.status_code, refused.json()) == (400, {"code": "invalid", "params": {"field": "comment"}})


def test_what_is_not_theirs_cannot_be_told_from_what_never_was(browser: Client, li: User, wang: User) -> None:
    deleted = answered(li)
    Conversation.objects.update(deleted_at=timezone.now())
    question = answered(li).parent
    assert question is not None
    for message in (answered(wang), question, deleted, Message(pk=uuid7())):
        refused = appeal(browser, message)
        assert (refused.status_code, refused.json()) == (404, {"code": "not_found", "params": {}})


def test_nobody_appeals_without_signing_in(valkey: Process, filtered: Message) -> None:
    assert appeal(Client(), filtered).json()["code"] == "session_expired"


def test_it_goes_with_its_conversation(browser: Client, filtered: Message) -> None:
    appeal(browser, filtered, comment="误判")
    filtered.conversation.delete()
    assert not Appeal.objects.exists()
