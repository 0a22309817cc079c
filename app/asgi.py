"""The front door: HTTP, sockets, and the life of the process (``uvicorn app.asgi:application``)."""

import os
import sys
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")

# WhiteNoise serves files synchronously; they are few, small and cached by the browser for ever.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path

from conversations import database, takeover
from conversations.consumers import ChatConsumer
from conversations.inference import client
from conversations.live import Live

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# OriginValidator compares scheme, host and port; AllowedHostsOriginValidator only hosts (stack.md, trap 3).
sockets = OriginValidator(
    AuthMiddlewareStack(URLRouter([path("ws/", ChatConsumer.as_asgi())])), settings.PUBLIC_ORIGINS
)
_by_protocol = ProtocolTypeRouter({"http": http, "websocket": sockets})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ProtocolTypeRouter does not know ``lifespan`` (stack.md, trap 5): it is served here."""
    if scope["type"] == "lifespan":
        await _lifespan(scope, receive, send)
    else:
        await _by_protocol(scope, receive, send)


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    # A database thread holds the interpreter for up to 5 ms by default, and every word waits; measured in tests/load.
    sys.setswitchinterval(0.0005)
    live = Live(take_over=takeover.take_over, redis_url=settings.REDIS_URL)
    await live.start()
    scope["state"]["live"] = live
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await live.stop()
    await client.close()
    database.close()
    await send({"type": "lifespan.shutdown.complete"})
