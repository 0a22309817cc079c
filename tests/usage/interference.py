"""What other processes do to a database between two statements of ours."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections


class At:
    """An execute wrapper that acts once, before the n-th statement of the connection it wraps."""

    def __init__(self, number: int, act: Callable[[], None]) -> None:
        self._left = number
        self._act = act

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self._act()
        return execute(sql, params, many, context)


class Elsewhere:
    """Another process, as far as the database can tell: a thread with a connection of its own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self._work()
        connections.close_all()

    def begin(self) -> None:
        """PostgreSQL lets it commit in between; on SQLite it has to wait for the transaction that is open."""
        self._thread.start()
        if connection.vendor == "postgresql" or not connection.in_atomic_block:
            self.join()

    def join(self) -> None:
        if self.has_begun:
            self._thread.join()

    @property
    def has_begun(self) -> bool:
        return self._thread.ident is not None
