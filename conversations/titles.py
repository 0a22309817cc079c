"""Automatic titles: the first words of the question at once, a model's words when the first answer is there.

The conversation's row says that a title is due, so a task that Redis lost is found by the sweep.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from redis.asyncio import Redis

from conversations import catalog, pending_facts
from conversations.accounting import call_event
from conversations.admission import Admission
from conversations.catalog import endpoint_of
from conversations.events import CallPurpose
from conversations.history import tell_tabs
from conversations.ids import uuid7
from conversations.inference import client
from conversations.inference.complete import complete
from conversations.inference.errors import InferenceError
from conversations.inference.types import Ask, CallEnded, PromptMessage
from conversations.models import Conversation, Generation, Message, ModelEndpoint, State
from conversations.protocol import Changed
from conversations.timing import timing

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


class EndpointBusy(Exception):
    """Answers take all of the endpoint's slots. Nothing was tried."""


def write_title(conversation_id: UUID) -> None:
    """Ask the model that answered. A failure leaves the first words; the sweep tries again, ``MAX_TRIES`` in all."""
    conversation = due().select_related("owner", "scenario").filter(pk=conversation_id).first()
    answered_by = _answered_by(conversation_id)
    if conversation is None or answered_by is None:
        return
    calls: list[CallEnded] = []
    title = _clean(asyncio.run(_asked(answered_by, _ask(conversation), calls)))
    offered = catalog.current()
    told = [
        call_event(
            call,
            call_of=uuid7(),
            epoch=1,
            purpose=CallPurpose.TITLE,
            subject=conversation.owner.subject,
            is_internal=conversation.owner.is_internal,
            scenario=conversation.scenario.slug if conversation.scenario else "",
            offered=offered,
        )
        for call in calls
    ]
    with transaction.atomic():
        pending_facts.tell_or_keep(told, sender=Conversation)
        Conversation.objects.filter(pk=conversation_id).update(title_tries=F("title_tries") + 1)
        named = bool(title) and conversation_still_unnamed(conversation_id).update(
            title=title, title_source=Conversation.TitleSource.MODEL
        )
    if named:
        tell_tabs(conversation.owner_id, Changed(conversation=conversation_id, title=title))


def _answered_by(conversation_id: UUID) -> ModelEndpoint | None:
    answers = Generation.objects.filter(conversation_id=conversation_id, state=State.COMPLETED).exclude(endpoint=None)
    first = answers.select_related("endpoint__model").order_by("created_at").first()
    return first.endpoint if first else None


def _ask(conversation: Conversation) -> Ask:
    questions = conversation.messages.filter(role=Message.Role.USER).order_by("created_at", "id")
    return Ask(
        prompt=(
            PromptMessage(role="system", content=INSTRUCTIONS[conversation.owner.locale]),
            PromptMessage(role="user", content=questions[0].text[:QUESTION_CHARACTERS]),
        )
    )


async def _asked(row: ModelEndpoint, ask: Ask, calls: list[CallEnded]) -> str:
    """The model's words, empty if it failed. A title takes a slot like an answer, and never waits for one."""
    endpoint, work = endpoint_of(row), uuid7()
    redis = Redis.from_url(settings.REDIS_URL)
    admission = Admission(redis)
    try:
        if not await admission.take(work, endpoint, row.max_concurrency):
            raise EndpointBusy
        timeout_s = timing().slot_lease_s  # so that the slot need not be renewed
        text, _ = await complete(
            endpoint, ask, max_tokens=TITLE_TOKENS, timeout_s=timeout_s, on_call_ended=calls.append
        )
        return text
    except InferenceError:
        return ""
    finally:
        await admission.release(work)
        await client.close()
        await redis.aclose()


def conversation_still_unnamed(conversation_id: UUID) -> QuerySet[Conversation]:
    """The person may have named it meanwhile: theirs stays."""
    return Conversation.objects.filter(pk=conversation_id, title_source=Conversation.TitleSource.QUESTION)


def _clean(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return line.strip(" 。").rstrip(".").strip("\"'“”「」《》#* ").rstrip("。.")[:MAX_TITLE]
