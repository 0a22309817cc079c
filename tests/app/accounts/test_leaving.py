"""After an account is deleted nothing in the database says whose it was: every column of every table is looked at."""

from collections.abc import Iterator

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.test import Client

from app.accounts.models import User
from tests.processes import Process

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "zhao-the-canary@example.com"
NAME = "赵金丝雀"
HOME = "203.0.113.77"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.com", "admin-keeps-this"))
    return client


@pytest.fixture
def zhao(valkey: Process, admin: Client) -> User:
    """Signed up by an administrator, named by herself."""
    added = {"email": EMAIL, "password1": "zhao-knows-this", "password2": "zhao-knows-this"}
    assert admin.post("/admin/accounts/user/add/", added).status_code == 302
    zhao = User.objects.get(email=EMAIL)
    browser = Client(REMOTE_ADDR=HOME)
    browser.force_login(zhao)
    assert browser.patch("/api/me/", {"name": NAME}, content_type="application/json").status_code == 200
    return zhao


def written_anywhere() -> Iterator[str]:
    for model in filter(lambda model: model._meta.managed, apps.get_models()):
        for row in model._default_manager.values_list():
            yield f"{model._meta.label}: {row}"


def traces() -> list[str]:
    return [row for row in written_anywhere() if EMAIL in row or NAME in row or HOME in row]


def test_both_logs_know_an_account_while_it_is_there(zhao: User) -> None:
    tables = {row.split(":")[0] for row in traces()}
    assert {"accounts.User", "admin.LogEntry", "auditlog.LogEntry"} <= tables


@pytest.mark.parametrize("way", ["by an administrator", "by a script"])
def test_nothing_of_it_is_left(way: str, zhao: User, admin: Client) -> None:
    pk = zhao.pk
    if way == "by a script":
        zhao.delete()
    else:
        assert admin.post(f"/admin/accounts/user/{pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=pk).exists()
    assert traces() == []


def test_what_was_done_to_it_is_still_known(zhao: User, admin: Client) -> None:
    pk = zhao.pk
    admin.post(f"/admin/accounts/user/{pk}/delete/", {"post": "yes"})
    entries = LogEntry.objects.filter(object_pk=str(pk)).order_by("timestamp")
    assert [entry.get_action_display() for entry in entries][-1] == "delete"
    assert {entry.object_repr for entry in entries} == {f"#{pk}"}
    assert entries.last().actor.email == "admin@example.com"
