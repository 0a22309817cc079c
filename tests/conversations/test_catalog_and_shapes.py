"""The catalog, and that every refusal over REST has one shape."""

from typing import Any

import pytest
from django.test import Client

from app.accounts.models import User
from conversations import errors
from conversations.models import Generation, Model, ModelEndpoint, Route, Scenario
from conversations.turns import accept_together
from tests.conversations.transcripts import a_conversation
from tests.conversations.turning import accepted, asking
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


def a_model(slug: str, endpoint: ModelEndpoint, *, in_use: bool = True) -> Model:
    """With an endpoint at the same address."""
    model = Model.objects.create(slug=slug, name_zh=slug, name_en=slug)
    ModelEndpoint.objects.create(model=model, name=slug, base_url=endpoint.base_url, remote_name=slug, is_active=in_use)
    return model


def answers(scenario: str | None) -> str | None:
    """The model that the page is told of, for a scenario or for turns without one."""
    told = Client().get("/api/catalog/").json()
    places = {None: told, **{each["slug"]: each for each in told["scenarios"]}}
    model: str | None = places[scenario]["model"]
    return model


def asked(li: User, scenario: str | None) -> str:
    """The model of a turn for which li chose none."""
    (turn,) = accepted(asking(li, scenario=scenario))
    return Generation.objects.get(pk=turn.frame.generation).model.slug


def agree(li: User, expected: dict[str | None, str]) -> None:
    """What is told and what is asked, place by place."""
    assert {place: answers(place) for place in expected} == expected
    assert {place: asked(li, place) for place in expected} == expected


def test_the_model_that_is_told_is_the_one_that_is_asked(valkey: Process, catalog: ModelEndpoint, li: User) -> None:
    """Study has one of its own, the first one of code is out of use, and another is the first in the picker."""
    first, deep, away = a_model("first", catalog), a_model("deep", catalog), a_model("away", catalog, in_use=False)
    Model.objects.exclude(pk=first.pk).update(position=9)
    study, code = Scenario.objects.get(slug="study"), Scenario.objects.get(slug="code")
    for scenario, model, position in ((study, deep, 0), (code, away, 0), (code, first, 1)):
        Route.objects.create(scenario=scenario, model=model, position=position)
    agree(li, {None: "demonstration", "chat": "demonstration", "study": "deep", "code": "first"})


def test_where_no_endpoint_is_in_use_the_first_route_is_told_and_asked(
    valkey: Process, catalog: ModelEndpoint, li: User
) -> None:
    ModelEndpoint.objects.update(is_active=False)
    agree(li, {None: "demonstration", "chat": "demonstration"})


def test_where_no_route_leads_nobody_is_told_and_nobody_asked(
    valkey: Process, catalog: ModelEndpoint, li: User
) -> None:
    Route.objects.all().delete()
    assert answers("chat") is answers(None) is None
    (refused,) = accept_together([asking(li, scenario="chat")])
    assert isinstance(refused, errors.Unavailable)


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
