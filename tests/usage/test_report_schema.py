"""The schema of the API lists every name that a row of a report has, with its type."""

from functools import cache
from typing import Any

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from tests.usage import cast
from tests.usage.asking import DAY
from usage import rollup
from usage.export.document import report_document
from usage.reports.asking import answer
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

PYTHON = {
    "integer": int,
    "boolean": bool,
    "string": object,  # texts, days and moments, and decimals as text
}


@cache
def components() -> dict[str, Any]:
    generator: Any = SchemaGenerator  # it has no types of its own
    schemas: dict[str, Any] = generator().get_schema(request=None, public=True)["components"]["schemas"]
    return schemas


def row_of(report: str) -> dict[str, Any]:
    name = components()["AnyReport"]["discriminator"]["mapping"][report].rpartition("/")[2]
    row: dict[str, Any] = components()[components()[name]["properties"]["rows"]["items"]["$ref"].rpartition("/")[2]]
    return row


def said(report: str) -> list[dict[str, Any]]:
    now = timezone.now()
    cast.talk(cast.ending(cast.turn("yesterday", at=now - DAY)))
    rollup.drain_all(now=now)
    return [dict(row) for row in report_document(answer(report, {}, now=now, audience="tests"))["rows"]]


@pytest.mark.parametrize("report", REPORTS)
def test_every_name_of_a_row_is_in_the_schema(report: str) -> None:
    row = row_of(report)
    for name, value in ((name, value) for found in said(report) for name, value in found.items()):
        typed = row["properties"].get(name) or row["additionalProperties"]
        assert typed, f"{name} of {report}"
        assert value is None or "type" not in typed or isinstance(value, PYTHON[typed["type"]])


@pytest.mark.parametrize("report", REPORTS)
def test_only_money_is_not_listed_since_currencies_are_the_operators(report: str) -> None:
    row = row_of(report)
    money = [column for found in said(report) for column in found if column not in row["properties"]]
    assert all(column.endswith(("_CNY", "_USD")) for column in money)
