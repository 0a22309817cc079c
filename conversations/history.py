"""What a person does to a conversation as a whole."""

from datetime import datetime, timedelta
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from redis.exceptions import RedisError

from conversations import protocol
from conversations.errors import NotFound
from conversations.models import Conversation, Generation
from conversations.people import Person, hints_group
from conversations.protocol import Changed


def rename(conversation: Conversation, title: str) -> None:
    """The person's own title is never replaced by an automatic one."""
    conversation.title = title
    conversation.title_source = Conversation.TitleSource.OWNER
    conversation.save(update_fields=["title", "title_source"])
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk, title=title))


def pin(conversation: Conversation, *, now: datetime | None) -> None:
    """To the top of the list from ``now`` on; None takes it down again."""
    conversation.pinned_at = now
    conversation.save(update_fields=["pinned_at"])
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk))


def archive(conversation: Conversation, *, now: datetime | None) -> None:
    """Out of the list; None brings it back, to where its last activity puts it."""
    conversation.archived_at = now
    conversation.save(update_fields=["archived_at"])
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk))


def read(person: Person, conversation: UUID, *, now: datetime) -> None:
    """Seen to its end. One statement: it is said after every answer that somebody waited for."""
    if not Conversation.objects.of(person).filter(pk=conversation).update(read_at=now):
        raise NotFound


def delete(conversation: Conversation, *, now: datetime) -> None:
    """Gone from every list at once; its text is purged when an undo is out of reach. A running answer stops."""
    with transaction.atomic():
        conversation.deleted_at = now
        conversation.save(update_fields=["deleted_at"])
        running = Generation.objects.active().filter(conversation=conversation, stop_requested_at=None)
        running.update(stop_requested_at=now)
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk, deleted=True))


def undelete(person: Person, conversation: UUID, *, now: datetime) -> None:
    """Back in its old place. What was deleted longer ago than ``UNDO_S`` is as good as purged."""
    theirs = Conversation.objects.filter(pk=conversation, owner_id=person.pk)
    within_reach = Q(deleted_at__gte=now - timedelta(seconds=settings.UNDO_S), is_temporary=False)
    if not theirs.filter(within_reach | Q(deleted_at=None)).update(deleted_at=None):
        raise NotFound
    tell_tabs(person.pk, Changed(conversation=conversation))


def tell_tabs(owner_pk: int, changed: Changed) -> None:
    """A hint for the person's open tabs; REST is the truth, so a lost one is harmless."""
    layer = get_channel_layer()
    message = {"type": "hint", "person": owner_pk, "frame": protocol.encode(changed)}
    try:
        async_to_sync(layer.group_send)(hints_group(owner_pk), message)
    except (RedisError, OSError):
        return
