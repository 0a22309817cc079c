"""DuckDB over the Parquet files: every rollup and report in SQL of its own, written without the product's in hand."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from tests.usage.duckdb.parquet import FACTS, file_of
from usage.simulation import Plan

HERE = Path(__file__).parent
TABLES = {"turnaccepted": "turns", "usagerecord": "records", "upstreamcall": "calls", "engagementevent": "engagements"}
COMMIT = timedelta(seconds=10)
"""What a moment that is counted through is taken back by."""


class Warehouse:
    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def rows(self, statement: Path) -> list[dict[str, Any]]:
        """By the names of their columns; moments are microseconds since 1970. ``Any``: whatever SQL has."""
        found = self._database.execute(statement.read_text())
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def opened(parquet: Path, plan: Plan, *, audience: str) -> Iterator[Warehouse]:
    """As it is asked when the plan ends."""
    variables = {
        "zone": plan.zone.key,
        "now_us": round(plan.end.timestamp()) * 1_000_000,
        "complete_us": round((plan.end - COMMIT).timestamp()) * 1_000_000,
        "first_day": plan.date_of(0),
        "last_day": plan.until,
    }
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        for variable, value in variables.items():
            database.execute(f"SET VARIABLE {variable} = ?", [value])
        for model in FACTS:
            name = TABLES[model._meta.model_name or ""]
            database.execute(f"CREATE VIEW {name} AS FROM '{file_of(parquet, model)}'")
        database.execute((HERE / "views.sql").read_text())
        database.execute((HERE / "groups.sql").read_text())
        _name_people(database, audience)
        yield Warehouse(database)


def statements(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.sql"))


def _name_people(database: duckdb.DuckDBPyConnection, audience: str) -> None:
    """DuckDB has no HMAC: the names under which ``audience`` knows people, by the subjects of their turns."""
    key = hashlib.sha256(f"usage.reports {audience}{settings.SECRET_KEY}".encode()).digest()
    database.execute("CREATE TABLE pseudonyms (subject UUID, pseudonym VARCHAR)")
    subjects = [subject for (subject,) in database.execute("SELECT DISTINCT subject FROM turns").fetchall()]
    names = [(it, hmac.new(key, it.bytes, hashlib.sha256).hexdigest()[:20]) for it in subjects]
    database.executemany("INSERT INTO pseudonyms VALUES (?, ?)", names)
