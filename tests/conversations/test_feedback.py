"""A thumb up or down: one vote per person and answer, its words kept here, its fact without them over there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from app.seed.sowing import sow
from conversations.ids import uuid7
from conversations.models import Conversation, Message, Rating, Scenario
from tests.conversations.transcripts import a_conversation
from tests.processes import Process
from usage.models import EngagementEvent, Level, Mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    """Li's, signed in, where reasons are offered."""
    sow(demonstration_url="", upstream=None)
    client = Client()
    client.force_login(li)
    return client


def answer_in(conversation: Conversation) -> Message:
    return conversation.messages.get(role=Message.Role.ASSISTANT)


@pytest.fixture
def answer(li: User) -> Message:
    return answer_in(a_conversation(li))


def rate(browser: Client, answer: Message, value: str, **more: Any) -> Any:
    body = {"value": value, **more}
    return browser.put(f"/api/messages/{answer.pk}/rating/", body, content_type="application/json")


def withdraw(browser: Client, answer: Message) -> Any:
    return browser.delete(f"/api/messages/{answer.pk}/rating/")


def shown(browser: Client, answer: Message) -> Any:
    messages = browser.get(f"/api/conversations/{answer.conversation_id}/").json()["messages"]
    return next(each["rating"] for each in messages if each["id"] == str(answer.pk))


def facts() -> list[tuple[str, str]]:
    return list(EngagementEvent.objects.order_by("occurred_at").values_list("value", "reasons"))


def test_a_vote_is_there_when_the_conversation_is_opened_again(browser: Client, answer: Message) -> None:
    assert shown(browser, answer) is None
    said = rate(browser, answer, "down", reasons=["too-long", "inaccurate"], comment="第二步是错的").json()
    assert said == {"value": "down", "reasons": ["inaccurate", "too-long"], "comment": "第二步是错的"}
    assert shown(browser, answer) == said


def test_the_latest_vote_stands_and_every_change_of_mind_is_a_fact(browser: Client, answer: Message) -> None:
    rate(browser, answer, "up")
    rate(browser, answer, "down")
    rate(browser, answer, "down", reasons=["too-slow"])
    assert withdraw(browser, answer).status_code == 204
    assert shown(browser, answer) is None
    assert Rating.objects.count() == 1
    assert facts() == [("up", ""), ("down", ""), ("down", "too-slow"), ("", "")]


def test_the_same_vote_again_is_no_other_fact(browser: Client, answer: Message) -> None:
    for comment in ("", "", "换句话说"):
        rate(browser, answer, "down", reasons=["other"], comment=comment)
    assert facts() == [("down", "other")]
    assert shown(browser, answer)["comment"] == "换句话说"


def test_taking_back_what_was_never_given_is_nothing(browser: Client, answer: Message) -> None:
    assert withdraw(browser, answer).status_code == 204
    assert not Rating.objects.exists()
    assert facts() == []


def test_a_vote_is_later_than_the_one_before_whatever_the_clock_says(browser: Client, answer: Message) -> None:
    rate(browser, answer, "up")
    tomorrow = timezone.now() + timedelta(days=1)
    Rating.objects.update(rated_at=tomorrow)
    rate(browser, answer, "down")
    assert EngagementEvent.objects.get(value="down").occurred_at > tomorrow


def test_the_fact_has_the_group_of_the_answer_and_not_a_word_of_the_comment(
    browser: Client, answer: Message, li: User
) -> None:
    rate(browser, answer, "down", comment="很私密的话")
    fact = EngagementEvent.objects.get()
    begun = answer.generations.get()
    assert (fact.subject, fact.answer, fact.model, fact.asked_at) == (
        li.subject, answer.pk, "demonstration", begun.created_at,
    )  # fmt: skip
    assert "很私密的话" not in str(list(EngagementEvent.objects.values()))


def test_a_vote_marks_the_window_and_the_day_of_the_answer(browser: Client, answer: Message, li: User) -> None:
    Mark.objects.all().delete()
    rate(browser, answer, "up")
    window = EngagementEvent.objects.get().asked_window
    marks = set(Mark.objects.values_list("level", "window_start", "subject"))
    assert marks == {(Level.WINDOW, window, None), (Level.PERSON, window, li.subject)}


def test_a_scenario_offers_reasons_of_its_own(browser: Client, answer: Message) -> None:
    assert rate(browser, answer, "down", reasons=["does-not-run"]).status_code == 400
    answer.generations.update(scenario=Scenario.objects.get(slug="code"))
    assert rate(browser, answer, "down", reasons=["does-not-run", "inaccurate"]).status_code == 200


def test_the_catalog_names_the_reasons_in_both_languages(browser: Client) -> None:
    catalog = browser.get("/api/catalog/").json()
    assert {"slug": "inaccurate", "name": {"zh": "不准确", "en": "Not accurate"}} in catalog["reasons"]
    code = next(each for each in catalog["scenarios"] if each["slug"] == "code")
    assert [reason["slug"] for reason in code["reasons"]] == ["does-not-run"]
    assert "does-not-run" not in {reason["slug"] for reason in catalog["reasons"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "value"),
        ({"value": "sideways"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "down", "reasons": "inaccurate"}, "reasons"),
        ({"value": "down", "reasons": ["no-such-reason"]}, "reasons"),
        ({"value": "down", "reasons": ["not a slug"]}, "reasons.0"),
        ({"value": "down", "reasons": ["other"] * 11}, "reasons"),
        ({"value": "up", "reasons": ["inaccurate"]}, "reasons"),
        ({"value": "down", "comment": "长" * 501}, "comment"),
        ({"value": "down", "comment": "\x00"}, "comment"),
    ],
)
def test_what_is_no_vote_is_refused_by_its_field(
    browser: Client, answer: Message, body: dict[str, Any], field: str
) -> None:
    refused = browser.put(f"/api/messages/{answer.pk}/rating/", body, content_type="application/json")
    assert (refused.status_code, refused.json()) == (400, {"code": "invalid", "params": {"field": field}})
    assert facts() == []


def test_what_is_not_theirs_cannot_be_told_from_what_never_was(
    browser: Client, answer: Message, wang: User, li: User
) -> None:
    question = answer.parent
    deleted = a_conversation(li)
    Conversation.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    assert question is not None
    for message in (answer_in(a_conversation(wang)), question, answer_in(deleted), Message(pk=uuid7())):
        for refused in (rate(browser, message, "up"), withdraw(browser, message)):
            assert (refused.status_code, refused.json()) == (404, {"code": "not_found", "params": {}})
    assert not Rating.objects.exists()


def test_nobody_votes_without_signing_in(valkey: Process, answer: Message) -> None:
    assert rate(Client(), answer, "up").json()["code"] == "session_expired"


def test_a_vote_goes_with_the_conversation_its_fact_stays(browser: Client, answer: Message) -> None:
    rate(browser, answer, "up")
    answer.conversation.delete()
    assert not Rating.objects.exists()
    assert facts() == [("up", "")]
