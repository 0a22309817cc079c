from collections.abc import AsyncIterator, Iterator

import pytest

from conversations.inference import client
from tests.conversations.inference.listening import Doubles
from tests.endpoint import DemonstrationEndpoint


@pytest.fixture(scope="session")
def processes() -> Iterator[tuple[DemonstrationEndpoint, DemonstrationEndpoint]]:
    with DemonstrationEndpoint() as first, DemonstrationEndpoint() as second:
        yield first, second


@pytest.fixture(autouse=True)
async def _no_connection_stays_open() -> AsyncIterator[None]:
    yield
    await client.close()


@pytest.fixture
def doubles(processes: tuple[DemonstrationEndpoint, DemonstrationEndpoint]) -> Doubles:
    """Two real servers with their controls open, and nothing else between them and the code under test."""
    first, second = processes
    first.reset()
    second.reset()
    return Doubles(first=first, second=second)


@pytest.fixture
def double(doubles: Doubles) -> DemonstrationEndpoint:
    return doubles.first
