"""DuckDB over the Parquet files: every rollup in SQL of its own, which nobody wrote with the product's in hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.usage.duckdb.parquet import FACTS, file_of

HERE = Path(__file__).parent
TABLES = {"turnaccepted": "turns", "usagerecord": "records", "upstreamcall": "calls", "engagementevent": "engagements"}


class Warehouse:
    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def rows(self, statement: Path) -> list[dict[str, Any]]:
        """By the names of their columns; moments are microseconds since 1970. ``Any``: whatever SQL has."""
        found = self._database.execute(statement.read_text())
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def opened(parquet: Path, *, zone: str, now: datetime) -> Iterator[Warehouse]:
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET VARIABLE zone = ?", [zone])
        database.execute("SET VARIABLE now_us = ?", [round(now.timestamp()) * 1_000_000])
        for model in FACTS:
            name = TABLES[model._meta.model_name or ""]
            database.execute(f"CREATE VIEW {name} AS FROM '{file_of(parquet, model)}'")
        database.execute((HERE / "views.sql").read_text())
        yield Warehouse(database)


def statements(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.sql"))
