"""``manage.py usage_erase PERSON [--mode unlink|remove]``: forget a person at once, account and all."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from usage import erasure
from usage.models import Erasure


class Command(BaseCommand):
    help = "Delete an account with all its conversations, and unlink or remove its person's facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="e-mail address of the account, or the subject of one that is gone")
        parser.add_argument("--mode", choices=Erasure.Mode.values, default=settings.ERASURE)

    def handle(self, *_: Any, person: str, mode: str, **__: Any) -> None:
        now = timezone.now()
        with transaction.atomic():
            subject = _subject_of(person)
            accounts = get_user_model()._default_manager.filter(subject=subject)
            deleted, _rows = accounts.delete()
            # The deletion asks for an erasure by the settings; this one is asked for by name.
            Erasure.objects.filter(subject=subject, done_at=None).delete()
            asked = erasure.request(subject, now=now, mode=mode)
        if not erasure.erase(asked.pk, now=now):
            raise CommandError("A worker holds this person's rows. Nothing is lost: it is done within a minute.")
        asked.refresh_from_db()
        account = "account deleted" if deleted else "no account"
        self.stdout.write(f"{account}, {asked.facts} facts {'unlinked' if mode == 'unlink' else 'removed'}.")


def _subject_of(person: str) -> UUID:
    account = get_user_model()._default_manager.filter(email=person.lower()).first()
    if account:
        return UUID(str(account.subject))
    try:
        return UUID(person)
    except ValueError:
        raise CommandError(f"There is no account {person!r}, and it is not a subject.") from None
