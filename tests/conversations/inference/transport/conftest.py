import asyncio
from collections.abc import Callable

import pytest
import uvloop


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """What touches the network is shown on both loops: the product runs on uvloop, its jobs on asyncio's own."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.path.name in {"test_pool.py", "test_pour.py", "test_tls.py"}:
        factories["uvloop"] = uvloop.new_event_loop
    return factories
