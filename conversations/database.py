"""The one door from the event loop to the database: bounded, with a time-out.

Outside a request all ``sync_to_async`` calls share one thread, so one slow query would
stall every socket (stack.md, trap 4). Here a whole transaction is one synchronous
function, crossed once, on a pool of its own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from conversations.errors import Unavailable
from conversations.timing import timing

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8
"""SQLite writes one at a time anyway; PostgreSQL's pool holds twice as many."""

_executor = ThreadPoolExecutor(THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one transaction. ``Unavailable`` when the database does not answer in time or refuses.

    After a time-out the transaction may still commit: callers repeat it under the same id.
    """
    call = database_sync_to_async(function, thread_sensitive=False, executor=_executor)
    try:
        async with asyncio.timeout(timing().database_s):
            result: T = await call(*args, **kwargs)
            return result
    except (TimeoutError, DatabaseError) as error:
        raise Unavailable(retry_after_s=2) from error
