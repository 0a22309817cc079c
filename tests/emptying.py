"""The database is emptied after a test that commits: only of what the test wrote.

Django's ``flush`` truncates every table there is, and makes content types and permissions anew: a tenth of a second on
SQLite and several on PostgreSQL, for a test of a few milliseconds.
"""

import logging
from functools import cache

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""What ``migrate`` fills. No test adds to it."""
TRIES = 5

logger = logging.getLogger(__name__)


def install() -> None:
    TransactionTestCase._fixture_teardown = lambda _: empty()  # type: ignore[attr-defined]


def empty() -> None:
    """A web process may be at these tables, too: whom PostgreSQL picks in a deadlock tries again."""
    for _ in range(TRIES - 1):
        try:
            return _empty()
        except OperationalError as error:
            logger.warning("emptying the database again: %s", error)
    return _empty()


@transaction.atomic
def _empty() -> None:
    """In any order: every foreign key of Django's is checked at the end of the transaction."""
    quoted = {table: connection.ops.quote_name(table) for table in _tables()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # what others have begun is waited for, as TRUNCATE would
            cursor.execute(f"LOCK TABLE {', '.join(quoted.values())} IN SHARE ROW EXCLUSIVE MODE")
        # Names from our models.
        filled = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {name})" for t, name in quoted.items())
        cursor.execute(filled)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quoted[table]}")


@cache
def _tables() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(tables) - KEPT)
