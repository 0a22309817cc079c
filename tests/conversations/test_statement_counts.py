"""How many statements a turn costs: each is a round trip, and takes more of the processor than all of its SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.accounts.models import User
from conversations.ending import Ending, finish
from conversations.ids import uuid7
from conversations.inference.types import CallEnded, Usage
from conversations.models import ModelEndpoint, State
from conversations.prompt import brief_of
from conversations.protocol import Send
from conversations.turns import AcceptedTurn, accept

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that were run inside, what only begins and ends transactions left out. Many rows at once are one."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not (query["sql"] or "").startswith(TRANSACTION)]


def a_turn(li: User, conversation: UUID, parent: UUID | None = None) -> AcceptedTurn:
    request = Send(id=uuid7(), conversation=conversation, parent=parent, text="你好", scenario=None)
    return accept(li, request, now=timezone.now(), process="here")


def end(turn: AcceptedTurn) -> None:
    assert turn.rows is not None
    now, ((endpoint, _), *_) = timezone.now(), brief_of(turn.rows).endpoints
    call = CallEnded(endpoint=endpoint, attempt=1, started_at=now, ended_at=now, error=None, status=200, usage=Usage())
    ending = Ending(
        generation=turn.frame.generation, turn=turn.turn, epoch=1, state=State.COMPLETED, reason="stop", seq=2,
        text="你好", thinking="", context_cut=False, queue_ms=1, first_token_at=now, finished_at=now, calls=(call,),
        usage=call.usage,
    )  # fmt: skip
    assert finish(ending) is not None


def test_a_first_turn_is_accepted_in_seven_and_needs_no_more_to_be_run(catalog: ModelEndpoint, li: User) -> None:
    """One to read; conversation, messages, generation; the turn's fact, the beginning's, and the marks of both."""
    end(a_turn(li, uuid7()))
    with statements() as of_accepting:
        turn = a_turn(li, uuid7())
    with statements() as of_running:
        assert turn.rows is not None
        brief_of(turn.rows)
    assert (len(of_accepting), of_running) == (7, []), of_accepting


def test_a_following_turn_reads_what_was_said_in_two(catalog: ModelEndpoint, li: User) -> None:
    first = a_turn(li, uuid7())
    end(first)
    with statements() as of_accepting:
        turn = a_turn(li, first.frame.conversation, first.frame.answer)
    with statements() as of_running:
        assert turn.rows is not None
        brief_of(turn.rows)
    assert (len(of_accepting), len(of_running)) == (8, 2), of_accepting


def test_an_end_is_written_in_five(catalog: ModelEndpoint, li: User) -> None:
    """The catalog's stamp, the row, and what the ledger keeps: the record, the call, the marks."""
    end(a_turn(li, uuid7()))
    turn = a_turn(li, uuid7())
    with statements() as of_ending:
        end(turn)
    assert len(of_ending) == 5, of_ending
