"""Automatic titles: the first words of the question at once, a model's words when the first answer is there.

The conversation's row says that a title is due, so a task that Redis lost is found by the sweep.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from conversations import events
from conversations.accounting import call_event
from conversations.events import CallPurpose
from conversations.history import tell_tabs
from conversations.ids import uuid7
from conversations.inference import client
from conversations.inference.complete import complete
from conversations.inference.errors import InferenceError
from conversations.inference.types import Ask, CallEnded, PromptMessage
from conversations.models import Conversation, Generation, Message, State
from conversations.prompt import endpoint_of
from conversations.protocol import Changed

MAX_TRIES = 3
MAX_TITLE = 40
TITLE_TOKENS = 32
QUESTION_CHARACTERS = 2_000

INSTRUCTIONS = {
    "zh": "用不超过十二个字给下面这个问题起一个标题。只回答标题本身，不要引号和句号。",
    "en": "Give the question below a title of at most six words. Answer with the title alone, no quotes, no full stop.",
}


def due() -> QuerySet[Conversation]:
    """Answered once, still under its first words."""
    answered = Generation.objects.filter(state=State.COMPLETED).values("conversation_id")
    return Conversation.objects.filter(
        title_source=Conversation.TitleSource.QUESTION, title_tries__lt=MAX_TRIES, deleted_at=None, pk__in=answered
    )


def overdue() -> list[UUID]:
    """Those whose task must have been lost: a minute is more than a title ever takes."""
    before = timezone.now() - timedelta(minutes=1)
    return list(due().filter(updated_at__lt=before).order_by("-updated_at").values_list("pk", flat=True)[:50])


def write_title(conversation_id: UUID) -> None:
    """Ask the model that answered. A failure leaves the first words; the sweep tries again, ``MAX_TRIES`` in all."""
    if not due().filter(pk=conversation_id).update(title_tries=F("title_tries") + 1):
        return
    conversation = Conversation.objects.select_related("owner", "scenario").get(pk=conversation_id)
    question = conversation.messages.filter(role=Message.Role.USER).order_by("created_at", "id").first()
    answer = (
        conversation.generations.filter(state=State.COMPLETED)
        .exclude(endpoint=None)
        .select_related("endpoint__model")
        .order_by("created_at")
        .first()
    )
    if question is None or answer is None or answer.endpoint is None:
        return
    ask = Ask(
        prompt=(
            PromptMessage(role="system", content=INSTRUCTIONS[conversation.owner.locale]),
            PromptMessage(role="user", content=question.text[:QUESTION_CHARACTERS]),
        )
    )
    endpoint = endpoint_of(answer.endpoint)
    calls: list[CallEnded] = []

    async def asked() -> str:
        try:
            text, _ = await complete(endpoint, ask, max_tokens=TITLE_TOKENS, timeout_s=20, on_call_ended=calls.append)
            return text
        finally:
            await client.close()

    try:
        title = _clean(asyncio.run(asked()))
    except InferenceError:
        title = ""
    told = [
        call_event(
            call,
            call_of=uuid7(),
            epoch=1,
            purpose=CallPurpose.TITLE,
            person=conversation.owner,
            scenario=conversation.scenario,
        )
        for call in calls
    ]
    with transaction.atomic():
        events.upstream_call_ended.send(sender=Conversation, events=told)
        named = bool(title) and conversation_still_unnamed(conversation_id).update(
            title=title, title_source=Conversation.TitleSource.MODEL
        )
    if named:
        tell_tabs(conversation.owner_id, Changed(conversation=conversation_id, title=title))


def conversation_still_unnamed(conversation_id: UUID) -> QuerySet[Conversation]:
    """The person may have named it meanwhile: theirs stays."""
    return Conversation.objects.filter(pk=conversation_id, title_source=Conversation.TitleSource.QUESTION)


def _clean(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return line.strip().strip("\"'“”「」《》#* ").rstrip("。.")[:MAX_TITLE]
