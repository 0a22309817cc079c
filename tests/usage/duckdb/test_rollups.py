"""DuckDB recomputes every rollup from the raw facts and comes to the same rows, number by number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.usage.duckdb.warehouse import Warehouse, statements
from tests.usage.simulated import History, Row, rollup_models

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
"""Else no database is made for the history. Whoever asks first has it made, on a busy machine perhaps for minutes."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATEMENTS = statements("rollups")


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda path: path.stem)
def test_every_row_is_the_same(statement: Path, history: History, warehouse: Warehouse) -> None:
    model = apps.get_model("usage", statement.stem.replace("_", ""))
    stored = {_flat(row) for row in history.rollups[model.__name__]}
    columns = [field for field in model._meta.fields if field.column]
    empty = {field.attname: "" if field.get_internal_type() == "CharField" else 0 for field in columns}
    computed = {_flat({**empty, **_without_nulls(row)}) for row in warehouse.rows(statement)}
    assert stored, "a history that leaves a rollup empty shows nothing"
    assert (sorted(stored - computed)[:3], sorted(computed - stored)[:3]) == ([], [])


def test_every_rollup_has_a_statement() -> None:
    named = {path.stem.replace("_", "") for path in STATEMENTS}
    assert {model._meta.model_name for model in rollup_models()} <= named


def _without_nulls(row: Row) -> dict[str, Any]:
    """A measure that no fact of the row has is NULL to SQL, and 0 in a rollup."""
    return {name: value for name, value in row.items() if value is not None}


def _flat(row: Row) -> tuple[tuple[str, str], ...]:
    """By the names of the columns. Moments are microseconds since 1970."""
    return tuple(sorted((name, _plain(value)) for name, value in row.items()))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return str((value - EPOCH) // timedelta(microseconds=1))
    return str(value)
