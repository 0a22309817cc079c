"""The statements that Django's ORM has no words for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model, QuerySet, Value
from django.db.models.expressions import Expression

from usage.models import Level

LOCK_SPACE = 0x5559_0000
"""Half of PostgreSQL's two-part advisory keys, so that no other lock of the house meets ours ("UY")."""


class Rows(NamedTuple):
    """A SELECT, and the values for its places."""

    sql: str
    params: Sequence[Any]


def select(queryset: "QuerySet[Any, Any]") -> Rows:
    """Its columns by their names, to be a part of another statement."""
    sql, params = queryset.order_by().query.get_compiler(connection=connection).as_sql(with_col_aliases=True)
    return Rows(sql, params)


def claim(level: Level, keys: Iterable[int]) -> bool:
    """Lock keys until the transaction ends, or say no at once. True on SQLite, whose transaction is the lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        sql = "SELECT bool_and(pg_try_advisory_xact_lock(%s, key)) FROM unnest(%s::int[]) AS key"
        cursor.execute(sql, [LOCK_SPACE + level, list(keys)])
        (locked,) = cursor.fetchone()
    return bool(locked)


def insert_select(
    target: type[Model],
    source: "QuerySet[Any]",
    *,
    constants: Mapping[str, object],
    dimensions: Mapping[str, str],
    measures: Mapping[str, Expression],
    once: bool = False,
) -> None:
    """INSERT INTO ``target`` SELECT ... FROM ``source`` GROUP BY the dimensions.

    ``dimensions`` map a column of the target to a field of the source. ``once``: rows that exist already stay as
    they are.
    """
    fields = {field.name: field for field in target._meta.fields}
    fixed = {f"fixed_{name}": Value(value, fields[name]) for name, value in constants.items()}
    sums = {f"sum_{name}": measure for name, measure in measures.items()}
    rows = source.order_by().values(*dimensions.values()).annotate(**sums, **fixed)
    rows = rows.values_list(*dimensions.values(), *fixed, *sums)
    selection, params = rows.query.get_compiler(connection=connection).as_sql()

    columns = ", ".join(connection.ops.quote_name(name) for name in (*dimensions, *constants, *measures))
    table = connection.ops.quote_name(target._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) {selection}"  # names from our models, values as parameters
    if once:
        sql += " ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def insert_measures(
    target: type[Model],
    rows: Rows,
    *,
    constants: Mapping[str, object],
    dimensions: Sequence[str],
    measures: Mapping[str, str],
) -> None:
    """INSERT INTO ``target`` SELECT ..., measures FROM the rows GROUP BY the dimensions.

    ``measures`` are aggregates: SQL of ours over the columns of ``rows``.
    """
    quoted = connection.ops.quote_name
    groups = ", ".join(map(quoted, dimensions))
    fixed = ", ".join("%s" for _ in constants)
    names = ", ".join(map(quoted, (*dimensions, *constants, *measures)))
    fields = {field.name: field for field in target._meta.fields}
    values = [fields[name].get_db_prep_save(value, connection=connection) for name, value in constants.items()]
    sql = (
        f"INSERT INTO {quoted(target._meta.db_table)} ({names}) "  # noqa: S608 names are our models', values go apart
        f"SELECT {groups}, {fixed}, {', '.join(measures.values())} FROM ({rows.sql}) AS each_row GROUP BY {groups}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *rows.params])


def numbers_of(conditions: Mapping[str, str]) -> Mapping[str, str]:
    """How many rows meet each of them: SQL of ours over the columns of the rows."""
    return {name: f"count(*) FILTER (WHERE {condition})" for name, condition in conditions.items()}


def insert_rows(target: type[Model], columns: Sequence[str], rows: Rows) -> None:
    """INSERT INTO ``target`` these columns, which ``rows`` has in that order."""
    quoted = connection.ops.quote_name
    names = ", ".join(map(quoted, columns))
    with connection.cursor() as cursor:
        # Names are our models', values go apart.
        cursor.execute(f"INSERT INTO {quoted(target._meta.db_table)} ({names}) {rows.sql}", rows.params)


def counted(rows: Rows, *, by: Sequence[str], measures: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """SELECT the ``by`` and the measures FROM the rows GROUP BY the ``by``: one row if that is nothing.

    Measures as of ``insert_measures``. Values are as the driver gives them, so that only numbers and text may be
    asked for, and a boolean is a number on SQLite.
    """
    groups = list(map(connection.ops.quote_name, by))
    columns, grouped = ", ".join([*groups, *measures.values()]), f" GROUP BY {', '.join(groups)}" if groups else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({rows.sql}) AS each_row{grouped}", rows.params)  # noqa: S608 ours
        yield from cursor
