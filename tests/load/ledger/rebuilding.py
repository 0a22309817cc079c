"""A rebuild of everything, and beside it one plain INSERT ... SELECT ... GROUP BY for each of its tables."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from tests.load.ledger.found import Cost, Rebuild, Table
from tests.load.ledger.spending import meter
from usage import rollup

PLAIN = Path(__file__).parent / "plain"
_WRITES = re.compile(r'^(?:INSERT INTO|DELETE FROM) "?(usage_\w+)"?')


def rebuilt() -> Cost:
    """Of everything, with locks, marks, and all that is read and counted in Python."""
    rollup.mark_days(rollup.recorded_days())
    spent = meter(with_ours=True)
    rollup.drain_all(now=timezone.now())
    return spent()


def compared() -> Rebuild:
    """Of rows that are all there, so that each is deleted and written again, beside the plain statements.

    Raises if a plain statement makes other rows than the rollup has, or a rollup has none.
    """
    spent: dict[str, Cost] = defaultdict(Cost)
    with connection.execute_wrapper(_charged(spent)):
        whole = rebuilt()
    tables = [
        Table(
            name=model._meta.model_name or "",
            rows=model._default_manager.count(),
            rebuilt=spent[model._meta.db_table],
            plain=plainly(model),
        )
        for model in apps.get_app_config("usage").get_models()
        if model._meta.db_table in spent and model._meta.auto_field is None
    ]
    return Rebuild(tables=tuple(tables), whole=whole)


def _charged(spent: dict[str, Cost]) -> Callable[..., Any]:
    """An execute wrapper: costs by the table that is written."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITES.match(sql)
        if not written:
            return execute(sql, params, many, context)
        cost = meter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[written[1]] += cost()

    return watch


def plainly(model: type[models.Model]) -> Cost:
    """The cost of its plain statement, into an empty table with the same keys and indexes.

    Raises if that makes other rows than the rollup has.
    """
    statement = PLAIN / f"{model._meta.model_name}.sql"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_{table} (LIKE {table} INCLUDING ALL)")
        spent = meter()
        cursor.execute(statement.read_text())
        cost = spent()
        cursor.execute("SET work_mem = '256MB'")  # to compare, and not for what is timed
        cursor.execute(
            f"SELECT count(*) FROM ((TABLE {table} EXCEPT TABLE plain_{table}) "
            f"UNION ALL (TABLE plain_{table} EXCEPT TABLE {table})) AS different"
        )
        (different,) = cursor.fetchone()
        cursor.execute("RESET work_mem")
        cursor.execute(f"DROP TABLE plain_{table}")
    if different:
        raise AssertionError(f"{statement.name} makes {different} other rows than the rollup")
    return cost
