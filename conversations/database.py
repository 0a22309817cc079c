"""The one door from the event loop to the database: bounded, with a time-out.

Outside a request all ``sync_to_async`` calls share one thread, so one slow query would
stall every socket (stack.md, trap 4). Here a whole transaction is one synchronous
function, crossed once, on a few threads of its own.

Each thread keeps its connection: opening one per call (what ``database_sync_to_async``
comes to, with ``CONN_MAX_AGE`` 0) was a third of what a turn costs. A connection that met
an error of the database is closed, so that the next call begins with a new one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import connection

from conversations.errors import Unavailable
from conversations.timing import timing

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""More of them only take turns holding the interpreter, which the loop needs; SQLite writes one at a time anyway."""

_executor = ThreadPoolExecutor(THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one transaction. ``Unavailable`` when the database does not answer in time or refuses.

    After a time-out the transaction may still commit: callers repeat it under the same id.
    """
    call = partial(copy_context().run, _on_a_kept_connection, partial(function, *args, **kwargs))
    try:
        async with asyncio.timeout(timing().database_s):
            return await asyncio.get_running_loop().run_in_executor(_executor, call)
    except (TimeoutError, DatabaseError) as error:
        raise Unavailable(retry_after_s=2) from error


def _on_a_kept_connection(function: Callable[[], T]) -> T:
    try:
        return function()
    except DatabaseError:
        connection.close()
        raise


def close() -> None:
    """Give every thread's connection back: the process ends, or its database is about to go."""
    all_here = Barrier(THREADS)  # so that each thread takes exactly one of the calls

    def close_mine() -> None:
        connection.close()
        all_here.wait(timeout=10)

    wait([_executor.submit(close_mine) for _ in range(THREADS)])
