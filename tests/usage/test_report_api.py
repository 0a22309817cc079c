"""``GET /api/usage/reports/<name>/`` and ``manage.py usage_report``: the same rows, for whoever may see them."""

import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.usage import cast
from tests.usage.cast import LI, WANG
from usage import rollup
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey", "everybody_is_shown", "_a_day_of_use")]

ALL = "/api/usage/reports/"


@pytest.fixture
def _a_day_of_use() -> None:
    at = timezone.now() - timedelta(days=1)
    cast.talk(*(cast.ending(cast.turn(str(who), who=who, at=at)) for who in (LI, WANG)))
    rollup.drain_all(now=timezone.now())


def signed_in(*permissions: str, name: str = "analyst", is_staff: bool = True) -> Client:
    user = get_user_model().objects.create_user(f"{name}@example.com", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="usage", codename__in=permissions))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def analyst() -> Client:
    return signed_in("view_report")


def commanded(name: str, *options: str) -> str:
    out = StringIO()
    call_command("usage_report", name, *options, "--language=en", stdout=out)
    return out.getvalue()


def without_moment(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "generated_at"}


def test_a_report_says_what_was_asked_what_its_columns_mean_and_its_rows(analyst: Client) -> None:
    found = analyst.get(f"{ALL}usage/").json()
    assert (found["report"], found["label"], found["zone"], found["by"]) == ("usage", "Usage", "Asia/Shanghai", ["day"])
    assert [(row["grain"], row["turns"], row["active_users"]) for row in found["rows"]][:2] == [
        ("total", 2, 2),
        ("group", 2, 2),
    ]
    assert found["rows"][0]["cost_CNY"] == "0.00246913578"  # as text: no digit is lost
    columns = {column["id"]: column for column in found["columns"]}
    assert columns["active_users"]["additive"] is False
    assert columns["cost_CNY"]["currency"] == "CNY"
    assert list(columns) == list(found["rows"][0])


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "people"])
def test_the_command_prints_what_the_address_answers(analyst: Client, name: str) -> None:
    address = analyst.get(f"{ALL}{name}/").json()
    assert without_moment(json.loads(commanded(name, "--format=json"))) == without_moment(address)


def test_a_file_has_the_rows_of_the_document() -> None:
    rows = json.loads(commanded("answer_quality", "--format=json"))["rows"]
    file = list(csv.DictReader(StringIO(commanded("answer_quality"), newline="")))
    said = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert [{name: text.lower() for name, text in row.items()} for row in said] == [
        {name: text.lower() for name, text in row.items()} for row in file
    ]


@pytest.mark.parametrize(
    ("address", "status", "code", "sentence"),
    [
        ("everything/", 404, "unknown_report", "There is no report “everything”. Possible: usage, "),
        ("usage/?from=2026-02-30", 400, "bad_day", "“2026-02-30” is not a day."),
        ("usage/?to=0001-01-03", 400, "bad_range", "The range may not start before 1970-01-01."),
        ("usage/?from=0001-01-01&to=0001-01-03", 400, "bad_range", "The range may not start before 1970-01-01."),
        ("usage/?from=9999-12-31&to=9999-12-31", 400, "bad_range", "The range may not end after today "),
        ("usage/?from=2020-01-01", 400, "bad_range", "One report holds at most 92 days; "),
        ("usage/?from=2026-05-02&to=2026-05-01", 400, "bad_range", "The range ends (2026-05-01) before it starts "),
        ("conversations/?from=2026-01-01&to=2026-03-31", 400, "bad_range", "One report holds at most 62 days; "),
        ("usage/?to=2999-01-01", 400, "bad_range", "The range may not end after today "),
        ("usage/?scenaro=writing", 400, "unknown_parameter", "Nothing can be asked by “scenaro”."),
        ("usage/?scenario=cooking", 400, "unknown_value", "There is no scenario “cooking”. Possible: "),
        ("usage/?by=planet", 400, "unknown_grouping", "Rows cannot be told apart by “planet”."),
        ("usage/?by=endpoint", 400, "not_counted", "The report usage was not counted by endpoint together."),
        ("capacity/?organic_only=1", 400, "not_counted", "The report capacity does not know organic_only."),
        ("capacity/?zone=Europe/Atlantis", 400, "bad_zone", "There is no time zone “Europe/Atlantis”."),
        (
            "failover/?metric=turns",
            400,
            "unknown_parameter",
            "Nothing can be asked by “metric”: failover always has all its metrics: "
            "asked_first, failed_over, failover_rate, answered_elsewhere.",
        ),
        ("usage/?by=day&by=scenario", 400, "repeated_parameter", "“by” was given more than once. Give it once;"),
        ("usage/?zone=Europe/Paris", 400, "bad_zone", "People are counted by days of Asia/Shanghai; "),
        ("usage/?compare=perhaps", 400, "bad_switch", "compare is 1 or 0, not “perhaps”."),
        ("lifecycle/?by=month,week", 400, "not_counted", "The report lifecycle was not counted by month + "),
    ],
)
def test_a_question_it_cannot_answer_is_a_sentence(
    analyst: Client, address: str, status: int, code: str, sentence: str
) -> None:
    refused = analyst.get(ALL + address)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["params"]["sentence"].startswith(sentence)


def test_the_command_refuses_with_the_same_sentence() -> None:
    with pytest.raises(CommandError, match="Rows cannot be told apart by “planet”"):
        commanded("usage", "--by=planet")


def test_the_list_says_what_each_can_be_asked(analyst: Client) -> None:
    found = {report["report"]: report for report in analyst.get(ALL).json()}
    assert found.keys() == REPORTS.keys() - {"people"}
    assert found["usage"]["by"][:3] == ["day", "day + scenario", "day + model"]
    assert found["lifecycle"]["options"] == ["compare", "organic_only"]
    assert "csat" in found["answer_quality"]["metrics"]


def test_single_people_need_a_permission_of_their_own(analyst: Client) -> None:
    assert analyst.get(f"{ALL}people/").status_code == 403
    trusted = signed_in("view_report", "view_people", name="trusted").get(f"{ALL}people/")
    assert [row["turns"] for row in trusted.json()["rows"]] == [1, 1]


def test_two_who_ask_cannot_put_their_lists_together() -> None:
    names = [
        {
            row["person"]
            for row in signed_in("view_report", "view_people", name=name).get(f"{ALL}people/").json()["rows"]
        }
        for name in ("one", "other")
    ]
    assert len(names[0]) == len(names[1]) == 2
    assert not names[0] & names[1]
    assert not any(str(subject) in name for subject in (LI, WANG) for name in names[0])
    assert commanded("people", "--audience=a") == commanded("people", "--audience=a") != commanded("people")


@pytest.mark.parametrize(
    ("permissions", "is_staff", "status"),
    [(("view_report",), True, 200), ((), True, 403), (("view_people",), True, 403), (("view_report",), False, 403)],
)
def test_who_may_see(permissions: tuple[str, ...], is_staff: bool, status: int) -> None:
    client = signed_in(*permissions, is_staff=is_staff)
    assert client.get(f"{ALL}usage/").status_code == status
    assert client.get(ALL).status_code == status
