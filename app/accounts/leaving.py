"""An account is deleted: with it goes the one row that says under which subject its person appears in facts.

However it is deleted (the admin, a command, a script): in the same transaction its running answers end with their
facts, the erasure is asked for, and the logs of the administration forget whose account it was.
"""

from django.db.models.signals import post_delete, pre_delete
from django.utils import timezone

from app.accounts import traces
from app.accounts.models import User
from conversations import leaving
from usage import erasure


def on_account_going(*, instance: User, **_: object) -> None:
    leaving.end_answers_of(instance, now=timezone.now())


def on_account_deleted(*, instance: User, **_: object) -> None:
    erasure.request(instance.subject, now=timezone.now())
    traces.forget(instance, instance.pk)


def connect() -> None:
    pre_delete.connect(on_account_going, sender=User, dispatch_uid="leaving")
    post_delete.connect(on_account_deleted, sender=User, dispatch_uid="leaving")
