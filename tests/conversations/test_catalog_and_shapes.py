"""The catalog, and that every refusal over REST has one shape."""

from typing import Any

import pytest
from django.test import Client

from app.accounts.models import User
from conversations.models import Model, ModelEndpoint, Scenario
from tests.conversations.transcripts import a_conversation
from tests.processes import Process


def test_visitors_see_what_is_offered_in_both_languages(valkey: Process, catalog: ModelEndpoint) -> None:
    answer = Client().get("/api/catalog/").json()
    first = answer["scenarios"][0]
    assert set(first["name"]) == set(first["tagline"]) == set(first["placeholder"]) == {"zh", "en"}
    assert all(set(starter) == {"zh", "en"} for starter in first["starters"])
    assert answer["models"] == [
        {
            "slug": "demonstration",
            "name": {"zh": "演示", "en": "Demonstration"},
            "purpose": {"zh": catalog.model.purpose_zh, "en": catalog.model.purpose_en},
            "thinks": True,
        }
    ]
    assert "instructions" not in str(answer)
    assert catalog.base_url not in str(answer)


def test_what_is_not_offered_or_has_no_endpoint_is_not_shown(valkey: Process, catalog: ModelEndpoint) -> None:
    Scenario.objects.exclude(slug="chat").update(is_active=False)
    Model.objects.create(slug="nobody", name_zh="没人", name_en="Nobody")
    answer = Client().get("/api/catalog/").json()
    assert [scenario["slug"] for scenario in answer["scenarios"]] == ["chat"]
    assert [model["slug"] for model in answer["models"]] == ["demonstration"]


def test_the_order_is_the_administrators(valkey: Process, catalog: ModelEndpoint) -> None:
    Scenario.objects.update(position=5)
    Scenario.objects.filter(slug="code").update(position=0)
    assert Client().get("/api/catalog/").json()["scenarios"][0]["slug"] == "code"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("put", "/api/conversations/{id}/", "{}", 405, "invalid"),
        ("post", "/api/conversations/", "{}", 405, "invalid"),
        ("patch", "/api/conversations/{id}/", "{", 400, "invalid"),
        ("patch", "/api/conversations/{id}/", "[]", 400, "invalid"),
        ("patch", "/api/conversations/{id}/", "[" * 100_000, 400, "invalid"),
        ("get", "/api/conversations/no-uuid/", None, 404, "not_found"),
        ("get", "/api/conversations/00000000-0000-0000-0000-000000000000/", None, 404, "not_found"),
        ("patch", "/api/me/", "7", 400, "invalid"),
    ],
)
def test_every_refusal_has_one_shape(
    valkey: Process, li: User, method: str, path: str, body: Any, status: int, code: str
) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(li)
    path = path.format(id=a_conversation(li).pk)
    answer = getattr(browser, method)(path, **({"data": body, "content_type": "application/json"} if body else {}))
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "params"}
    assert answer.json()["code"] == code


def test_a_form_is_not_taken_for_json(valkey: Process, li: User) -> None:
    browser = Client()
    browser.force_login(li)
    answer = browser.patch("/api/me/", "name=x", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (415, "invalid")


def test_the_description_of_all_this_is_public(valkey: Process, transactional_db: None) -> None:
    answer = Client().get("/api/schema/", HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    assert "/api/conversations/{id}/" in answer.content.decode()
