"""So many simulated facts: some are made up one by one, the others are the same lives under other ids."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count, islice

from django.db import connection, models
from django.utils import timezone

from tests.load.ledger.indexes import built_after
from usage.models.facts import Fact
from usage.periods import day_of, reporting_zone
from usage.simulation import Plan
from usage.simulation.ledger import FACTS, facts_of_visit, lives_of

DAYS = 180
FACTS_OF_A_PERSON = 200
"""About, in half a year."""
MOST_MADE_UP = 1_000_000
BATCH = 5_000
"""Visits whose facts are made before they are sent."""


class DatabaseNotEmpty(Exception):
    def __init__(self, facts: int) -> None:
        super().__init__(f"There are {facts} facts already. Only an empty database is filled: make a new one.")


def fill(facts: int) -> int:
    """At least so many facts, of the half year until yesterday, without marks. How many there are.

    Raises ``DatabaseNotEmpty``: what was there would be copied too, to the ids that its copies have.
    """
    if there := _in_all():
        raise DatabaseNotEmpty(there)
    wanted = min(facts, MOST_MADE_UP)
    with built_after(FACTS):
        for seed in count(1):
            made_up = _in_all()
            if made_up >= wanted:
                break
            _make_up(max(20, (wanted - made_up) // FACTS_OF_A_PERSON), seed)
        for table in FACTS:
            _copy(table, -(-facts // made_up) - 1)
    return _in_all()


def analyze() -> None:
    """As autovacuum would have done by the time anybody asks."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _in_all() -> int:
    return sum(table._default_manager.count() for table in FACTS)


def _make_up(users: int, seed: int) -> None:
    """Past the product's own write path, which is measured elsewhere: that would take twice the time."""
    zone = reporting_zone()
    until = day_of(timezone.now(), zone) - timedelta(days=1)
    lives = lives_of(Plan(users=users, days=DAYS, seed=seed, until=until, zone=zone))
    while visits := list(islice(lives, BATCH)):
        facts = [fact for visit in visits for fact in facts_of_visit(visit, zone)]
        for kind in ("turns", "records", "calls", "engagements"):
            _send([row for fact in facts for row in getattr(fact, kind)])


def _send(rows: Sequence[Fact]) -> None:
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {meta.db_table} ({columns}) FROM STDIN") as copy:
        for values in _values(rows, [field.attname for field in fields]):
            copy.write_row(values)


def _values(rows: Sequence[Fact], names: Sequence[str]) -> Iterator[list[object]]:
    for row in rows:
        yield [getattr(row, name) for name in names]


def _copy(table: type[models.Model], times: int) -> None:
    """The originals so many times more, as other people in other conversations: every id is another one."""
    fields = [field for field in table._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    values = ", ".join(_other(field.column) if _is_id(field) else field.column for field in fields)
    name = table._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {name} ({columns}) SELECT {values} FROM {name} CROSS JOIN generate_series(1, %s) AS life",
            [times],
        )


def _is_id(field: "models.Field[object, object]") -> bool:
    return isinstance(field, models.UUIDField)


def _other(column: str) -> str:
    return f"md5({column}::text || life)::uuid"
