"""What a person may change of themselves, and what the page begins with."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from app.accounts.models import User
from tests.processes import Process


@pytest.fixture
def browser(valkey: Process, li: User) -> Client:
    client = Client()
    client.force_login(li)
    return client


def change(browser: Client, **fields: Any) -> Any:
    return browser.patch("/api/me/", fields, content_type="application/json")


def test_name_and_language_are_ones_own(browser: Client, li: User) -> None:
    answer = change(browser, name="李明", locale="en")
    assert answer.json() == {
        "email": "li@example.com", "name": "李明", "locale": "en", "instructions": "", "is_staff": False
    }  # fmt: skip
    li.refresh_from_db()
    assert (li.name, li.locale) == ("李明", "en")


def test_instructions_are_kept_as_they_were_written(browser: Client, li: User) -> None:
    words = "叫我小李。\n答短一点"
    assert change(browser, instructions=words).json()["instructions"] == words
    assert browser.get("/api/me/").json()["user"]["instructions"] == words
    assert change(browser, instructions="").json()["instructions"] == ""


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"instructions": "长" * 1501}, "instructions"),
        ({"locale": "fr"}, "locale"),
        ({"locale": None}, "locale"),
        ({"locale": ["zh"]}, "locale"),
        ({"name": "长" * 81}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_what_is_no_name_or_language_is_refused_by_name(browser: Client, fields: dict[str, Any], field: str) -> None:
    answer = change(browser, **fields)
    assert (answer.status_code, answer.json()) == (400, {"code": "invalid", "params": {"field": field}})


def test_nothing_else_of_a_person_can_be_changed(browser: Client, li: User) -> None:
    before = User.objects.filter(pk=li.pk).values()[0]
    fields: dict[str, Any] = {name: "2" for name in before if name not in {"name", "locale", "instructions"}}
    fields |= {"is_staff": True, "is_superuser": True, "groups": [1], "user_permissions": [1]}
    assert change(browser, **fields).status_code == 200
    assert User.objects.filter(pk=li.pk).values()[0] == before
    assert not li.groups.exists()


def test_the_page_begins_with_the_same_that_me_says(browser: Client) -> None:
    html = browser.get("/").content.decode()
    boot = re.search(r'<script[^>]*id="boot"[^>]*>(.*?)</script>', html, re.S)
    assert boot is not None
    assert json.loads(boot[1])["user"] == browser.get("/api/me/").json()["user"]


def test_a_name_cannot_break_out_of_the_page(browser: Client) -> None:
    change(browser, name="</script><script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.get("/").content.decode()


def test_a_deactivated_person_is_a_visitor(browser: Client, li: User) -> None:
    li.is_active = False
    li.save()
    assert browser.get("/api/me/").json()["user"] is None
    assert browser.get("/api/conversations/").status_code == 401
