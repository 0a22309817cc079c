"""People who are signed in, and something to read. Done once for a run, in a process of its own, so that the
generator knows no Django.
"""

import json
import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string

from app.accounts.models import User
from app.seed.sowing import sow
from conversations.models import ModelEndpoint
from tests.conversations.transcripts import a_conversation

TURNS = 500
"""Of the long conversation: 1,000 messages."""


def seed(file: Path, people: int) -> None:
    """The product's first contents; a session key for each of so many people, and what the first one can read."""
    sow(demonstration_url=os.environ["DEMONSTRATION_URL"], upstream=None)
    ModelEndpoint.objects.update(max_concurrency=100_000)  # an operator's choice; the queue is another measurement
    password = make_password(None)
    users = User.objects.bulk_create(
        User(email=f"load-{number}@example.com", password=password) for number in range(people)
    )
    sessions = [_session_of(user) for user in users]
    Session.objects.bulk_create(sessions, batch_size=1000)
    keys = [session.session_key for session in sessions]
    file.write_text(json.dumps({"sessions": keys, "history": _history(users[0], keys[0])}))


def _session_of(user: User) -> Session:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    signed_in = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    return Session(
        session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
        session_data=store.encode(signed_in),
        expire_date=timezone.now() + timedelta(days=1),
    )


def _history(person: User, session: str) -> dict[str, str | int]:
    """Read once here, where queries can be counted: those of the session and of the person are among them."""
    path = f"/api/conversations/{a_conversation(person, turns=TURNS).pk}/"
    page = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    page.cookies[settings.SESSION_COOKIE_NAME] = session
    with CaptureQueriesContext(connection) as queries:
        messages = page.get(path).json()["messages"]
    return {"path": path, "messages": len(messages), "queries": len(queries)}
