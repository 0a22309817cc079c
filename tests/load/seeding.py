"""People who are signed in. Done once for a run, in a process of its own, so that the generator knows no Django."""

import os
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from app.accounts.models import User
from app.seed.sowing import sow
from conversations.models import ModelEndpoint


def seed(file: Path, people: int) -> None:
    """The product's first contents, and one session key a line."""
    sow(demonstration_url=os.environ["DEMONSTRATION_URL"], upstream=None)
    ModelEndpoint.objects.update(max_concurrency=100_000)  # an operator's choice; the queue is another measurement
    users = [User(email=f"load-{number}@example.com", password=make_password(None)) for number in range(people)]
    file.write_text("\n".join(_session_of(user) for user in User.objects.bulk_create(users)))


def _session_of(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
