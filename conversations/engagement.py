"""What a turn and its end say about an answer, besides themselves: told in the transaction that makes them so.

| it happens | it is about |
|---|---|
| a conversation begins | no answer |
| a question under an answer (``follow_up``, with how much it says the same again) | that answer |
| the same question once more (``regenerated``) | the newest answer it had |
| a question in another one's place (``edited``) | the newest answer of those it replaces |
| an answer stopped by its person | that answer, whichever of its generations ran |

Ids are made of the turn's own, so that a transaction done over leaves the same facts.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db.models import F, Q, QuerySet

from conversations.events import Engagement, EngagementKind, Rephrase, StopPoint, Turn, TurnKind
from conversations.models import Generation, Message, State
from conversations.rephrase import likeness
from conversations.statements import Given, Select

KIND_OF = {
    TurnKind.SEND: EngagementKind.FOLLOW_UP,
    TurnKind.REGENERATE: EngagementKind.REGENERATED,
    TurnKind.EDIT: EngagementKind.EDITED,
}


def of_acceptance(
    turn: Turn, *, begins: bool, question: UUID | None, text: str | None, follows: UUID | None
) -> tuple[Engagement, ...]:
    """``question`` and its ``text`` are what is answered, ``follows`` the answer it was asked under, if any.

    Called once the turn's rows are written: the newest answer before it is the one that is not its own.
    """
    if begins:
        return (_engagement(turn, EngagementKind.CONVERSATION_STARTED, at=turn.occurred_at),)
    before = _before(turn, question, follows)
    if before is None:
        return ()
    kind = KIND_OF[turn.kind]
    rephrase = likeness(before.question, text or "") if kind is EngagementKind.FOLLOW_UP else None
    return (_engagement(turn, kind, at=turn.occurred_at, about=before.turn_of(turn), rephrase=rephrase),)


def of_ending(turn: Turn, *, state: State, visible_characters: int, at: datetime) -> tuple[Engagement, ...]:
    if state != State.STOPPED:
        return ()
    about = turn
    if turn.kind is TurnKind.CONTINUE and (begun := _BEGUN.first(answer=turn.answer)):
        about = begun.turn_of(turn)
    value = StopPoint.AFTER_FIRST if visible_characters else StopPoint.BEFORE_FIRST
    return (_engagement(turn, EngagementKind.STOPPED, at=at, about=about, value=value),)


class _Begun(NamedTuple):
    """The generation that began an answer, and the question it answers."""

    id: UUID
    message_id: UUID
    kind: str
    channel: str
    locale: str
    created_at: datetime
    scenario_slug: str | None
    model_slug: str
    question: str

    def turn_of(self, other: Turn) -> Turn:
        """Of the same person in the same conversation as the other one."""
        return Turn(
            generation=self.id,
            answer=self.message_id,
            conversation=other.conversation,
            subject=other.subject,
            is_internal=other.is_internal,
            kind=TurnKind(self.kind),
            scenario=self.scenario_slug or "",
            model=self.model_slug,
            channel=self.channel,
            locale=self.locale,
            occurred_at=self.created_at,
        )


def _begun() -> "QuerySet[Generation]":
    return Generation.objects.exclude(kind=TurnKind.CONTINUE).annotate(
        scenario_slug=F("scenario__slug"), model_slug=F("model__slug"), question=F("message__parent__text")
    )


_BEGUN = Select(_Begun, lambda: _begun().filter(message_id=Given("answer", Generation, "message")))


@cache
def _newest_under(questions: str, *, of_a_beginning: bool = False) -> Select[_Begun]:
    """The newest answer to questions found by this lookup, but for the turn's own."""
    found = Q(message__parent__conversation_id=Given("conversation", Generation, "conversation"))
    found &= Q((f"{questions}__isnull", True)) if of_a_beginning else Q((questions, Given("place", Message, "id")))
    return Select(
        _Begun,
        lambda: (
            _begun().filter(found).exclude(id=Given("generation", Generation, "id")).order_by("-created_at", "-id")[:1]
        ),
    )


def _before(turn: Turn, question: UUID | None, follows: UUID | None) -> _Begun | None:
    if turn.kind is TurnKind.CONTINUE:
        return None
    if turn.kind is TurnKind.SEND:
        return _BEGUN.first(answer=follows) if follows else None
    given = {"conversation": turn.conversation, "generation": turn.generation}
    if turn.kind is TurnKind.REGENERATE:
        return _newest_under("message__parent").first(place=question, **given)
    newest = _newest_under("message__parent__parent", of_a_beginning=follows is None)
    return newest.first(place=follows, **given)


def _engagement(
    turn: Turn,
    kind: EngagementKind,
    *,
    at: datetime,
    about: Turn | None = None,
    value: str = "",
    rephrase: Rephrase | None = None,
) -> Engagement:
    return Engagement(
        id=uuid5(turn.generation, kind),
        kind=kind,
        subject=turn.subject,
        is_internal=turn.is_internal,
        scenario=turn.scenario,
        channel=turn.channel,
        occurred_at=at,
        about=about,
        value=value,
        rephrase=rephrase,
    )
