"""What was spent between two moments: by the clock, and of CPU."""

import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from tests.load.ledger.found import Cost


def meter(*, with_ours: bool = False) -> Callable[[], Cost]:
    """What has been spent since: by the database server for this connection, and by this process if asked for."""
    connection.ensure_connection()
    clock = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")  # the server is on this machine
    began, busy = time.perf_counter(), _cpu_s(clock, with_ours)
    return lambda: Cost(wall_s=time.perf_counter() - began, cpu_s=_cpu_s(clock, with_ours) - busy)


def _cpu_s(clock: Path, with_ours: bool) -> float:
    return int(clock.read_text().split()[0]) / 1e9 + (time.process_time() if with_ours else 0.0)
