"""What other processes do to a database between two statements of ours."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections, transaction

PATIENCE_S = 60
"""Longer than any of it takes; only what hangs is ended by it."""


class Killed(BaseException):
    """Not an Exception: nothing may catch it, as nothing catches SIGKILL."""


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Before its n-th statement; False if it has no more than those before."""
    return _killed(At(number, _die), work)


def killed_before(words: str, work: Callable[[], object]) -> bool:
    """Before its first statement with these words; False if it has none."""
    return _killed(Before(words, _die), work)


def _killed(wrapper: Callable[..., Any], work: Callable[[], object]) -> bool:
    try:
        with connection.execute_wrapper(wrapper):
            work()
    except Killed:
        return True
    return False


def _die() -> None:
    raise Killed


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


class Before:
    """An execute wrapper that acts once, before the first statement with these words."""

    def __init__(self, words: str, act: Callable[[], None]) -> None:
        self._words = words
        self._act = act
        self.has_acted = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.has_acted and self._words in sql:
            self.has_acted = True
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


class Held:
    """A transaction of another process that has done its work, and stays open until it is told to commit."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._has_worked, self._may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with transaction.atomic():
            self._work()
            self._has_worked.set()
            self._may_commit.wait(PATIENCE_S)
        connections.close_all()

    def begin(self) -> None:
        self._thread.start()
        assert self._has_worked.wait(PATIENCE_S)

    def commit(self) -> None:
        self._may_commit.set()
        self._thread.join()


def at_once(*works: Callable[[], object]) -> None:
    """Processes that begin together, as far as the database can tell. Raises what one of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(PATIENCE_S)
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()
