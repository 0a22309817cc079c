"""``POST /api/engagement/``: what only a page can know. All of a batch or nothing; a repeat is the same fact."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from conversations.api.feedback import MAX_BYTES
from conversations.api.throttles import EngagementThrottle
from conversations.feedback import NEWCOMER
from conversations.ids import uuid7
from conversations.models import Conversation, Message, Scenario
from tests.conversations.transcripts import a_conversation
from tests.processes import Process
from usage.models import EngagementEvent, Level, Mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(valkey: Process, li: User) -> Iterator[Client]:
    """Li's, signed in."""
    Scenario.objects.create(slug="code", name_zh="编程", name_en="Code")
    client = Client()
    client.force_login(li)
    yield client
    cache.clear()


@pytest.fixture
def answer(li: User) -> Message:
    return a_conversation(li).messages.get(role=Message.Role.ASSISTANT)


def report(browser: Client, *events: Any) -> Any:
    return browser.post("/api/engagement/", {"events": list(events)}, content_type="application/json")


def copied(answer: Message, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), "kind": "copied", "age_ms": 0, "answer": str(answer.pk), **more}


def seen(scenario: str = "code", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), "kind": "scenario_seen", "age_ms": 0, "scenario": scenario, **more}


def test_what_a_page_saw_becomes_facts(browser: Client, answer: Message, li: User) -> None:
    of_scenarios, of_answers = ("scenario_seen", "scenario_chosen"), ("copied", "shared", "exported")
    told = [seen(kind=kind) for kind in of_scenarios] + [copied(answer, kind=kind) for kind in of_answers]
    stored = report(browser, *told)
    assert (stored.status_code, stored.json()) == (202, {"stored": 5})
    facts = EngagementEvent.objects.values_list("kind", "subject", "scenario", "answer")
    assert set(facts) == {
        ("scenario_seen", li.subject, "code", None),
        ("scenario_chosen", li.subject, "code", None),
        ("copied", li.subject, "", answer.pk),
        ("shared", li.subject, "", answer.pk),
        ("exported", li.subject, "", answer.pk),
    }


def acquired(campaign: str | None = "spring", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), "kind": "acquired", "age_ms": 0, "campaign": campaign, **more}


def test_the_campaign_that_brought_a_person_is_kept(browser: Client, li: User) -> None:
    assert report(browser, acquired()).json() == {"stored": 1}
    assert EngagementEvent.objects.values_list("kind", "subject", "value").get() == ("acquired", li.subject, "spring")


def test_a_campaign_brings_nobody_who_was_here_before(browser: Client, li: User) -> None:
    User.objects.filter(pk=li.pk).update(date_joined=timezone.now() - NEWCOMER)
    assert report(browser, acquired(), seen()).json() == {"stored": 1}
    assert EngagementEvent.objects.values_list("kind", flat=True).get() == "scenario_seen"


@pytest.mark.parametrize("campaign", [None, "", "two words", "x" * 41])
def test_a_campaign_is_a_slug(browser: Client, campaign: str | None) -> None:
    refused = report(browser, acquired(campaign=campaign))
    assert (refused.status_code, refused.json()["params"]["field"]) == (400, "events.0.campaign")


def test_a_batch_sent_again_is_the_same_facts(browser: Client, answer: Message) -> None:
    batch = [seen(), copied(answer)]
    report(browser, *batch)
    assert report(browser, *batch, batch[0]).json() == {"stored": 2}
    assert EngagementEvent.objects.count() == 2


def test_an_id_of_somebody_else_takes_nothing_from_them(browser: Client, wang: User) -> None:
    event = seen()
    other = Client()
    other.force_login(wang)
    report(other, event)
    report(browser, event)
    assert EngagementEvent.objects.count() == 2


@pytest.mark.parametrize(("age_ms", "minutes"), [(0, 0), (60_000, 1), (600_000, 10), (10**15, 10)])
def test_it_happened_as_long_ago_as_the_page_says_and_ten_minutes_at_most(
    browser: Client, age_ms: int, minutes: int
) -> None:
    before = timezone.now()
    report(browser, seen(age_ms=age_ms))
    happened = EngagementEvent.objects.get().occurred_at + timedelta(minutes=minutes)
    assert before <= happened <= timezone.now()


def test_a_signal_about_an_answer_marks_the_answers_window(browser: Client, answer: Message, li: User) -> None:
    report(browser, copied(answer))
    window = EngagementEvent.objects.get().asked_window
    marks = set(Mark.objects.values_list("level", "window_start", "subject"))
    assert marks == {(Level.WINDOW, window, None), (Level.PERSON, window, li.subject)}


def test_what_was_deleted_a_moment_ago_can_still_be_told_of(browser: Client, answer: Message) -> None:
    Conversation.objects.update(deleted_at=timezone.now())
    assert report(browser, copied(answer)).status_code == 202


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"kind": "applauded"}, "kind"),
        ({"kind": "rated"}, "kind"),
        ({"id": "17"}, "id"),
        ({"id": str(uuid4())}, "id"),
        ({"age_ms": -1}, "age_ms"),
        ({"age_ms": "soon"}, "age_ms"),
        ({"age_ms": None}, "age_ms"),
        ({"scenario": "no-such-scenario"}, "scenario"),
        ({"scenario": None}, "scenario"),
        ({"answer": str(uuid4())}, "answer"),
        ({"kind": "copied"}, "scenario"),
        ({"kind": "copied", "scenario": None}, "answer"),
    ],
)
def test_a_report_that_cannot_be_names_the_event_and_stores_nothing(
    browser: Client, fault: dict[str, Any], field: str
) -> None:
    refused = report(browser, seen(), seen(**fault))
    assert (refused.status_code, refused.json()) == (400, {"code": "invalid", "params": {"field": f"events.1.{field}"}})
    assert not EngagementEvent.objects.exists()


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": {}}, {"events": [1]}, [], "events", None])
def test_what_is_no_report_is_refused(browser: Client, body: Any) -> None:
    refused = browser.post("/api/engagement/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_a_batch_has_fifty_events_at_most(browser: Client) -> None:
    assert report(browser, *(seen() for _ in range(50))).json() == {"stored": 50}
    assert report(browser, *(seen() for _ in range(51))).json()["params"] == {"field": "events"}


def test_a_body_over_64_kb_is_not_read(browser: Client) -> None:
    refused = report(browser, seen(padding="长" * MAX_BYTES))
    assert (refused.status_code, refused.json()) == (413, {"code": "too_large", "params": {"limit": MAX_BYTES}})


def test_other_peoples_answers_cannot_be_told_from_what_never_was(browser: Client, answer: Message, wang: User) -> None:
    theirs = a_conversation(wang).messages.get(role=Message.Role.ASSISTANT)
    assert answer.parent is not None
    for stranger in (theirs, answer.parent, Message(pk=uuid7())):
        refused = report(browser, copied(answer), copied(stranger))
        assert (refused.status_code, refused.json()) == (
            404, {"code": "not_found", "params": {"field": "events.1.answer"}},
        )  # fmt: skip
    assert not EngagementEvent.objects.exists()


def test_one_person_reports_sixty_times_a_minute(browser: Client, wang: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EngagementThrottle, "timer", staticmethod(lambda: 0.0))  # a clock that stands still
    codes = [report(browser, seen()).status_code for _ in range(61)]
    assert codes == [202] * 60 + [429]
    other = Client()
    other.force_login(wang)
    assert report(other, seen()).status_code == 202


def test_nobody_reports_without_signing_in_or_from_another_site(browser: Client, li: User) -> None:
    assert report(Client(), seen()).json()["code"] == "session_expired"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(li)
    assert report(strict, seen()).status_code == 403
    assert not EngagementEvent.objects.exists()
