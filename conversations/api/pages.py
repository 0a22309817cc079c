"""A conversation is read from its end, a page at a time: a long one is not sent whole to show its last answer."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from conversations.errors import Invalid
from conversations.models import Appeal, Conversation, Generation, Message, Rating
from conversations.people import Person

PAGE = 100
"""Messages: fifty turns, some screens."""


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[Message]
    """Oldest first. Whatever continues from one of them is in this page or in one that was read before."""
    older: UUID | None
    """The first of them, where there is more before it."""


def page_of(conversation: Conversation, reader: Person, before: str) -> Page:
    """The newest messages of it; with ``before``, the id of a message of it, the newest of those before that one."""
    said = Message.objects.filter(conversation=conversation)
    if before:
        said = said.before(_named(before, conversation))
    generations = Generation.objects.select_related("model").order_by("created_at", "id")
    appealed = Exists(Appeal.objects.filter(generation__message=OuterRef("pk")))
    newest = (
        said.annotate(appealed=appealed)
        .order_by("-created_at", "-id")
        .prefetch_related(
            Prefetch("generations", generations),
            Prefetch("ratings", Rating.objects.filter(owner_id=reader.pk)),
        )
    )
    found = list(newest[: PAGE + 1])
    messages = found[:PAGE][::-1]
    return Page(messages, messages[0].pk if len(found) > PAGE else None)


def _named(message: str, conversation: Conversation) -> Message:
    try:
        return Message.objects.get(pk=UUID(message), conversation=conversation)
    except (ValueError, Message.DoesNotExist):
        raise Invalid(field="before") from None
