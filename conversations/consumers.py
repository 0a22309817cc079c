"""The socket of a tab: parse a frame, make one call inward, forward what comes back.

It owns nothing. Answers are tasks of the process; what this tab sees of them are its followers.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from conversations import assistant, protocol, rows
from conversations.database import in_database
from conversations.errors import ConversationError, Internal, NotFound
from conversations.live import Live
from conversations.people import Person, hints_group
from conversations.presence import CLOSE_SIGNED_OUT, Tab
from conversations.protocol import (
    AnyClientFrame,
    Continue,
    Follow,
    FrameUser,
    NotJson,
    Ping,
    Pong,
    Regenerate,
    Send,
    ServerFrame,
    Stop,
    Unfollow,
    Welcome,
)
from conversations.socket import Socket

logger = logging.getLogger(__name__)

CLOSE_BAD_FRAME = 4400
CLOSE_FLOODING = 4429

FRAMES_PER_S = 30
BURST = 90
"""A page that reconnects follows everything it shows at once; nobody types so fast for three seconds."""


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels is not typed
    live: Live
    person: Person
    tab: Socket
    presence: Tab
    _writer: asyncio.Task[None]
    _allowance: float = BURST
    _allowed_at: float = 0

    async def connect(self) -> None:
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(CLOSE_SIGNED_OUT)
            return
        self.live, self.person = self.scope["state"]["live"], user
        self.tab = Socket(self._send_text, on_drained=lambda: self.live.followers.drained(self.tab))
        self._writer = asyncio.create_task(self.tab.write(), name="socket")
        self.presence = Tab(user.pk, self.scope["session"].session_key, self.tab, self._close_soon)
        self.live.presence.enter(self.presence)
        await self.channel_layer.group_add(hints_group(user.pk), self.channel_name)
        self._offer(
            Welcome(
                user=FrameUser(email=user.email, name=user.name, locale=user.locale),
                active=await in_database(rows.active_of, user),
            )
        )

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "tab"):
            self.live.followers.leave(self.tab)
            self.live.presence.leave(self.presence)
            self._writer.cancel()
            with contextlib.suppress(OSError, TimeoutError):
                await self.channel_layer.group_discard(hints_group(self.person.pk), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not hasattr(self, "tab"):
            return
        if not self._may_send_a_frame():
            await self.close(CLOSE_FLOODING)
            return
        if text_data is None:
            await self.close(CLOSE_BAD_FRAME)
            return
        try:
            frame = protocol.parse(text_data)
        except NotJson:
            await self.close(CLOSE_BAD_FRAME)
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
                accepted = await assistant.begin(self.live, self.person, frame)
                self._offer(accepted)
                self.live.followers.follow(accepted.generation, self.tab, 0)
            case Stop(generation=generation):
                await assistant.stop(self.live, self.person, generation)
            case Follow(generation=generation, after=after):
                if not await in_database(rows.may_follow, self.person, generation):
                    raise NotFound
                self.live.followers.follow(generation, self.tab, after)
            case Unfollow(generation=generation):
                self.live.followers.unfollow(generation, self.tab)
            case Ping():
                self._offer(Pong())

    async def hint(self, message: dict[str, Any]) -> None:
        """From the channel layer: another tab, process or worker changed something of this person."""
        self.tab.offer(message["frame"])

    async def signed_out(self, message: dict[str, Any]) -> None:
        """From the channel layer: somebody signed out; this tab goes if it was their session."""
        if message["session"] == self.presence.session:
            await self.close(CLOSE_SIGNED_OUT)

    def _close_soon(self, code: int) -> None:
        self._closing = asyncio.create_task(self.close(code))

    def _may_send_a_frame(self) -> bool:
        """A token bucket."""
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._allowed_at) * FRAMES_PER_S)
        self._allowed_at = now
        self._allowance -= 1
        return self._allowance >= 0

    def _offer(self, frame: ServerFrame) -> None:
        self.tab.offer(protocol.encode(frame))

    async def _send_text(self, text: str) -> None:
        # Past Channels' own send: it would build the same message through three more calls.
        await self.base_send({"type": "websocket.send", "text": text})
