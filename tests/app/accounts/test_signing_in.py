"""Signing up, in and out as the page does it: with its cookies, its Origin and its token."""

import pytest
from django.core.cache import cache

from app.accounts.models import User
from tests.app.accounts.browser import LOGIN, SESSION, SIGNUP, Browser
from tests.processes import Process

PASSWORD = "correct-horse-battery"


@pytest.fixture
def door(valkey: Process, transactional_db: None) -> None:
    cache.clear()  # allauth counts tries per address, and every test here has the same one


@pytest.fixture
def page(door: None) -> Browser:
    return Browser()


def test_a_visitor_signs_up_and_is_in_without_any_mail(page: Browser) -> None:
    assert page.me()["user"] is None
    answer = page.post(SIGNUP, email="Zhao@Example.com", password=PASSWORD)
    assert (answer.status, answer.body["meta"]["is_authenticated"]) == (200, True)
    user = {"email": "zhao@example.com", "name": "", "locale": "zh", "instructions": "", "is_staff": False}
    assert page.me()["user"] == user
    person = User.objects.get()
    assert person.check_password(PASSWORD)
    assert (person.is_active, person.is_staff, person.is_superuser, person.is_test) == (True, False, False, False)


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en-GB,en;q=0.8", "en"), ("zh-TW", "zh"), ("zh-CN", "zh"), ("fr-FR,fr", "zh"), ("fr,en;q=0.5", "en"), ("", "zh")],
)
def test_the_language_of_the_browser_becomes_the_persons(door: None, language: str, locale: str) -> None:
    page = Browser(language=language)
    page.post(SIGNUP, email="zhao@example.com", password=PASSWORD)
    assert User.objects.get().locale == locale


def test_who_has_an_account_signs_in(page: Browser, li: User) -> None:
    assert page.get(SESSION).status == 401
    answer = page.post(LOGIN, email="li@example.com", password="li-knows-this")
    assert (answer.status, answer.body["data"]["user"]["email"]) == (200, "li@example.com")
    assert page.me()["user"]["name"] == "李"


def test_an_address_is_the_same_in_capitals(page: Browser, li: User) -> None:
    assert page.post(LOGIN, email="LI@EXAMPLE.COM", password="li-knows-this").status == 200


def test_signed_out_is_signed_out(page: Browser, li: User) -> None:
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    stolen = page.cookie("sessionid").value
    assert page.sign_out().status == 401  # allauth's word for: nobody is signed in now
    assert page.me()["user"] is None
    page.uses(stolen)
    assert page.me()["user"] is None


def test_a_wrong_password_and_an_unknown_person_are_told_the_same(page: Browser, li: User) -> None:
    wrong = page.post(LOGIN, email="li@example.com", password="not-her-password")
    unknown = page.post(LOGIN, email="nobody@example.com", password="not-her-password")
    assert wrong.status == unknown.status == 400
    assert wrong.body == unknown.body
    assert wrong.codes == ["email_password_mismatch"]


def test_a_deactivated_person_cannot_sign_in(page: Browser, li: User) -> None:
    li.is_active = False
    li.save()
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    assert page.me()["user"] is None


def test_an_address_that_is_taken_makes_no_second_account(page: Browser, li: User) -> None:
    answer = page.post(SIGNUP, email="LI@example.com", password=PASSWORD)
    assert answer.status in (400, 401)
    assert page.me()["user"] is None
    (person,) = User.objects.all()
    assert person.check_password("li-knows-this")


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password_too_short"), ("password123", "password_too_common"), ("", "required")],
)
def test_a_weak_password_is_refused_with_the_reason(page: Browser, password: str, code: str) -> None:
    answer = page.post(SIGNUP, email="zhao@example.com", password=password)
    assert (answer.status, code in answer.codes) == (400, True)
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "no-address", "a@b", "x" * 250 + "@example.com"])
def test_what_is_no_address_is_refused_by_name(page: Browser, email: str) -> None:
    answer = page.post(SIGNUP, email=email, password=PASSWORD)
    assert answer.status == 400
    assert {error["param"] for error in answer.body["errors"]} == {"email"}


def test_nobody_makes_themselves_staff(page: Browser) -> None:
    page.post(SIGNUP, email="zhao@example.com", password=PASSWORD, is_staff=True, is_superuser=True, is_test=True)
    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.is_test) == (False, False, False)


@pytest.mark.parametrize("path", [LOGIN, SIGNUP])
def test_without_the_token_nothing_happens(page: Browser, li: User, path: str) -> None:
    page.get("/api/me/")
    for token in (None, "x" * 64):
        answer = page.send("POST", path, {"email": "li@example.com", "password": "li-knows-this"}, token=token)
        assert answer.status == 403
    assert page.me()["user"] is None


def test_the_token_changes_when_somebody_signs_in(page: Browser, li: User) -> None:
    before = page.me()["csrf"]
    page.send("POST", LOGIN, {"email": "li@example.com", "password": "li-knows-this"}, token=before)
    assert page.send("PATCH", "/api/me/", {"name": "x"}, token=before).status == 403
    assert page.send("PATCH", "/api/me/", {"name": "小李"}, token=page.me()["csrf"]).status == 200


def test_the_session_is_a_new_one_after_signing_in(page: Browser, li: User) -> None:
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    first = page.cookie("sessionid").value
    page.sign_out()
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    assert page.cookie("sessionid").value != first


def test_no_script_can_read_a_cookie_that_matters(page: Browser, li: User) -> None:
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    for name in ("sessionid", "csrftoken"):
        cookie = page.cookie(name)
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_too_many_tries_are_too_many(page: Browser, li: User) -> None:
    tries = [page.post(LOGIN, email="li@example.com", password=f"guess-{n}") for n in range(11)]
    assert tries[0].codes == ["email_password_mismatch"]
    assert "too_many_login_attempts" in tries[-1].codes or tries[-1].status == 429
    page.post(LOGIN, email="li@example.com", password="li-knows-this")
    assert page.me()["user"] is None
