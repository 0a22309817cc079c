"""The one door from the event loop to the database: bounded, with a time-out.

Outside a request all ``sync_to_async`` calls share one thread, so one slow query would
stall every socket (stack.md, trap 4). Here a whole transaction is one synchronous
function, crossed once, on a few threads of its own.

Each thread keeps its connection: opening one per call (what ``database_sync_to_async``
comes to, with ``CONN_MAX_AGE`` 0) was a third of what a turn costs. A connection that met
an error of the database is closed, so that the next call begins with a new one. One that was
dead already, since the database was restarted, costs nobody an error: the call is made again.
A call that took too long is broken off, or a host that vanished without a word would hold its
thread for ever.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

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
    used: list[BaseDatabaseWrapper] = []
    job = _executor.submit(copy_context().run, _on_a_kept_connection, partial(function, *args, **kwargs), used)
    try:
        async with asyncio.timeout(timing().database_s):
            return await asyncio.wrap_future(job)
    except (TimeoutError, DatabaseError) as error:
        _break_off(job, used)
        raise Unavailable(retry_after_s=2) from error
    except asyncio.CancelledError:
        if not job.done():  # its caller has left, but the thread must not wait for ever either
            asyncio.get_running_loop().call_later(timing().database_s, _break_off, job, used)
        raise


def _on_a_kept_connection(function: Callable[[], T], used: list[BaseDatabaseWrapper]) -> T:
    """``used`` holds this thread's connection for as long as the call lasts."""
    used.append(connections["default"])
    was_kept = connection.connection is not None
    try:
        return function()
    except DatabaseError:
        was_dead = was_kept and not connection.is_usable()
        connection.close()
        if not was_dead:
            raise
        return _on_a_kept_connection(function, used)
    finally:
        used.clear()


def _break_off(job: "Future[T]", used: list[BaseDatabaseWrapper]) -> None:
    """Wake the thread that still waits for the server. SQLite waits for a lock, and not for ever.

    Until it is awake: it may be between two connections just now, and the next one as dead as the last.
    """
    if job.done():
        return
    for wrapper in used:
        if wrapper.vendor == "postgresql" and wrapper.connection is not None and not wrapper.connection.closed:
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(wrapper.connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
    asyncio.get_running_loop().call_later(timing().break_again_s, _break_off, job, used)


def close() -> None:
    """Give every thread's connection back: the process ends, or its database is about to go."""
    all_here = Barrier(THREADS)  # so that each thread takes exactly one of the calls

    def close_mine() -> None:
        connection.close()
        all_here.wait(timeout=10)

    wait([_executor.submit(close_mine) for _ in range(THREADS)])
