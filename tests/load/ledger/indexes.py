"""Tables without their indexes while they are filled: looking up ten million random ids each time takes hours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

# Primary keys stay: their numbers rise, and whoever looks for what is new needs them.
_CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'f')
"""
_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'f'))
"""


@contextmanager
def built_after(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Meanwhile they have no index and no constraint but their primary keys; then the same ones as before."""
    found = [pair for table in tables for pair in _found(table._meta.db_table)]
    with connection.cursor() as cursor:
        for drop, _ in found:
            cursor.execute(drop)
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, create in found:
            cursor.execute(create)
        cursor.execute("RESET maintenance_work_mem")


def _found(table: str) -> list[tuple[str, str]]:
    """How each is dropped and made again, as PostgreSQL itself says."""
    with connection.cursor() as cursor:
        rows: list[tuple[str, str]] = []
        for statement in (_CONSTRAINTS, _INDEXES):
            cursor.execute(statement, [table])
            rows += cursor.fetchall()
    return rows
