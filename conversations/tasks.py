"""Slow work, done by Celery. A task is an address: ids in, one call, safe to repeat."""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from conversations import titles
from conversations.events import GenerationFinished, TurnKind
from conversations.models import Conversation, State

logger = logging.getLogger(__name__)


def wake(task: "Task[Any, Any]", *args: str) -> None:
    """Hurry a task whose row already says that it is due. Redis being away only makes it later."""
    try:
        task.apply_async(args=args, retry=False, ignore_result=True)
    except OperationalError as error:
        logger.warning("%s waits for its sweep: %s", task.name, error)


def when_answered(events: list[GenerationFinished], **_: object) -> None:
    """A first answer is there: a title is due, once its transaction is committed."""
    for event in events:
        if event.outcome == State.COMPLETED and event.turn.kind == TurnKind.SEND:
            transaction.on_commit(partial(wake, title, str(event.turn.conversation)))


@shared_task(autoretry_for=(titles.EndpointBusy,), retry_backoff=2, max_retries=5)
def title(conversation: str) -> None:
    titles.write_title(UUID(conversation))


@shared_task
def sweep_titles() -> None:
    for conversation in titles.overdue():
        with suppress(titles.EndpointBusy):
            titles.write_title(conversation)


@shared_task
def purge_deleted() -> None:
    """Delete for good what was deleted long enough ago to be out of reach of an undo."""
    before = timezone.now() - timedelta(seconds=settings.UNDO_S)
    Conversation.objects.filter(deleted_at__lt=before).delete()
