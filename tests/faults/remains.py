"""I10: what a process that lives on keeps after a fault. Memory, descriptors, tasks and threads go back to what they
were, as soon as its sockets are closed and its answers have ended.
"""

import time
import urllib.error
import urllib.request
from collections import Counter

import msgspec

from conversations.database import THREADS
from conversations.inference.transport.pool import IDLE_S
from conversations.redis_wire import CONNECTIONS
from tests.faults.judge import Broken
from tests.settings import WEB_PORTS

PATIENCE_S = IDLE_S + 15.0
"""Connections to endpoints are kept for a while, however many there were."""
IDLE = {
    *(
        "tick",
        "renewal",
        "slots",
        "takeover",
        "checkpoint",
        "hints",
        "missed",
        "admission",
        "feed",
        "sweep",
        "presence",
    ),
    *("Server.serve", "LifespanOn.main", "RedisSingleShardConnection._do_receiving"),
    "RequestResponseCycle.run_asgi",  # that answers the census itself
}
"""The tasks of a process that has nothing to do, one of each."""
DESCRIPTORS = CONNECTIONS + 2 * THREADS
"""May have come since the first look: pools that grew to their bounds."""
MEMORY_MB = 128
"""The same: freed memory is not always given back to the system."""

ORIGINS = {f"http://127.0.0.1:{port}" for port in WEB_PORTS}
"""Of the processes that are looked at, if they are there."""


class Census(msgspec.Struct, frozen=True):
    pid: int
    tasks: dict[str, int]
    threads: int
    descriptors: int
    resident_mb: float


_first: dict[int, Census] = {}
"""How each process was found after its first fault: what is made when it is first needed, is made then."""


def judge() -> None:
    for origin in sorted(ORIGINS):
        end = time.monotonic() + PATIENCE_S
        while (kept := _kept_by(origin)) and time.monotonic() < end:
            time.sleep(0.1)
        if kept:
            raise Broken(f"I10 does not hold for {origin}: {kept}")


def _kept_by(origin: str) -> str:
    """In words; nothing if all is well, or nobody is there."""
    try:
        with urllib.request.urlopen(f"{origin}/census", timeout=5) as response:
            census = msgspec.json.decode(response.read(), type=Census)
    except urllib.error.URLError as gone:
        return "" if isinstance(gone.reason, ConnectionRefusedError) else f"no answer: {gone.reason}"
    first = _first.get(census.pid, census)
    more = Counter(census.tasks) - Counter(IDLE)
    kept = [f"{name} {number} times more" for name, number in more.items()]
    if census.threads > first.threads + THREADS:
        kept.append(f"{census.threads} threads after {first.threads}")
    if census.descriptors > first.descriptors + DESCRIPTORS:
        kept.append(f"{census.descriptors} descriptors after {first.descriptors}")
    if census.resident_mb > first.resident_mb + MEMORY_MB:
        kept.append(f"{census.resident_mb:.0f} MB after {first.resident_mb:.0f}")
    if not kept:
        _first.setdefault(census.pid, census)
    return ", ".join(kept)
