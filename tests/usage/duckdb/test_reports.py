"""DuckDB answers what reports are asked from the raw facts, and comes to the same rows, number by number."""

from pathlib import Path

import pytest

from tests.usage.duckdb.warehouse import Warehouse, statements
from tests.usage.simulated import QUESTIONS, History
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
"""Else no database is made for the history. Whoever asks first has it made, on a busy machine perhaps for minutes."""

STATEMENTS = statements("reports")


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda path: path.stem)
def test_every_number_of_every_row_is_the_same(statement: Path, history: History, warehouse: Warehouse) -> None:
    by = QUESTIONS[statement.stem].key
    reported = {tuple(row[name] for name in by): row for row in history.reports[statement.stem]}
    computed = {tuple(row[name] for name in by): row for row in warehouse.rows(statement)}
    assert reported, "a history of which nothing is reported shows nothing"
    assert computed.keys() == reported.keys()
    for key, row in reported.items():
        assert computed[key] == row


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_number_is_nothing_in_all_rows(name: str, history: History) -> None:
    """Else two would agree on what neither of them has counted."""
    rows = history.reports[name]
    empty = {column for column in rows[0] if not any(row[column] for row in rows)}
    assert empty <= QUESTIONS[name].empty


def test_every_report_has_a_statement_for_all_its_numbers() -> None:
    assert {path.stem for path in STATEMENTS} == QUESTIONS.keys()
    assert {question.report or name for name, question in QUESTIONS.items()} == REPORTS.keys()
