"""Accepting turns: what a person asks for becomes rows, in one transaction, exactly once per request id.

The database decides every race: the unique request id makes a repeated send the same turn, the
partial unique constraint lets one generation per conversation be active.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from conversations import errors, events
from conversations.events import TurnKind
from conversations.ids import uuid7
from conversations.models import ACTIVE, Conversation, Generation, Message, Model, Route, Scenario
from conversations.people import Person
from conversations.protocol import Accepted, Continue, Regenerate, Send, TurnRequest
from conversations.timing import timing

TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedTurn:
    """``is_new`` is False when the request had been accepted before."""

    frame: Accepted
    epoch: int
    is_new: bool


def accept(person: Person, request: TurnRequest, *, now: datetime, process: str, channel: str = "web") -> AcceptedTurn:
    """Commit a turn, or say why not. Safe to repeat with the same ``request.id``."""
    body = hashlib.sha256(msgspec.json.encode(request)).digest()
    try:
        with transaction.atomic():
            return _accept_new(person, request, body, now=now, process=process, channel=channel)
    except (IntegrityError, errors.ConversationError) as refusal:
        # Most requests are new, so they are tried first. One that is not is answered as before, whatever has changed.
        earlier = Generation.objects.filter(owner_id=person.pk, request_id=request.id).select_related("message").first()
        if earlier is not None:
            return _again(earlier, body)
        if isinstance(refusal, errors.ConversationError):
            raise
        # Somebody was faster: another turn in this conversation, or a conversation id that another person owns.
        raise _refusal(person, request) from refusal


def _again(earlier: Generation, body: bytes) -> AcceptedTurn:
    if bytes(earlier.request_hash) != body:
        raise errors.Conflict
    return AcceptedTurn(frame=_frame(earlier), epoch=earlier.epoch, is_new=False)


def _refusal(person: Person, request: TurnRequest) -> errors.ConversationError:
    if isinstance(request, Send) and not Conversation.objects.of(person).filter(pk=request.conversation).exists():
        return errors.NotFound()
    return errors.Busy()


def _frame(generation: Generation) -> Accepted:
    question = generation.message.parent_id
    assert question is not None
    return Accepted(
        id=generation.request_id,
        conversation=generation.conversation_id,
        message=question,
        answer=generation.message_id,
        generation=generation.id,
    )


def _accept_new(
    person: Person, request: TurnRequest, body: bytes, *, now: datetime, process: str, channel: str
) -> AcceptedTurn:
    if isinstance(request, Send):
        generation = _send(person, request, now)
    elif isinstance(request, Regenerate):
        generation = _regenerate(person, request, now)
    else:
        generation = _continue(person, request)
    generation.owner_id = person.pk
    generation.request_id = request.id
    generation.request_hash = body
    generation.locale = person.locale
    generation.channel = channel
    generation.created_at = now
    generation.lease_owner = process
    generation.lease_until = now + timedelta(seconds=timing().lease_s)
    generation.save(force_insert=True)
    if generation.kind != TurnKind.SEND or generation.message.parent_id is not None:
        Conversation.objects.filter(pk=generation.conversation_id).update(updated_at=now)
    events.turn_accepted.send(sender=Generation, events=[events.TurnAccepted(turn=turn_of(generation, person))])
    return AcceptedTurn(frame=_frame(generation), epoch=generation.epoch, is_new=True)


def turn_of(generation: Generation, person: Person) -> events.Turn:
    return events.Turn(
        generation=generation.id,
        conversation=generation.conversation_id,
        subject=person.subject,
        is_internal=person.is_internal,
        kind=TurnKind(generation.kind),
        scenario=generation.scenario.slug if generation.scenario else "",
        model=generation.model.slug,
        channel=generation.channel,
        locale=generation.locale,
        occurred_at=generation.created_at,
    )


def _send(person: Person, request: Send, now: datetime) -> Generation:
    conversation, is_new = _conversation(person, request, now)
    if request.parent is not None and not _is_answer_in(conversation, request.parent):
        raise errors.NotFound
    siblings = Message.objects.filter(conversation=conversation, parent_id=request.parent, role=Message.Role.USER)
    is_edit = not is_new and siblings.exists()
    question = Message.objects.create(
        conversation=conversation, parent_id=request.parent, role=Message.Role.USER, text=request.text, created_at=now
    )
    return _generation(
        _answer(question, now),
        conversation.scenario,
        kind=TurnKind.EDIT if is_edit else TurnKind.SEND,
        model=request.model,
        thinking=request.thinking,
    )


def _conversation(person: Person, request: Send, now: datetime) -> tuple[Conversation, bool]:
    """Theirs, and whether it begins with this turn."""
    found = Conversation.objects.select_related("scenario").filter(pk=request.conversation).first()
    if found is not None:
        if found.owner_id != person.pk or found.deleted_at is not None:
            raise errors.NotFound
        return found, False
    if request.parent is not None:
        raise errors.NotFound
    made = Conversation.objects.create(
        id=request.conversation,
        owner_id=person.pk,
        scenario=_scenario(request.scenario),
        title=" ".join(request.text.split())[:TITLE_LENGTH],
        created_at=now,
        updated_at=now,
    )
    return made, True


def _scenario(slug: str | None) -> Scenario | None:
    if slug is None:
        return None
    scenario = Scenario.objects.filter(slug=slug, is_active=True).first()
    if scenario is None:
        raise errors.Invalid(field="scenario")
    return scenario


def _is_answer_in(conversation: Conversation, message: UUID) -> bool:
    return Message.objects.filter(pk=message, conversation=conversation, role=Message.Role.ASSISTANT).exists()


def _answer(question: Message, now: datetime) -> Message:
    return Message.objects.create(
        conversation_id=question.conversation_id, parent=question, role=Message.Role.ASSISTANT, created_at=now
    )


def _regenerate(person: Person, request: Regenerate, now: datetime) -> Generation:
    question = (
        Message.objects.select_related("conversation__scenario")
        .filter(
            pk=request.message,
            role=Message.Role.USER,
            conversation__owner_id=person.pk,
            conversation__deleted_at=None,
        )
        .first()
    )
    if question is None:
        raise errors.NotFound
    return _generation(
        _answer(question, now),
        question.conversation.scenario,
        kind=TurnKind.REGENERATE,
        model=request.model,
        thinking=request.thinking,
        hint=request.hint or "",
    )


def _continue(person: Person, request: Continue) -> Generation:
    cut = (
        Generation.objects.select_related("message", "scenario", "model")
        .filter(pk=request.generation, owner_id=person.pk, conversation__deleted_at=None)
        .first()
    )
    if cut is None:
        raise errors.NotFound
    latest = Generation.objects.filter(message_id=cut.message_id).order_by("-created_at", "-id").first()
    if latest is not None and latest.state in ACTIVE:
        raise errors.Busy
    if latest != cut or not cut.can_continue:
        raise errors.Invalid(field="generation")
    return Generation(
        id=uuid7(),
        message=cut.message,
        conversation_id=cut.conversation_id,
        kind=TurnKind.CONTINUE,
        scenario=cut.scenario,
        model=cut.model,
        model_chosen=cut.model_chosen,
        thinking_wanted=False,
    )


def _generation(
    answer: Message,
    scenario: Scenario | None,
    *,
    kind: TurnKind,
    model: str | None,
    thinking: bool | None,
    hint: str = "",
) -> Generation:
    if scenario is not None and scenario.is_paused:
        raise errors.Paused(scenario=scenario.slug)
    chosen = _model(scenario, model)
    wanted = thinking if thinking is not None else bool(scenario and scenario.thinks)
    return Generation(
        id=uuid7(),
        message=answer,
        conversation_id=answer.conversation_id,
        kind=kind,
        scenario=scenario,
        model=chosen,
        model_chosen=model is not None,
        thinking_wanted=wanted and chosen.thinks,
        hint=hint,
    )


def _model(scenario: Scenario | None, slug: str | None) -> Model:
    """The person's choice, else the first of the routing table."""
    if slug is not None:
        chosen = Model.objects.filter(slug=slug, is_active=True).first()
        if chosen is None:
            raise errors.Invalid(field="model")
        return chosen
    route = Route.objects.serving(scenario).first()
    if route is None:
        raise errors.Unavailable
    return route.model
