"""Transactions of one kind that come at once share one: half the work of each, and one commit (docs/decisions/0008)."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import DatabaseError, connection

from conversations.database import in_database
from conversations.errors import Unavailable
from conversations.timing import timing

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 16
"""Of one group: more save nothing, and would hold their locks longer."""


class Grouped(Generic[Item, Result]):
    """The first goes at once; what comes while it is under way waits, and goes together.

    ``together`` gives each item's result or the exception that is its own, in order: one that fails must not
    harm another, so it does a group that failed again one by one (``alone``).
    """

    def __init__(self, together: Callable[[Sequence[Item]], Sequence[Result | Exception]]) -> None:
        self._together = together
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._at_work: asyncio.Task[None] | None = None

    async def run(self, item: Item) -> Result:
        """``Unavailable`` when the database does not answer in time; it may still commit."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work(), name="grouped transactions")
        try:
            async with asyncio.timeout(timing().database_s):
                return await done
        except TimeoutError as error:
            raise Unavailable(retry_after_s=2) from error

    async def _work(self) -> None:
        try:
            while group := self._next():
                await self._do(group)
        finally:
            self._at_work = None

    def _next(self) -> list[tuple[Item, "asyncio.Future[Result]"]]:
        """Without those who gave up meanwhile."""
        group: list[tuple[Item, asyncio.Future[Result]]] = []
        while self._waiting and len(group) < MOST:
            item, done = self._waiting.popleft()
            if not done.done():
                group.append((item, done))
        return group

    async def _do(self, group: list[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        results: Sequence[Result | Exception]
        try:
            results = await in_database(self._together, [item for item, _ in group])
        except Exception as error:
            results = [error] * len(group)
        for (_, done), result in zip(group, results, strict=True):
            if done.done():
                continue
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)


def alone(function: Callable[[Item], Result], item: Item) -> Result | Exception:
    """The result of a function, or what it raises; ``Unavailable`` for what the database has against it."""
    try:
        return function(item)
    except DatabaseError as error:
        connection.close()
        refused = Unavailable(retry_after_s=2)
        refused.__cause__ = error
        return refused
    except Exception as error:
        return error
