"""The report in the admin: who may see it, what it says, and a file with exactly its numbers."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client, override_settings
from django.utils import timezone

from conversations.events import Cost, Tokens
from tests.usage import cast
from tests.usage.cast import LI, WANG
from usage import erasure, rollup
from usage.export.csv import cell, guard
from usage.models import UsageRecord
from usage.reports import labels
from usage.reports.columns import money

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey", "everybody_is_shown")]

PAGE = "/admin/usage/report/"
FILE = "/admin/usage/report/export.csv"


def signed_in(*permissions: str, language: str = "en") -> Client:
    user = get_user_model().objects.create_user("analyst@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="usage", codename__in=permissions))
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def analyst() -> Client:
    return signed_in("view_report", "export_report", "view_usagerecord")


@pytest.fixture
def _a_day_of_use() -> None:
    """Two people in two scenarios an hour ago; one answer without tokens or a price."""
    at = timezone.now() - timedelta(hours=1)
    free = cast.turn("2", who=WANG, at=at, scenario="study", model="own-8b")
    cast.talk(
        cast.ending(cast.turn("1", who=LI, at=at)),
        cast.ending(free, tokens=Tokens(), calls=[cast.call(free, cost=Cost())]),
    )
    rollup.drain(now=timezone.now())


def shown(html: str) -> list[dict[str, Any]]:
    """The numbers of the page, by its column titles' order, with where each row stands."""
    rows: list[dict[str, Any]] = []
    for attributes, body in re.findall(r'<tr class="[^"]*" (data-grain.*?)>(.*?)</tr>', html, re.S):
        where = dict(re.findall(r'data-(\w+)="([^"]*)"', attributes))
        rows.append({**where, "values": re.findall(r'data-value="([^"]*)"', body)})
    return rows


@pytest.mark.usefixtures("_a_day_of_use")
def test_it_says_when_people_were_taken_out_of_its_days(analyst: Client) -> None:
    assert "People were erased" not in analyst.get(PAGE).content.decode()
    erasure.request(LI, now=timezone.now(), mode="remove")
    erasure.erase_due(now=timezone.now())
    assert "People were erased from these days on" in analyst.get(PAGE).content.decode()


@pytest.mark.usefixtures("_a_day_of_use")
def test_the_file_holds_exactly_the_numbers_of_the_page(analyst: Client) -> None:
    page = shown(analyst.get(PAGE).content.decode())
    response = analyst.get(FILE)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("\ufeff")
    assert "\r\n" in text
    file = list(csv.DictReader(StringIO(text[1:], newline="")))
    beside = {
        "grain",
        "local_day",
        "zone",
        "scenario",
        "scenario_name",
        "model",
        "model_name",
        "is_complete",
        "is_suppressed",
    }
    names = [name for name in file[0] if name not in beside and not name.endswith("_unknown_answers")]
    assert [row["values"] for row in page] == [[row[name] for name in names] for row in file]
    assert [(row["grain"], row["day"], row["scenario"]) for row in page] == [
        (row["grain"], row["local_day"], row["scenario"]) for row in file
    ]
    assert (file[0]["active_users"], file[0]["cost_CNY"], file[0]["unpriced_calls"]) == ("2", "0.00123456789", "1")
    free = next(row for row in file if row["scenario"] == "study")
    assert (free["cost_CNY"], free["output_visible_tokens"], free["output_visible_tokens_unknown_answers"]) == (
        "",
        "",
        "1",
    )


@pytest.mark.usefixtures("_a_day_of_use")
@override_settings(REPORT_MIN_PEOPLE=10)
def test_small_groups_are_neither_on_the_page_nor_in_the_file(analyst: Client) -> None:
    assert {value for row in shown(analyst.get(PAGE).content.decode()) for value in row["values"]} == {""}
    file = list(csv.DictReader(StringIO(analyst.get(FILE).content.decode("utf-8-sig"), newline="")))
    assert {(row["is_suppressed"], row["turns"], row["cost_CNY"]) for row in file} == {("true", "", "")}


@pytest.mark.usefixtures("_a_day_of_use")
def test_can_be_asked_for_one_scenario(analyst: Client) -> None:
    page = shown(analyst.get(PAGE, {"scenario": "writing"}).content.decode())
    assert {row["scenario"] for row in page} == {"", "writing"}
    assert page[0]["values"][0] == "1"


@pytest.mark.usefixtures("_a_day_of_use")
def test_what_it_does_not_know_changes_nothing(analyst: Client) -> None:
    plain, more = (shown(analyst.get(PAGE, asked).content.decode()) for asked in ({}, {"channel": "web", "by": "x"}))
    assert plain == more


@pytest.mark.parametrize(("language", "column"), [("en", "Value-active"), ("zh-hans", "有效活跃")])
def test_speaks_the_language_of_the_reader(language: str, column: str) -> None:
    assert column in signed_in("view_report", language=language).get(PAGE).content.decode()


def test_a_question_it_cannot_answer_is_a_sentence_not_a_crash(analyst: Client) -> None:
    for address in (PAGE, FILE):
        for asked, sentence in (({"from": "2026-13-01"}, "is not a day"), ({"model": ["a", "b"]}, "more than once")):
            response = analyst.get(address, asked)
            assert response.status_code == 400
            assert sentence in response.content.decode()


@pytest.mark.usefixtures("_a_day_of_use")
def test_names_come_from_whoever_knows_them(analyst: Client) -> None:
    before = dict(labels._names)
    labels.register(labels.Dimension.SCENARIO, lambda: {"writing": "写作", "cooking": "<b>厨房</b>"})
    try:
        html = analyst.get(PAGE, {"scenario": "cooking"}).content.decode()
        assert "写作" in html
        assert "&lt;b&gt;厨房&lt;/b&gt;" in html
    finally:
        labels._names.clear()
        labels._names.update(before)


def test_an_administrator_without_the_permission_sees_no_report() -> None:
    client = signed_in("view_usagerecord")
    assert client.get(PAGE).status_code == 403
    assert client.get(FILE).status_code == 403


def test_seeing_is_not_exporting() -> None:
    client = signed_in("view_report")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "export.csv" not in page.content.decode()
    assert client.get(FILE).status_code == 403


def test_a_stranger_is_sent_to_sign_in() -> None:
    assert Client().get(PAGE).status_code == 302


@pytest.mark.usefixtures("_a_day_of_use")
def test_facts_can_be_read_in_the_admin_and_nothing_else(analyst: Client) -> None:
    record = UsageRecord.objects.first()
    assert record is not None
    assert "qwen-plus" in analyst.get("/admin/usage/usagerecord/").content.decode()
    assert analyst.get(f"/admin/usage/usagerecord/{record.pk}/change/").status_code == 200
    assert analyst.post(f"/admin/usage/usagerecord/{record.pk}/change/", {"outcome": "failed"}).status_code == 403
    assert analyst.post(f"/admin/usage/usagerecord/{record.pk}/delete/").status_code == 403
    assert analyst.get("/admin/usage/usagerecord/add/").status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@sum", "\tx", "\rx", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert guard(text) == f"'{text}"


def test_numbers_are_numbers_in_a_file() -> None:
    assert [cell(value) for value in (-3, None, True, money(1), money(20 * 10**12))] == [
        "-3",
        "",
        "true",
        "0.000000000001",
        "20",
    ]
    assert money(-1) == Decimal("-1e-12")
