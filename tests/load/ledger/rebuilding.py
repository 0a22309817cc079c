"""A rebuild of everything, and beside it one plain INSERT ... SELECT ... GROUP BY for each of its larger tables."""

import re
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from tests.load.ledger.found import Cost, Rebuild, Table
from usage import rollup

PLAIN = Path(__file__).parent / "plain"
_WRITES = re.compile(r'^(?:INSERT INTO|DELETE FROM) "?(usage_\w+)"?')


def rebuild() -> Rebuild:
    """Of rows that are all there, so that each is deleted and written again.

    Raises if a plain statement makes other rows than the rollup has.
    """
    rollup.mark_days(rollup.recorded_days())
    spent: dict[str, Cost] = defaultdict(Cost)
    began = time.perf_counter()
    with connection.execute_wrapper(_charged(spent)):
        rollup.drain_all(now=timezone.now())
    whole_s = time.perf_counter() - began
    tables = [
        Table(
            name=model._meta.model_name or "",
            rows=model._default_manager.count(),
            rebuilt=spent[model._meta.db_table],
            plain=_plainly(model),
        )
        for model in apps.get_app_config("usage").get_models()
        if model._meta.db_table in spent and isinstance(model._meta.pk, models.CompositePrimaryKey)
    ]
    return Rebuild(tables=tuple(tables), whole_s=whole_s)


def _charged(spent: dict[str, Cost]) -> Callable[..., Any]:
    """An execute wrapper: costs by the table that is written."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITES.match(sql)
        if not written:
            return execute(sql, params, many, context)
        cost = _meter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[written[1]] += cost()

    return watch


def _meter() -> Callable[[], Cost]:
    """What has been spent since."""
    connection.ensure_connection()
    clock = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")  # the server is on this machine
    began, busy = time.perf_counter(), _busy_s(clock)
    return lambda: Cost(wall_s=time.perf_counter() - began, cpu_s=_busy_s(clock) - busy)


def _busy_s(clock: Path) -> float:
    return int(clock.read_text().split()[0]) / 1e9


def _plainly(model: type[models.Model]) -> Cost | None:
    """The cost of its plain statement, into an empty table with the same keys and indexes."""
    statement = PLAIN / f"{model._meta.model_name}.sql"
    if not statement.exists():
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_{table} (LIKE {table} INCLUDING ALL)")
        spent = _meter()
        cursor.execute(statement.read_text())
        cost = spent()
        cursor.execute("SET work_mem = '256MB'")  # to compare, and not for what is timed
        cursor.execute(f"SELECT count(*) FROM (TABLE {table} EXCEPT TABLE plain_{table}) AS missing")
        (different,) = cursor.fetchone()
        cursor.execute("RESET work_mem")
        cursor.execute(f"DROP TABLE plain_{table}")
    if different:
        raise AssertionError(f"{statement.name} makes {different} other rows than the rollup")
    return cost
