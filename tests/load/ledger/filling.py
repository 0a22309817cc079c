"""So many simulated facts: some are made up one by one, the others are the same lives under other ids."""

from datetime import timedelta
from itertools import count

from django.db import connection, models
from django.utils import timezone

from usage.periods import day_of, reporting_zone
from usage.simulation import Plan, simulate
from usage.simulation.ledger import FACTS
from usage.simulation.visits import Visit

DAYS = 180
FACTS_OF_A_PERSON = 200
"""About, in half a year."""
MOST_MADE_UP = 1_000_000


def fill(facts: int) -> int:
    """At least so many facts, of the half year until yesterday. How many there are."""
    made_up, wanted = 0, min(facts, MOST_MADE_UP)
    zone = reporting_zone()
    until = day_of(timezone.now(), zone) - timedelta(days=1)
    for seed in count(1):
        users = max(20, (wanted - made_up) // FACTS_OF_A_PERSON)
        plan = Plan(users=users, days=DAYS, seed=seed, until=until, zone=zone)
        made_up += simulate(plan, witness=_nobody).total
        if made_up >= wanted:
            break
    originals = {table: table._default_manager.latest("pk").pk for table in FACTS}
    for number in range(1, -(-facts // made_up)):
        for table, last in originals.items():
            _copy(table, last, number)
    return sum(table._default_manager.count() for table in FACTS)


def analyze() -> None:
    """As autovacuum would have done by the time anybody asks."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _nobody(_: Visit) -> None:
    """Looks on."""


def _copy(table: type[models.Model], last: int, number: int) -> None:
    """The originals once more, as other people in other conversations: every id is another one."""
    fields = [field for field in table._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    values = ", ".join(_other(field.column, number) if _is_id(field) else field.column for field in fields)
    name = table._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {name} ({columns}) SELECT {values} FROM {name} WHERE id <= %s", [last])


def _is_id(field: "models.Field[object, object]") -> bool:
    return isinstance(field, models.UUIDField)


def _other(column: str, number: int) -> str:
    return f"md5({column}::text || '{number}')::uuid"
