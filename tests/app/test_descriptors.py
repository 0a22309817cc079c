"""A process with a thousand people has more sockets than a system allows by default."""

import resource
from collections.abc import Iterator

import pytest

from app.asgi import DESCRIPTORS, allow_many_sockets


@pytest.fixture
def hard() -> Iterator[int]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_web_process_takes_what_the_system_lets_it_have(hard: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

    allow_many_sockets()

    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (wanted, hard)
