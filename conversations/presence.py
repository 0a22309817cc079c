"""Who is here: the open sockets of this process, and whether their people may still be here.

Signing out pushes through the channel layer. Besides, the process asks every few seconds, with two queries for
everybody, whose account was switched off or whose session is gone: what was pushed may have been lost.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from importlib import import_module

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError

from conversations import leases
from conversations.database import in_database
from conversations.errors import ConversationError
from conversations.people import hints_group
from conversations.socket import CLOSE_TOO_SLOW, Socket
from conversations.timing import timing

logger = logging.getLogger(__name__)

CLOSE_SIGNED_OUT = 4401
CLOSE_TOO_MANY_TABS = 4409

MAX_TABS = 10
"""Of one person in one process. The oldest gives way: it is the one nobody looks at."""


@dataclass(slots=True, eq=False)
class Tab:
    """One open socket and whose it is."""

    person_pk: int
    session: str
    socket: Socket


class Presence:
    def __init__(self) -> None:
        self._tabs: dict[int, list[Tab]] = {}

    def people(self) -> set[int]:
        return set(self._tabs)

    def tabs_of(self, person_pk: int) -> tuple[Tab, ...]:
        """The oldest first."""
        return tuple(self._tabs.get(person_pk, ()))

    def enter(self, tab: Tab) -> None:
        theirs = self._tabs.setdefault(tab.person_pk, [])
        theirs.append(tab)
        if len(theirs) > MAX_TABS:
            theirs.pop(0).socket.close(CLOSE_TOO_MANY_TABS)

    def leave(self, tab: Tab) -> None:
        theirs = self._tabs.get(tab.person_pk)
        if theirs is not None and tab in theirs:
            theirs.remove(tab)
            if not theirs:
                del self._tabs[tab.person_pk]

    async def watch(self) -> None:
        """Until cancelled: close the sockets of people who left, and of readers who no longer read."""
        while True:
            await asyncio.sleep(timing().presence_s)
            self._close_the_stuck()
            tabs = [tab for theirs in self._tabs.values() for tab in theirs]
            if not tabs:
                continue
            try:
                gone = await in_database(_gone, {tab.person_pk for tab in tabs}, {tab.session for tab in tabs})
            except ConversationError:
                continue  # the database is away: nobody is thrown out for that
            for tab in tabs:
                if tab.person_pk in gone.people or tab.session in gone.sessions:
                    tab.socket.close(CLOSE_SIGNED_OUT)

    def _close_the_stuck(self) -> None:
        """Whose time is over before the next look."""
        deadline = time.monotonic() - (timing().stuck_s - timing().presence_s)
        for theirs in list(self._tabs.values()):
            for tab in theirs:
                if tab.socket.stuck_since is not None and tab.socket.stuck_since < deadline:
                    tab.socket.close(CLOSE_TOO_SLOW)


def tell_signed_out(request: HttpRequest, user: AbstractBaseUser | None, **_: object) -> None:
    """Receiver of Django's ``user_logged_out``: the sockets of this session close now, not at the next look."""
    key = request.session.session_key
    if user is None or key is None:
        return
    try:
        send = async_to_sync(get_channel_layer().group_send)
        send(hints_group(user.pk), {"type": "signed_out", "person": user.pk, "session": key})
    except (RedisError, OSError):
        logger.warning("a sign-out was not pushed: Redis is away")


@dataclass(frozen=True, slots=True)
class _Gone:
    people: set[int]
    sessions: set[str]


def _gone(people: set[int], sessions: set[str]) -> _Gone:
    """Who may no longer be here. The answers of those whose account was switched off or deleted stop too."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    here = set(get_user_model().objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    alive = store.get_model_class().objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    gone = people - here
    if gone:
        leases.stop_answers_of(gone, timezone.now())
    return _Gone(gone, sessions - set(alive.values_list("session_key", flat=True)))
