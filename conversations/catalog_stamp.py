"""The triggers that renew the catalog's stamp whenever a row of it changes, by whatever way.

Signals of Django would miss ``QuerySet.update``, ``bulk_create`` and a statement typed into a shell. Triggers
stand in no migration, because SQLite's tables are made anew by many later ones and lose theirs without a
word: they are taken down before migrations run and put up after them.
"""

from collections.abc import Iterable, Iterator
from uuid import uuid4

from django.db import connection, models

from conversations.models import CatalogStamp, EndpointPrice, Model, ModelEndpoint, Route, Scenario

CATALOG: tuple[type[models.Model], ...] = (Scenario, Model, ModelEndpoint, EndpointPrice, Route)
NOTES = {"last_failure", "last_failure_at"}
"""Columns in which answers note what happened to them: no change of the catalog."""
FUNCTION = "conversations_catalog_changed"


def take_down(*, plan: object = None, **_: object) -> None:
    """``pre_migrate``. A trigger that names a column would keep it from being dropped."""
    present = set(connection.introspection.table_names()) if plan else set()
    _run(_drops(table for model in CATALOG if (table := model._meta.db_table) in present))


def put_up(*, plan: object = None, **_: object) -> None:
    """``post_migrate``; sent by ``flush`` without a plan, when the triggers are where they were."""
    present = set(connection.introspection.table_names()) if plan is not None else set()
    if CatalogStamp._meta.db_table in present:
        _run(_drops(model._meta.db_table for model in CATALOG))
        _run(_creates())
        CatalogStamp.objects.update_or_create(pk=1, defaults={"stamp": uuid4().hex})


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _drops(tables: Iterable[str]) -> Iterator[str]:
    for table in tables:
        if connection.vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {FUNCTION} ON {table}"
        else:
            yield from (f"DROP TRIGGER IF EXISTS {table}_{moment}" for moment in ("insert", "update", "delete"))


def _creates() -> Iterator[str]:
    return _for_postgresql() if connection.vendor == "postgresql" else _for_sqlite()


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields if field.column not in NOTES)


def _for_postgresql() -> Iterator[str]:
    stamp = CatalogStamp._meta.db_table
    yield f"""
        CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO {stamp} (id, stamp) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
            RETURN NULL;
        END $$"""  # noqa: S608 names are ours
    for model in CATALOG:
        yield f"""
            CREATE TRIGGER {FUNCTION} AFTER INSERT OR DELETE OR UPDATE OF {_columns(model)}
            ON {model._meta.db_table} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"""


def _for_sqlite() -> Iterator[str]:
    """An upsert in a trigger takes over the conflict rule of the statement that fired it: here are two statements."""
    stamp = CatalogStamp._meta.db_table
    for model in CATALOG:
        table = model._meta.db_table
        for moment in ("insert", "delete", f"update OF {_columns(model)}"):
            yield f"""
                CREATE TRIGGER {table}_{moment.split()[0]} AFTER {moment} ON {table} BEGIN
                    INSERT INTO {stamp} (id, stamp) SELECT 1, '' WHERE NOT EXISTS (SELECT 1 FROM {stamp});
                    UPDATE {stamp} SET stamp = lower(hex(randomblob(16)));
                END"""  # noqa: S608 names are ours
