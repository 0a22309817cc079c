"""DuckDB answers what reports are asked from the raw facts, and counts the same."""

from pathlib import Path

import pytest

from tests.usage.duckdb.warehouse import Warehouse, statements
from tests.usage.simulated import REPORTS, History

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
"""Else no database is made for the history. Whoever asks first has it made, on a busy machine perhaps for minutes."""

STATEMENTS = statements("reports")


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda path: path.stem)
def test_every_count_is_the_same(statement: Path, history: History, warehouse: Warehouse) -> None:
    by = REPORTS[statement.stem].split(",")
    reported = {tuple(row[name] for name in by): row for row in history.reports[statement.stem]}
    computed = {tuple(row[name] for name in by): row for row in warehouse.rows(statement)}
    assert computed, "a history of which nothing is reported shows nothing"
    said = {key: {name: row[name] for name in computed[key]} for key, row in reported.items() if key in computed}
    assert said == computed
    beside = [row for key, row in reported.items() if key not in computed]
    counts = {name for row in computed.values() for name in row} - set(by)
    assert not any(row[name] for row in beside for name in counts), "a row for which there are no facts"


def test_every_report_that_is_asked_has_a_statement() -> None:
    assert {path.stem for path in STATEMENTS} == set(REPORTS)
