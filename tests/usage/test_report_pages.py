"""The pages of all reports in the admin: who may see which, and that each says what the address says."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from tests.usage import cast
from tests.usage.cast import LI, WANG
from usage import rollup
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey", "everybody_is_shown", "_a_day_of_use")]

PAGES = "/admin/usage/report/all/"


@pytest.fixture
def _a_day_of_use() -> None:
    at = timezone.now() - timedelta(days=1)
    cast.talk(*(cast.ending(cast.turn(str(who), who=who, at=at)) for who in (LI, WANG)))
    rollup.drain_all(now=timezone.now())


def signed_in(permissions: Sequence[str] = ("view_report",), *, language: str = "en") -> Client:
    user = get_user_model().objects.create_user("analyst@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="usage", codename__in=permissions))
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def rows(html: str) -> list[list[str]]:
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in body.split("</tr>")[:-1]]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_a_page(name: str) -> None:
    answer = signed_in(("view_report", "view_people")).get(f"{PAGES}{name}/")
    assert answer.status_code == 200
    assert f'<a href="{PAGES}{name}/" aria-current="page">' in answer.content.decode()


def test_a_page_shows_the_rows_of_the_report() -> None:
    client = signed_in()
    shown = rows(client.get(f"{PAGES}usage/").content.decode())
    said = client.get("/api/usage/reports/usage/").json()["rows"]
    assert [row[0] for row in shown] == ["Total", *(row["day"] for row in said[1:])]
    assert [row[1:3] for row in shown] == [[str(row["turns"]), str(row["active_users"])] for row in said]


def test_a_page_can_be_asked_for_other_rows_and_a_comparison() -> None:
    html = signed_in().get(f"{PAGES}usage/", {"by": "scenario", "compare": "1"}).content.decode()
    assert '<option value="scenario" selected>' in html
    assert {row[0] for row in rows(html)} >= {"", "Elapsed", "Before"}


@pytest.mark.parametrize(
    ("by", "sentence"),
    [("planet", "Rows cannot be told apart by “planet”"), (["day", "scenario"], "“by” was given more than once.")],
)
def test_a_question_it_cannot_answer_is_a_sentence(by: str | list[str], sentence: str) -> None:
    refused = signed_in().get(f"{PAGES}usage/", {"by": by})
    assert refused.status_code == 400
    assert sentence in refused.content.decode()


def test_speaks_the_language_of_the_reader() -> None:
    html = signed_in(language="zh-hans").get(f"{PAGES}lifecycle/").content.decode()
    assert all(word in html for word in ("全部报表", "生命周期", "回流"))


def test_the_page_of_single_people_is_neither_shown_nor_offered_without_its_permission() -> None:
    client = signed_in()
    assert client.get(f"{PAGES}people/").status_code == 403
    assert f"{PAGES}people/" not in client.get(PAGES).content.decode()


@pytest.mark.parametrize("name", ["nothing", "usage"])
def test_nobody_sees_what_they_may_not(name: str) -> None:
    assert signed_in(("view_people",)).get(f"{PAGES}{name}/").status_code == 403
    assert Client().get(f"{PAGES}{name}/").status_code == 302
