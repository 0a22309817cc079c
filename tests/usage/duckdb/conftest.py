from collections.abc import Iterator

import pytest

from tests.usage.duckdb.warehouse import Warehouse, opened
from tests.usage.simulated import AUDIENCE, History


@pytest.fixture(scope="session")
def warehouse(history: History) -> Iterator[Warehouse]:
    with opened(history.parquet, history.plan, audience=AUDIENCE) as database:
        yield database
