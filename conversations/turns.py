"""Accepting turns: what a person asks for becomes rows, in one transaction, exactly once per request id.

The database decides every race: the unique request id makes a repeated send the same turn, the
partial unique constraint lets one generation per conversation be active.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import msgspec
from django.db import DataError, IntegrityError

from conversations import catalog, engagement, errors, events
from conversations.events import TurnKind
from conversations.grouped import alone
from conversations.models import Conversation, Generation
from conversations.people import Person
from conversations.protocol import Accepted, Send, TurnRequest
from conversations.statements import Given, Update, insert, together, whole
from conversations.timing import timing
from conversations.turn_rows import TurnRows, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedTurn:
    frame: Accepted
    epoch: int
    rows: TurnRows | None
    """What was written. None when the request had been accepted before."""
    turn: events.Turn | None

    @property
    def is_new(self) -> bool:
        return self.rows is not None


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A request on its way in."""

    person: Person
    request: TurnRequest
    now: datetime
    process: str
    channel: str = "web"
    client: str = ""

    @cached_property
    def body(self) -> bytes:
        """What tells the same request from another one with its id."""
        return _body_of(self.request)


def accept(person: Person, request: TurnRequest, *, now: datetime, process: str, channel: str = "web") -> AcceptedTurn:
    """Commit a turn, or say why not. Safe to repeat with the same ``request.id``."""
    return _accept(Asking(person=person, request=request, now=now, process=process, channel=channel))


def accept_together(askings: Sequence[Asking]) -> list[AcceptedTurn | Exception]:
    """In one transaction those that are new and can be accepted; each of the others by itself."""
    done = _accept_new(askings) if len(askings) > 1 else {}
    return [done[at] if at in done else alone(_accept, asking) for at, asking in enumerate(askings)]


def _accept_new(askings: Sequence[Asking]) -> dict[int, AcceptedTurn]:
    """By their number. Nobody, if two of them collide, with each other or with what is there."""
    batch: dict[int, tuple[Asking, TurnRows]] = {}
    try:
        with whole():
            for number, asking in enumerate(askings):
                with suppress(errors.ConversationError):
                    batch[number] = (asking, _rows_of(asking))
            return dict(zip(batch, _written(list(batch.values())), strict=True))
    except (IntegrityError, DataError):
        return {}


def accepted_before(person: Person, request: TurnRequest) -> AcceptedTurn | None:
    """What this request became earlier, if it did; ``Conflict`` if its id was another one's."""
    earlier = Generation.objects.filter(owner_id=person.pk, request_id=request.id).select_related("message").first()
    return _again(earlier, _body_of(request)) if earlier is not None else None


def _body_of(request: TurnRequest) -> bytes:
    return hashlib.sha256(msgspec.json.encode(request)).digest()


def _accept(asking: Asking) -> AcceptedTurn:
    rows: TurnRows | None = None
    try:
        with whole():
            rows = _rows_of(asking)
            return _written([(asking, rows)])[0]
    except (IntegrityError, errors.ConversationError) as refusal:
        # Most requests are new, so they are tried first. One that is not is answered as before, whatever has changed.
        if known := accepted_before(asking.person, asking.request):
            return known
        if isinstance(refusal, errors.ConversationError):
            raise
        if rows is not None and catalog.current().stamp != rows.catalog.stamp:
            return _accept(asking)  # what it refers to may just have been deleted
        # Somebody was faster: another turn in this conversation, or a conversation id that another person owns.
        raise _refusal(asking.person, asking.request) from refusal


def _again(earlier: Generation, body: bytes) -> AcceptedTurn:
    if bytes(earlier.request_hash) != body:
        raise errors.Conflict
    return AcceptedTurn(frame=_frame(earlier), epoch=earlier.epoch, rows=None, turn=None)


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


def _rows_of(asking: Asking) -> TurnRows:
    rows = rows_of(asking.person, asking.request, asking.now)
    generation = rows.generation
    generation.owner_id = asking.person.pk
    generation.request_id = asking.request.id
    generation.request_hash = asking.body
    generation.locale = asking.person.locale
    generation.channel = asking.channel
    generation.client = asking.client
    generation.created_at = asking.now
    generation.lease_owner = asking.process
    generation.lease_until = asking.now + timedelta(seconds=timing().lease_s)
    return rows


_TOUCH = Update(
    lambda: Conversation.objects.filter(pk=Given("conversation", Conversation, "id")),
    updated_at=Given("now", Conversation, "updated_at"),
)


def _written(batch: Sequence[tuple[Asking, TurnRows]]) -> list[AcceptedTurn]:
    turns = [turn_of(rows.generation, asking.person) for asking, rows in batch]
    accepted = [_accepted(turn, rows) for turn, (_, rows) in zip(turns, batch, strict=True)]
    with together():
        _TOUCH.join(
            *(
                {"conversation": rows.generation.conversation_id, "now": asking.now}
                for asking, rows in batch
                if rows.conversation is None
            )
        )
        insert([rows.conversation for _, rows in batch if rows.conversation is not None])
        insert([message for _, rows in batch for message in rows.messages])
        insert([rows.generation for _, rows in batch])
        events.turn_accepted.send(sender=Generation, events=accepted)
    return [
        AcceptedTurn(frame=_frame(rows.generation), epoch=rows.generation.epoch, rows=rows, turn=turn)
        for (_, rows), turn in zip(batch, turns, strict=True)
    ]


def _accepted(turn: events.Turn, rows: TurnRows) -> events.TurnAccepted:
    engagements = engagement.of_acceptance(
        turn,
        begins=rows.conversation is not None,
        question=rows.generation.message.parent_id,
        text=rows.question,
        follows=rows.follows,
    )
    return events.TurnAccepted(turn=turn, engagements=engagements)


def turn_of(generation: Generation, person: Person) -> events.Turn:
    return events.Turn(
        generation=generation.id,
        answer=generation.message_id,
        conversation=generation.conversation_id,
        subject=person.subject,
        is_internal=person.is_internal,
        kind=TurnKind(generation.kind),
        scenario=generation.scenario.slug if generation.scenario else "",
        model=generation.model.slug,
        channel=generation.channel,
        client=generation.client,
        locale=generation.locale,
        occurred_at=generation.created_at,
    )
