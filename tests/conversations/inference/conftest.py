from collections.abc import AsyncIterator, Iterator

import pytest

from conversations.inference import client
from tests.conversations.inference.listening import Doubles
from tests.endpoint import DemonstrationEndpoint


@pytest.fixture(scope="session")
def _processes() -> Iterator[tuple[DemonstrationEndpoint, DemonstrationEndpoint]]:
    with DemonstrationEndpoint() as first, DemonstrationEndpoint() as second:
        yield first, second


@pytest.fixture
async def doubles(
    _processes: tuple[DemonstrationEndpoint, DemonstrationEndpoint],
) -> AsyncIterator[Doubles]:
    """Two real servers with their controls open, and nothing else between them and the code under test."""
    first, second = _processes
    first.reset()
    second.reset()
    yield Doubles(first=first, second=second)
    await client.close()


@pytest.fixture
def double(doubles: Doubles) -> DemonstrationEndpoint:
    return doubles.first
