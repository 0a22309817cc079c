"""What a request becomes: the rows of a turn, made of what one statement reads and of the catalog. Not written yet."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, Exists, F, FilteredRelation, Q, Value

from conversations import catalog, errors
from conversations.catalog import STAMP, Catalog
from conversations.events import TurnKind
from conversations.models import ACTIVE, Conversation, Generation, Message, Model, Scenario
from conversations.people import Person
from conversations.protocol import Continue, Regenerate, Send, TurnRequest
from conversations.statements import Given, Select

TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRows:
    """Rows of one turn, and what was read for them that its run can use."""

    generation: Generation
    """With scenario and model, without what is the same for every kind of turn."""
    catalog: Catalog
    conversation: Conversation | None = None
    """The one that begins with this turn."""
    messages: tuple[Message, ...] = ()
    question: str | None = None
    """None where the run has to read what it goes on with."""
    follows: UUID | None = None
    """The answer the question was asked under."""
    instructions: str = ""
    """The person's own, as they are now."""


def rows_of(person: Person, request: TurnRequest, now: datetime) -> TurnRows:
    """Raises a ``ConversationError`` for what cannot be asked."""
    if isinstance(request, Send):
        return _send(person, request, now)
    if isinstance(request, Regenerate):
        return _regenerate(person, request, now)
    return _continue(person, request)


class _Place(NamedTuple):
    """Where a question would go. ``mine``: the conversation, if it is there and theirs."""

    stamp: str | None
    instructions: str
    mine__id: UUID | None
    mine__deleted_at: datetime | None
    mine__scenario_id: int | None
    has_parent: bool
    has_sibling: bool


@cache
def _place(*, under_an_answer: bool) -> Select[_Place]:
    conversation = Given("conversation", Message, "conversation_id")
    messages = Message.objects.filter(conversation_id=conversation)
    siblings = messages.filter(role=Message.Role.USER)
    answer = messages.filter(pk=Given("parent", Message, "id"), role=Message.Role.ASSISTANT)
    return Select(
        _Place,
        lambda: (
            get_user_model()
            .objects.filter(pk=Given("person", get_user_model(), "id"))
            .annotate(
                stamp=STAMP,
                mine=FilteredRelation(
                    "conversations", condition=Q(conversations__id=Given("conversation", Conversation, "id"))
                ),
                has_parent=Exists(answer) if under_an_answer else Value(True, BooleanField()),
                has_sibling=Exists(
                    siblings.filter(parent_id=Given("parent", Message, "parent_id"))
                    if under_an_answer
                    else siblings.filter(parent=None)
                ),
            )
        ),
    )


def _send(person: Person, request: Send, now: datetime) -> TurnRows:
    place = _place(under_an_answer=request.parent is not None).first(
        person=person.pk, conversation=request.conversation, parent=request.parent
    )
    if place is None or place.mine__deleted_at is not None or not place.has_parent:
        raise errors.NotFound
    if place.mine__id is None and request.parent is not None:
        raise errors.NotFound
    offered = catalog.at(place.stamp)
    begun = _begun(person, request, offered, now) if place.mine__id is None else None
    scenario_id = begun.scenario_id if begun else place.mine__scenario_id
    question = Message(
        conversation_id=request.conversation, parent_id=request.parent, role=Message.Role.USER, text=request.text,
        created_at=now,
    )  # fmt: skip
    rows = _answer(
        question,
        offered,
        now,
        scenario=None if scenario_id is None else offered.scenarios[scenario_id],
        kind=TurnKind.EDIT if begun is None and place.has_sibling else TurnKind.SEND,
        model=request.model,
        thinking=request.thinking,
    )
    return replace(rows, conversation=begun, messages=(question, *rows.messages), instructions=place.instructions)


def _begun(person: Person, request: Send, offered: Catalog, now: datetime) -> Conversation:
    scenario = None if request.scenario is None else offered.scenario(request.scenario)
    if request.scenario is not None and (scenario is None or not scenario.is_active):
        raise errors.Invalid(field="scenario")
    return Conversation(
        id=request.conversation,
        owner_id=person.pk,
        scenario=scenario,
        is_temporary=request.temporary,
        title=" ".join(request.text.split())[:TITLE_LENGTH],
        created_at=now,
        updated_at=now,
    )


class _Question(NamedTuple):
    stamp: str | None
    instructions: str
    conversation_id: UUID
    scenario: int | None
    parent_id: UUID | None
    text: str


_QUESTION = Select(
    _Question,
    lambda: Message.objects.filter(
        pk=Given("message", Message, "id"),
        role=Message.Role.USER,
        conversation__owner_id=Given("person", Conversation, "owner_id"),
        conversation__deleted_at=None,
    ).annotate(stamp=STAMP, instructions=F("conversation__owner__instructions"), scenario=F("conversation__scenario")),
)


def _regenerate(person: Person, request: Regenerate, now: datetime) -> TurnRows:
    found = _QUESTION.first(message=request.message, person=person.pk)
    if found is None:
        raise errors.NotFound
    offered = catalog.at(found.stamp)
    question = Message(
        id=request.message, conversation_id=found.conversation_id, parent_id=found.parent_id, text=found.text
    )
    rows = _answer(
        question,
        offered,
        now,
        scenario=None if found.scenario is None else offered.scenarios[found.scenario],
        kind=TurnKind.REGENERATE,
        model=request.model,
        thinking=request.thinking,
        hint=request.hint or "",
    )
    return replace(rows, instructions=found.instructions)


def _answer(
    question: Message,
    offered: Catalog,
    now: datetime,
    *,
    scenario: Scenario | None,
    kind: TurnKind,
    model: str | None,
    thinking: bool | None,
    hint: str = "",
) -> TurnRows:
    if scenario is not None and scenario.is_paused:
        raise errors.Paused(scenario=scenario.slug)
    chosen = _model(offered, scenario, model)
    wanted = thinking if thinking is not None else bool(scenario and scenario.thinks)
    answer = Message(
        conversation_id=question.conversation_id, parent=question, role=Message.Role.ASSISTANT, created_at=now
    )
    generation = Generation(
        message=answer,
        conversation_id=question.conversation_id,
        kind=kind,
        scenario=scenario,
        model=chosen,
        model_chosen=model is not None,
        thinking_wanted=wanted and chosen.thinks,
        hint=hint,
    )
    return TurnRows(
        generation=generation,
        catalog=offered,
        messages=(answer,),
        question=question.text,
        follows=question.parent_id,
    )


def _model(offered: Catalog, scenario: Scenario | None, slug: str | None) -> Model:
    """The person's choice, else what the routing table says; the page is told the same (``api.views.CatalogView``)."""
    if slug is not None:
        chosen = offered.model(slug)
        if chosen is None or not chosen.is_active:
            raise errors.Invalid(field="model")
        return chosen
    routed = offered.routed(scenario.pk if scenario else None)
    if routed is None:
        raise errors.Unavailable
    return routed


def _continue(person: Person, request: Continue) -> TurnRows:
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
    generation = Generation(
        message=cut.message,
        conversation_id=cut.conversation_id,
        kind=TurnKind.CONTINUE,
        scenario=cut.scenario,
        model=cut.model,
        model_chosen=cut.model_chosen,
        thinking_wanted=False,
    )
    return TurnRows(generation=generation, catalog=catalog.current())
