"""Slow work, done by Celery. A task is an address: ids in, one call, safe to repeat."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conversations import pending_facts, titles
from conversations.events import GenerationFinished, TurnKind
from conversations.models import Conversation, State
from conversations.wakes import Wake


def when_answered(events: list[GenerationFinished], **_: object) -> None:
    """An answer is there: a title may be due, once its transaction is committed."""
    for event in events:
        if event.outcome == State.COMPLETED and event.turn.kind == TurnKind.SEND:
            transaction.on_commit(partial(_titles_are_due.about, str(event.turn.conversation)))


@shared_task(autoretry_for=(titles.EndpointBusy,), retry_backoff=2, max_retries=5)
def title(conversation: str) -> None:
    titles.write_title(UUID(conversation))


@shared_task
def title_each(conversations: list[str]) -> None:
    """Many workers write many titles. Most of the conversations have theirs already: those need no task."""
    for conversation in titles.due().filter(pk__in=conversations).values_list("pk", flat=True):
        title.delay(str(conversation))


_titles_are_due = Wake(title_each)


@shared_task
def sweep_titles() -> None:
    for conversation in titles.overdue():
        with suppress(titles.EndpointBusy):
            titles.write_title(conversation)


@shared_task
def record_pending_facts() -> None:
    pending_facts.sweep()


@shared_task
def purge_deleted() -> None:
    """Delete for good what no undo reaches any more, and the temporary ones that were left."""
    now = timezone.now()
    Conversation.objects.purgeable(
        deleted_before=now - timedelta(seconds=settings.UNDO_S),
        left_before=now - timedelta(seconds=settings.TEMPORARY_S),
    ).delete()
