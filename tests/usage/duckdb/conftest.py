from collections.abc import Iterator

import pytest

from tests.usage.duckdb.warehouse import Warehouse, opened
from tests.usage.simulated import History


@pytest.fixture(scope="session")
def warehouse(history: History) -> Iterator[Warehouse]:
    with opened(history.parquet, zone=history.plan.zone.key, now=history.plan.end) as database:
        yield database
