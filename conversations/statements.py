"""SQL made once from the models, and run again and again.

Django takes about 0.2 ms to make a statement, whatever the statement says: of the two dozen that a turn
consisted of that was nearly all they cost (docs/decisions/0008). Here a queryset becomes SQL once per process;
a run only puts values into the places that ``Given`` keeps for them.

    class Title(NamedTuple):
        title: str

    TITLE = Select(Title, lambda: Conversation.objects.filter(pk=Given("id", Conversation)))
    TITLE.first(id=some_id)

Every value is converted by its field, both ways, as the ORM does. All run on the one database of the process.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache, cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor  # type: ignore[attr-defined]  # the stubs have psycopg 2
from django.db.backends.utils import CursorWrapper
from django.db.models.constants import OnConflict
from django.db.models.expressions import Expression
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from psycopg import Connection, Cursor, RawCursor

Row = TypeVar("Row", bound=NamedTuple)
Convert = Callable[[Any, BaseDatabaseWrapper], Any]
"""A value as Python has it -> as the database's driver takes it. ``Any``: fields are typed by their models only."""

AS_THEY_ARE = {"CharField", "SlugField", "TextField", "BooleanField"}
"""Fields whose values every driver takes unchanged. The others convert theirs themselves."""

NATIVE = AS_THEY_ARE | {"UUIDField", "DateTimeField"}
"""The same of PostgreSQL's."""

IN_ONE = 4
"""Rows that one statement inserts, which PostgreSQL keeps for each number of them. More are sent one by one through
psycopg's pipeline, which takes as long to set up as three statements.
"""

_held_back: ContextVar[list[tuple[str, list[list[Any]]]] | None] = ContextVar("held_back", default=None)
"""What the ``together`` that is open writes: statements, each with its values in order, as often as it is to run."""


class Given(Expression):
    """The place of a value that is given with each run, and converted as a value of this field."""

    def __init__(self, name: str, model: type[models.Model], field: str | None = None) -> None:
        found = model._meta.get_field(field or name)
        assert isinstance(found, models.Field)
        super().__init__(output_field=found)
        self.name = name
        self.convert = _convert(found) or _unchanged

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]


class _Statement(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    """In order: a ``Given``, or a constant as the driver takes it."""

    def filled(self, given: Mapping[str, object]) -> list[Any]:
        here = connections["default"]
        return [p.convert(given[p.name], here) if isinstance(p, Given) else p for p in self.params]


class Select(Generic[Row]):
    """Rows as named tuples, whose field names are those of ``values_list``."""

    def __init__(self, row: type[Row], queryset: "Callable[[], models.QuerySet[Any]]") -> None:
        self._row = row
        self._queryset = queryset

    @cached_property
    def _compiled(self) -> tuple[_Statement, list[tuple[int, list[Any], Expression]]]:
        """The statement, and the converters of the columns that need some."""
        query = self._queryset().values_list(*self._row._fields).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        return _Statement(sql, tuple(params)), [(at, *found) for at, found in converters.items()]

    def rows(self, **given: object) -> list[Row]:
        statement, converters = self._compiled
        with _cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(given))
            found = cursor.fetchall()
        return [self._row._make(_converted(row, converters)) for row in found]

    def first(self, **given: object) -> Row | None:
        """For a statement that finds one row at most."""
        return next(iter(self.rows(**given)), None)


class Update:
    """Sets columns of the rows it finds."""

    def __init__(self, queryset: "Callable[[], models.QuerySet[Any]]", **columns: object) -> None:
        self._queryset = queryset
        self._columns = columns

    @cached_property
    def _compiled(self) -> _Statement:
        query = cast(UpdateQuery, self._queryset().query.chain(UpdateQuery))  # the stubs forget the class it was given
        query.add_update_values(self._columns)
        sql, params = query.get_compiler(connection=connection).as_sql()
        return _Statement(sql, tuple(params))

    def run(self, *each: Mapping[str, object]) -> int:
        """Once for each set of values. How many rows were changed in all."""
        return _run(self._compiled.sql, [self._compiled.filled(given) for given in each]) if each else 0

    def join(self, *each: Mapping[str, object]) -> None:
        """The same within a ``together``; how many rows are changed is not known."""
        if each:
            _write(self._compiled.sql, [self._compiled.filled(given) for given in each])


def insert(rows: Sequence[models.Model], *, once_by: tuple[str, ...] = ()) -> None:
    """Insert rows of one model, all or none. A key of the database's making is not read back.

    A row whose ``once_by`` (a unique key) is there already stays as it is: its key is set to itself. Not OR
    IGNORE, which on SQLite also swallows a row that breaks a CHECK or NOT NULL.
    """
    if not rows:
        return
    at_once = len(rows) if len(rows) <= IN_ONE else 1
    sql, values_of = _insertion(type(rows[0]), once_by, at_once)
    values = [values_of(row, connections["default"]) for row in rows]
    _write(sql, values if at_once < len(rows) else [list(chain.from_iterable(values))])


def whole() -> AbstractContextManager[object]:
    """For reads that end with one ``together``: all that is written, or nothing, and who goes on after a refusal can.

    One statement is a transaction by itself; not to begin and to commit one are half of the times PostgreSQL is asked.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return nullcontext()
    return transaction.atomic()


@contextmanager
def together() -> Iterator[None]:
    """What is inserted or joined inside goes to PostgreSQL when this is left, all or nothing, as one statement where it
    is few rows; what the server has against them is raised there.

    Between two statements the thread gives the interpreter away and waits for the server: most of what they take.
    """
    if connection.vendor != "postgresql" or _held_back.get() is not None:
        yield
        return
    held_back: list[tuple[str, list[list[Any]]]] = []
    mark = _held_back.set(held_back)
    try:
        yield
    finally:
        _held_back.reset(mark)
    if all(len(runs) == 1 for _, runs in held_back):
        _run_as_one(held_back)
        return
    with transaction.atomic(savepoint=False):
        _run_as_one([one for one in held_back if len(one[1]) == 1])
        for sql, runs in held_back:
            if len(runs) > 1:
                _run(sql, runs)


def _write(sql: str, runs: list[list[Any]]) -> None:
    """Now, or when the ``together`` that is open is left."""
    if (held_back := _held_back.get()) is not None:
        held_back.append((sql, runs))
    elif len(runs) > 1:
        with transaction.atomic(savepoint=False):
            _run(sql, runs)
    else:
        _run(sql, runs)


def _run(sql: str, runs: list[list[Any]]) -> int:
    """How many rows were changed."""
    with _cursor() as cursor:
        if len(runs) == 1:
            cursor.execute(sql, runs[0])
        else:
            cursor.executemany(sql, runs)
        return int(cursor.rowcount)


def _run_as_one(statements: list[tuple[str, list[list[Any]]]]) -> None:
    if statements:
        with _wrapped(RawCursor(_postgresql())) as cursor:
            cursor.execute(
                _joined(tuple(sql for sql, _ in statements)), [v for _, (values,) in statements for v in values]
            )


@cache
def _joined(statements: tuple[str, ...]) -> str:
    """All of them as the parts of one. Its places are numbered as the server wants them: psycopg would do that again
    with every run of a statement of more than 50 values.
    """
    *first, last = statements
    parts = ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(first))
    begin, *rest = (f"WITH {parts} {last}" if first else last).split("%s")
    return begin + "".join(f"${number}{text}" for number, text in enumerate(rest, start=1))


ValuesOf = Callable[[models.Model, BaseDatabaseWrapper], list[Any]]


@cache
def _insertion(model: type[models.Model], once_by: tuple[str, ...], at_once: int) -> tuple[str, ValuesOf]:
    """The statement for so many rows, and what makes the values of one of them."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * at_once)
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {places}"  # noqa: S608 names are the models' own
    if once_by:
        key = [field.column for field in fields if field.name in once_by]
        sql += " " + connection.ops.on_conflict_suffix_sql(fields, OnConflict.UPDATE, key[:1], key)
    read = itemgetter(*(field.attname for field in fields))
    converters = [_convert(field) for field in fields]

    def values_of(row: models.Model, here: BaseDatabaseWrapper) -> list[Any]:
        found = zip(read(row.__dict__), converters, strict=True)
        return [value if convert is None else convert(value, here) for value, convert in found]

    return sql, values_of


def _cursor() -> CursorWrapper:
    """For PostgreSQL one that sends the values apart: Django's own writes them into the text, which makes every
    run a new statement to be parsed and planned. SQLite's driver keeps what it has parsed by itself.
    """
    return _wrapped(ServerBindingCursor(_postgresql())) if connection.vendor == "postgresql" else connection.cursor()


def _postgresql() -> "Connection[Any]":
    connection.ensure_connection()
    return cast("Connection[Any]", connection.connection)


def _wrapped(cursor: "Cursor[Any]") -> CursorWrapper:
    driven = cast(CursorWrapper, cursor)  # the stubs take a driver's cursor for Django's
    return connection.make_debug_cursor(driven) if connection.queries_logged else connection.make_cursor(driven)


def _convert(field: "models.Field[Any, Any]") -> Convert | None:
    """None for a field whose values are taken as they are."""
    if isinstance(field, models.ForeignKey):
        return _convert(field.target_field)
    if field.get_internal_type() in (NATIVE if connection.vendor == "postgresql" else AS_THEY_ARE):
        return None
    return lambda value, here: field.get_db_prep_save(value, connection=here)


def _unchanged(value: Any, _: BaseDatabaseWrapper) -> Any:
    return value


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, list[Any], Expression]]) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return values
