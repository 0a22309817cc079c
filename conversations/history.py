"""What a person does to a conversation as a whole."""

from datetime import datetime

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from conversations import protocol
from conversations.models import Conversation, Generation
from conversations.people import hints_group
from conversations.protocol import Changed


def rename(conversation: Conversation, title: str) -> None:
    """The person's own title is never replaced by an automatic one."""
    conversation.title = title
    conversation.title_source = Conversation.TitleSource.OWNER
    conversation.save(update_fields=["title", "title_source"])
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk, title=title))


def delete(conversation: Conversation, *, now: datetime) -> None:
    """Gone from every list at once; its text is purged when an undo is out of reach. A running answer stops."""
    with transaction.atomic():
        conversation.deleted_at = now
        conversation.save(update_fields=["deleted_at"])
        running = Generation.objects.active().filter(conversation=conversation, stop_requested_at=None)
        running.update(stop_requested_at=now)
    tell_tabs(conversation.owner_id, Changed(conversation=conversation.pk, deleted=True))


def tell_tabs(owner_pk: int, changed: Changed) -> None:
    """A hint for the person's open tabs; REST is the truth, so a lost one is harmless."""
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(hints_group(owner_pk), {"type": "hint", "frame": protocol.encode(changed)})
    except (RedisError, OSError):
        return
