from collections.abc import Iterator

import pytest

from tests.endpoint import DemonstrationEndpoint


@pytest.fixture(scope="session")
def _process() -> Iterator[DemonstrationEndpoint]:
    with DemonstrationEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def double(_process: DemonstrationEndpoint) -> DemonstrationEndpoint:
    _process.reset()
    return _process
