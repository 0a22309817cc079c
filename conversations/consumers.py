"""The socket of a tab: parse a frame, make one call inward, forward what comes back.

It owns nothing. Answers are tasks of the process; what this tab sees of them are its followers.

An ASGI application of its own, below Channels, which finds out who is there (app/asgi.py): one task for each socket,
the server's. Channels' consumers cost two more, and a queue and two subscriptions each (docs/decisions/0009).
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from conversations import assistant, history, protocol, rows
from conversations.database import in_database
from conversations.errors import ConversationError, Internal, NotFound
from conversations.live import Live
from conversations.people import Person
from conversations.presence import CLOSE_SIGNED_OUT, Tab
from conversations.protocol import (
    AnyClientFrame,
    Changed,
    Continue,
    Follow,
    FrameUser,
    NotJson,
    Ping,
    Pong,
    Read,
    Regenerate,
    Send,
    ServerFrame,
    Stop,
    Unfollow,
    Welcome,
)
from conversations.socket import Message, Socket

logger = logging.getLogger(__name__)

CLOSE_BAD_FRAME = 4400
CLOSE_FLOODING = 4429

FRAMES_PER_S = 30
BURST = 90
"""A page that reconnects follows everything it shows at once; nobody types so fast for three seconds."""

Receive = Callable[[], Awaitable[Message]]
SendMessage = Callable[[Message], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the other end; None for somebody who is not signed in."""

    person: Person | None
    session: str
    address: str = ""
    """As the server knows it, behind proxies it trusts; empty where it does not."""
    client: str = ""
    """The page and its build, as it names itself; empty where it does not."""


async def chat(
    live: Live, visitor: Visitor, receive: Receive, send: SendMessage, drop: Callable[[], None] = lambda: None
) -> None:
    """One socket, from its handshake until the page or the server closes it. ``drop`` ends the connection at once."""
    await receive()
    await send({"type": "websocket.accept"})
    if visitor.person is None:
        # Accepted first: a browser shows scripts no status of a refused handshake.
        await send({"type": "websocket.close", "code": CLOSE_SIGNED_OUT})
        return
    task = asyncio.current_task()
    assert task is not None

    def end() -> None:
        drop()
        task.cancel()

    socket = Socket(send, on_drained=live.followers.drained, end=end)
    page = Page(live, visitor.person, socket, visitor.address, visitor.client)
    tab = Tab(visitor.person.pk, visitor.session, socket)
    try:
        await live.hints.enter(tab)
        await page.welcome()
        while (message := await receive())["type"] == "websocket.receive":
            await page.hear(message.get("text"))
    except asyncio.CancelledError:
        if not socket.is_closed:
            raise  # not by ``end``
    finally:
        live.followers.leave(socket)
        await live.hints.leave(tab)


class Page:
    """What a tab says, and what it is answered at once."""

    __slots__ = ("_address", "_allowance", "_allowed_at", "_client", "_live", "_person", "_socket")

    def __init__(self, live: Live, person: Person, socket: Socket, address: str, client: str) -> None:
        self._live, self._person, self._socket = live, person, socket
        self._address, self._client = address, client
        self._allowance: float = BURST
        self._allowed_at = time.monotonic()

    async def welcome(self) -> None:
        person = self._person
        self._offer(
            Welcome(
                user=FrameUser(email=person.email, name=person.name, locale=person.locale),
                active=await in_database(rows.active_of, person),
            )
        )

    async def hear(self, text: str | None) -> None:
        """``text`` is None for a binary frame."""
        if self._socket.is_closed:
            return
        if not self._may_send_a_frame():
            self._socket.close(CLOSE_FLOODING)
            return
        if text is None:
            self._socket.close(CLOSE_BAD_FRAME)
            return
        try:
            frame = protocol.parse(text)
        except NotJson:
            self._socket.close(CLOSE_BAD_FRAME)
        except ConversationError as error:
            self._offer(protocol.error_frame(error))
        else:
            await self._answer(frame)

    async def _answer(self, frame: AnyClientFrame) -> None:
        try:
            await self._dispatch(frame)
        except ConversationError as error:
            error.answers = getattr(frame, "id", None)
            self._offer(protocol.error_frame(error, generation=getattr(frame, "generation", None)))
        except Exception:
            ref = secrets.token_hex(4)
            logger.exception("a %s frame failed, ref %s", type(frame).__name__, ref)
            fault = Internal(ref=ref)
            fault.answers = getattr(frame, "id", None)
            self._offer(protocol.error_frame(fault, generation=getattr(frame, "generation", None)))

    async def _dispatch(self, frame: AnyClientFrame) -> None:
        match frame:
            case Send() | Regenerate() | Continue():
                accepted = await assistant.begin(self._live, self._person, frame, self._address, self._client)
                self._offer(accepted)
                # A repeated send must not start over what its tab is already being told.
                if not self._live.followers.reads(accepted.generation, self._socket):
                    self._live.followers.follow(accepted.generation, self._socket, 0)
            case Stop(generation=generation):
                await assistant.stop(self._live, self._person, generation)
            case Follow(generation=generation, after=after):
                if not await in_database(rows.may_follow, self._person, generation):
                    raise NotFound
                self._live.followers.follow(generation, self._socket, after)
            case Unfollow(generation=generation):
                self._live.followers.unfollow(generation, self._socket)
            case Read(conversation=conversation):
                await in_database(history.read, self._person, conversation, now=timezone.now())
                self._live.hints.tell_tabs(self._person.pk, Changed(conversation=conversation, unread=False))
            case Ping():
                self._offer(Pong())

    def _may_send_a_frame(self) -> bool:
        """A token bucket."""
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._allowed_at) * FRAMES_PER_S)
        self._allowed_at = now
        self._allowance -= 1
        return self._allowance >= 0

    def _offer(self, frame: ServerFrame) -> None:
        self._socket.offer(protocol.encode(frame))
