"""Cuts a wait short at a deadline that moves with every delta."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Watchdog:
    """One timer for a whole request, moved lazily when it fires: ``asyncio.timeout`` around every read would cost more
    than decoding what was read. Times are the loop's. Nothing is cut while nobody waits, so a slow consumer is never
    taken for a slow endpoint, nor cancelled in code of its own.
    """

    __slots__ = ("_deadline", "_fired", "_loop", "_overdue", "_task", "_timer")

    def __init__(self, deadline: float, *, overdue: Callable[[], Exception]) -> None:
        """``overdue`` makes what a wait that took too long raises."""
        self._loop = asyncio.get_running_loop()
        self._deadline = deadline
        self._overdue = overdue
        self._fired = False
        self._task: asyncio.Task[object] | None = None
        self._timer = self._loop.call_at(deadline, self._on_timer)

    def move(self, deadline: float) -> None:
        """A later deadline is cheap."""
        self._deadline = deadline
        if deadline < self._timer.when():
            self._timer.cancel()
            self._timer = self._loop.call_at(deadline, self._on_timer)

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Raises what is overdue; a cancellation from outside stays one, as in ``asyncio.timeout``."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a watchdog waits within a task")
        before = task.cancelling()
        self._task = task
        if self._fired:
            self._fired = False
            self._arm()
        try:
            return await awaitable
        except BaseException as error:
            if self._fired and task.uncancel() <= before and isinstance(error, asyncio.CancelledError):
                raise self._overdue() from None
            raise
        finally:
            self._task = None

    def stop(self) -> None:
        self._timer.cancel()

    def _on_timer(self) -> None:
        if self._deadline > self._loop.time():
            self._arm()
        else:
            self._fired = True
            if self._task is not None:
                self._task.cancel()

    def _arm(self) -> None:
        self._timer.cancel()
        self._timer = self._loop.call_at(self._deadline, self._on_timer)
