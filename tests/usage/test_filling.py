"""The benchmark fills an empty database, without indexes: afterwards they are those of the migrations."""

import pytest
from django.db import connection

from tests.load.ledger.filling import DatabaseNotEmpty, fill
from tests.load.ledger.indexes import built_after
from tests.usage import cast
from usage.models import TurnAccepted
from usage.simulation.ledger import FACTS

pytestmark = pytest.mark.django_db


def test_a_database_with_facts_is_refused_and_stays_as_it_is() -> None:
    cast.accept(cast.turn("hello"))
    with pytest.raises(DatabaseNotEmpty, match="There are 1 facts already"):
        fill(20)
    assert TurnAccepted.objects.count() == 1


@pytest.mark.on_postgresql
def test_tables_are_filled_without_indexes_and_have_the_same_ones_afterwards() -> None:
    before = _of_facts()
    with built_after(FACTS):
        meanwhile = _of_facts()
    assert _of_facts() == before
    assert len(meanwhile) == len(FACTS), "only primary keys are left"
    assert meanwhile < before


def _of_facts() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%(tables)s) "
            "UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype = 'u'",
            {"tables": [table._meta.db_table for table in FACTS]},
        )
        return {row[0] for row in cursor}
