"""The product, counting what its sockets ask of the database: ``uvicorn tests.faults.counting:application``.

What a socket causes is known by its context, which goes along to the database's threads; the loops of the process,
begun by its lifespan, have another one. Each statement is the number of its socket, one line at the end of the file
that STATEMENTS names.
"""

import itertools
import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from app.asgi import Receive, Scope, Send
from app.asgi import application as product

_sockets = itertools.count(1)
_socket: ContextVar[int] = ContextVar("socket", default=0)
_counted = os.open(os.environ["STATEMENTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _count(execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]) -> Any:
    if number := _socket.get():
        os.write(_counted, b"%d\n" % number)
    return execute(sql, params, many, context)


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _count not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count)


connection_created.connect(_watch)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    _socket.set(next(_sockets) if scope["type"] == "websocket" else 0)
    await product(scope, receive, send)
