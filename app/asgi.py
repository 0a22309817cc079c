"""The front door: HTTP, sockets, and the life of the process (``uvicorn app.asgi:application``)."""

import asyncio
import contextlib
import gc
import os
import re
import resource
import signal
import sys
import warnings
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")

# WhiteNoise serves files synchronously; they are few, small and cached by the browser for ever.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.auth import get_user
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from django.urls import path

from conversations import database, takeover
from conversations.consumers import Visitor, chat
from conversations.inference import client
from conversations.live import Live

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]

NAME_OF_A_CLIENT = re.compile("[A-Za-z0-9._-]{1,40}")


async def _come_in(scope: Scope, receive: Receive, send: Send) -> None:
    user = await get_user(scope)
    person = user if user.is_authenticated else None
    address = scope["client"][0] if scope.get("client") else ""
    session = scope["session"].session_key or ""
    scope["found"].append(Visitor(person=person, session=session, address=address, client=_named_by(scope)))


def _named_by(scope: Scope) -> str:
    """``/ws/?client=`` of a page that names itself and its build; what is no name is nobody's."""
    name = parse_qs(scope["query_string"].decode("latin-1")).get("client", [""])[0]
    return name if NAME_OF_A_CLIENT.fullmatch(name) else ""


# OriginValidator compares scheme, host and port; AllowedHostsOriginValidator only hosts (stack.md, trap 3).
_door = OriginValidator(SessionMiddlewareStack(URLRouter([path("ws/", cast(Any, _come_in))])), settings.PUBLIC_ORIGINS)


async def _sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """Channels finds out who is there. Its middlewares with their copies of all headers and of the session are gone
    from memory when the socket's life begins, which may be a day.
    """
    found: list[Visitor] = []
    await _door({**scope, "found": found}, receive, send)
    if found:
        await chat(scope["state"]["live"], found[0], receive, send, partial(_drop, send))


def _drop(send: Send) -> None:
    """ASGI has no word for it, and uvicorn's close waits for the last byte to be taken: by who takes none, for ever.

    uvicorn's ``send`` is a method of its protocol, which has the transport.
    """
    if (transport := getattr(getattr(send, "__self__", None), "transport", None)) is not None:
        transport.abort()


_by_protocol = ProtocolTypeRouter({"http": http, "websocket": _sockets})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ProtocolTypeRouter does not know ``lifespan`` (stack.md, trap 5): it is served here."""
    if scope["type"] == "lifespan":
        await _lifespan(scope, receive, send)
    else:
        await _by_protocol(scope, receive, send)


DESCRIPTORS = 65_536
"""That many sockets fit: a page has one, an answer two more."""


def allow_many_sockets() -> None:
    """Systems begin with 1,024 or fewer, and let each process raise that to a limit of its own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError):  # macOS names no limit, and has one
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    # A database thread holds the interpreter for up to 5 ms by default, and every word waits; measured in tests/load.
    sys.setswitchinterval(0.0005)
    allow_many_sockets()
    live = Live(take_over=takeover.take_over, redis_url=settings.REDIS_URL)
    await live.start()
    scope["state"]["live"] = live
    # SIGTERM closes the listener at once. Who is told before can still answer /readyz, with no.
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, live.turn_people_away)
    # Whatever was imported stays. To find that out again takes a full collection 0.1 s, in which nobody gets a word.
    gc.collect()
    gc.freeze()
    # Nearly all that an answer makes is freed by counting; looking for cycles every 700 objects was 6 % of its cost.
    gc.set_threshold(20_000, 20, 20)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await live.stop()
    await client.close()
    database.close()
    await send({"type": "lifespan.shutdown.complete"})
