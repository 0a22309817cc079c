"""An account is deleted: with it goes the one row that says under which subject its person appears in facts.

However it is deleted (the admin, a command, a script): the erasure is asked for in the same transaction.
"""

from django.db.models.signals import post_delete
from django.utils import timezone

from app.accounts.models import User
from usage import erasure


def on_account_deleted(*, instance: User, **_: object) -> None:
    erasure.request(instance.subject, now=timezone.now())


def connect() -> None:
    post_delete.connect(on_account_deleted, sender=User, dispatch_uid="leaving")
