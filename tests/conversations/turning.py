"""Turns without a socket: asked and ended by the functions that do it, in the test's own process."""

from uuid import UUID

from django.utils import timezone

from app.accounts.models import User
from conversations.ending import Ending
from conversations.ids import uuid7
from conversations.inference.types import CallEnded, Usage
from conversations.models import State
from conversations.prompt import brief_of
from conversations.protocol import Send
from conversations.turns import AcceptedTurn, Asking, accept_together


def asking(
    person: User,
    *,
    id: UUID | None = None,  # noqa: A002 the protocol's name
    conversation: UUID | None = None,
    parent: UUID | None = None,
    text: str = "你好",
    scenario: str | None = None,
) -> Asking:
    request = Send(id=id or uuid7(), conversation=conversation or uuid7(), parent=parent, text=text, scenario=scenario)
    return Asking(person=person, request=request, now=timezone.now(), process="here")


def accepted(*askings: Asking) -> list[AcceptedTurn]:
    found = accept_together(askings)
    assert not [each for each in found if isinstance(each, Exception)], found
    return [each for each in found if isinstance(each, AcceptedTurn)]


def ending(turn: AcceptedTurn, *, epoch: int = 1, usage: Usage | None = None) -> Ending:
    """Completed, by the first endpoint that could be asked."""
    assert turn.rows is not None
    now, ((endpoint, _), *_) = timezone.now(), brief_of(turn.rows).endpoints
    call = CallEnded(
        endpoint=endpoint, attempt=1, started_at=now, ended_at=now, error=None, status=200, usage=usage or Usage()
    )
    return Ending(
        generation=turn.frame.generation, turn=turn.turn, epoch=epoch, state=State.COMPLETED, reason="stop", seq=2,
        text="你好", thinking="", context_cut=False, queue_ms=1, first_token_at=now, finished_at=now, calls=(call,),
        usage=call.usage,
    )  # fmt: skip
