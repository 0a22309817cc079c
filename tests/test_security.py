"""Every route x {visitor, somebody else, owner}: one table, from the URL configuration. A new route needs a row."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from app.accounts.models import User
from conversations.models import Conversation, Message
from tests.conversations.transcripts import a_conversation
from tests.processes import Process

PEOPLE = ("visitor", "other", "owner")
OTHERS_GUARDED = ("admin/", "_allauth/", "usage/")
"""Tables of their own: the admin's in tests/app/test_admin.py, allauth's in its own tests, usage's in tests/usage."""

# (method, path, body): the status for a visitor, for somebody else, for the owner.
TABLE: dict[tuple[str, str], tuple[int, int, int]] = {
    ("get", "healthz"): (200, 200, 200),
    ("get", "api/schema/"): (200, 200, 200),
    ("get", "api/me/"): (200, 200, 200),
    ("patch", "api/me/"): (401, 200, 200),
    ("get", "api/catalog/"): (200, 200, 200),
    ("get", "api/conversations/"): (401, 200, 200),
    ("get", "api/conversations/{id}/"): (401, 404, 200),
    ("patch", "api/conversations/{id}/"): (401, 404, 200),
    ("delete", "api/conversations/{id}/"): (401, 404, 204),
    ("post", "api/conversations/{id}/undelete/"): (401, 404, 200),
    ("get", "api/search/"): (401, 400, 400),
    ("get", "api/search/?q=李的秘密"): (401, 200, 200),
    ("put", "api/messages/<uuid:answer>/rating/"): (401, 404, 200),
    ("delete", "api/messages/<uuid:answer>/rating/"): (401, 404, 204),
    ("put", "api/messages/<uuid:answer>/appeal/"): (401, 404, 200),
    ("post", "api/engagement/"): (401, 400, 400),
    ("get", "api/usage/reports/"): (401, 403, 403),  # who may: tests/usage/test_report_api.py
    ("get", "api/usage/reports/<slug:report>/"): (401, 403, 403),
    ("post", "api/conversations/"): (401, 405, 405),
    ("put", "api/conversations/{id}/"): (401, 405, 405),
    ("get", ""): (200, 200, 200),
    ("get", "c/{id}"): (200, 200, 200),  # the shell of the page: the same for everybody
    ("get", "nowhere"): (404, 404, 404),
    ("get", "offline"): (200, 200, 200),
    ("post", ""): (405, 405, 405),
    ("get", "favicon.ico"): (404, 404, 404),
}
BODIES = {("put", "api/messages/<uuid:answer>/rating/"): '{"value": "up"}'}
NO_ROW = {"readyz", "i18n/setlang/", "sw.js"}
"""Needs the process it speaks of: tests/app tries it over HTTP. Django's own: sets a cookie and goes back.
A file of the build, which is not there in every place where these tests run: tests/journeys has it."""


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


def plain(route: str) -> str:
    """``^conversations/(?P<pk>[^/.]+)/$`` as the table writes it."""
    for sign, meant in (("^", ""), ("$", ""), ("(?P<pk>[/.]+)", "{id}"), ("<drf_format_suffix:format>", "")):
        route = route.replace(sign, meant)
    return route


def address_of(path: str, conversation: Conversation) -> str:
    answer = Message.objects.filter(conversation=conversation, role=Message.Role.ASSISTANT).get()
    return "/" + path.format(id=conversation.pk).replace("<uuid:answer>", str(answer.pk)).replace(
        "<slug:report>", "usage"
    )


def test_every_route_has_its_row() -> None:
    known = {path for _, path in TABLE} | NO_ROW
    found = {plain(route) for route in routes(list(get_resolver().url_patterns))}
    unknown = {route for route in found if not route.startswith(OTHERS_GUARDED) and not route.startswith("(?!")}
    assert unknown - known == set()


@pytest.fixture
def browsers(valkey: Process, li: User, wang: User) -> dict[str, Client]:
    found = {name: Client(raise_request_exception=False) for name in PEOPLE}
    found["other"].force_login(wang)
    found["owner"].force_login(li)
    return found


@pytest.mark.parametrize(("method", "path"), TABLE, ids=lambda value: value or "/")
def test_a_route_answers_each_as_the_table_says(browsers: dict[str, Client], li: User, method: str, path: str) -> None:
    conversation = a_conversation(li, "李的秘密")
    address = address_of(path, conversation)
    body = BODIES.get((method, path), "{}")
    fields: dict[str, Any] = {} if method == "get" else {"data": body, "content_type": "application/json"}
    answers = {name: getattr(browsers[name], method)(address, **fields) for name in PEOPLE}
    assert tuple(answers[name].status_code for name in PEOPLE) == TABLE[method, path]
    for name in ("visitor", "other"):
        assert "李的秘密" not in answers[name].content.decode()
    assert Conversation.objects.filter(pk=conversation.pk, title="李的秘密").exists()


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_what_is_not_yours_looks_like_what_never_was(browsers: dict[str, Client], li: User, method: str) -> None:
    fields: dict[str, Any] = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
    theirs = getattr(browsers["other"], method)(f"/api/conversations/{a_conversation(li).pk}/", **fields)
    never = getattr(browsers["other"], method)("/api/conversations/01932c07-0000-7000-8000-000000000000/", **fields)
    assert (theirs.status_code, theirs.content) == (never.status_code, never.content)
    assert set(theirs.headers) == set(never.headers)


@pytest.mark.parametrize(("method", "path"), [key for key in TABLE if key[0] in {"patch", "delete"}])
def test_no_unsafe_request_passes_without_the_token(valkey: Process, li: User, method: str, path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(li)
    conversation = a_conversation(li, "旧名")
    address = address_of(path, conversation)
    body = {"data": {"title": "别人改的", "name": "别人改的"}, "content_type": "application/json"}
    assert getattr(browser, method)(address, **body).status_code == 403
    conversation.refresh_from_db()
    li.refresh_from_db()
    assert (conversation.title, conversation.deleted_at, li.name) == ("旧名", None, "李")
    token = browser.get("/api/me/").json()["csrf"]
    assert getattr(browser, method)(address, **body, headers={"X-CSRFToken": token}).status_code < 300


def test_a_token_from_elsewhere_is_refused(valkey: Process, li: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(li)
    token = browser.get("/api/me/").json()["csrf"]
    headers = {"X-CSRFToken": token, "Origin": "http://evil.example"}
    answer = browser.patch("/api/me/", {"name": "x"}, content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_no_page_may_run_what_is_not_ours_or_be_framed(valkey: Process, transactional_db: None) -> None:
    answer = Client().get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.cookies["csrftoken"]["httponly"]


def test_a_host_that_is_not_ours_is_not_served(valkey: Process, transactional_db: None) -> None:
    assert Client(raise_request_exception=False).get("/", headers={"host": "evil.example"}).status_code == 400
