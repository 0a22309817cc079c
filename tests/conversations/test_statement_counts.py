"""How many statements a turn costs: each is a round trip, and takes more of the processor than all of its SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from app.accounts.models import User
from conversations.ending import finish_together
from conversations.ids import uuid7
from conversations.models import ModelEndpoint
from conversations.prompt import brief_of
from tests.conversations.turning import accepted, asking, ending

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that were run inside, what only begins and ends transactions left out. Many rows at once are one."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not (query["sql"] or "").startswith(TRANSACTION)]


def test_a_first_turn_is_accepted_in_seven_and_needs_no_more_to_be_run(catalog: ModelEndpoint, li: User) -> None:
    """One to read; conversation, messages, generation; the turn's fact, the beginning's, and the marks of both."""
    accepted(asking(li))
    with statements() as of_accepting:
        (turn,) = accepted(asking(li))
    with statements() as of_running:
        assert turn.rows is not None
        brief_of(turn.rows)
    assert (len(of_accepting), of_running) == (7, []), of_accepting


def test_a_following_turn_reads_what_was_said_in_two(catalog: ModelEndpoint, li: User) -> None:
    """Accepting it: one more to mark the conversation's time instead of its row, one more for what it follows."""
    conversation = uuid7()
    (first,) = accepted(asking(li, conversation=conversation))
    finish_together([ending(first)])
    with statements() as of_accepting:
        (turn,) = accepted(asking(li, conversation=conversation, parent=first.frame.answer))
    with statements() as of_running:
        assert turn.rows is not None
        brief_of(turn.rows)
    assert (len(of_accepting), len(of_running)) == (8, 2), of_accepting


def test_an_end_is_written_in_five(catalog: ModelEndpoint, li: User) -> None:
    """The catalog's stamp, the row, and what the ledger keeps: the record, the call, the marks."""
    (turn,) = accepted(asking(li))
    with statements() as of_ending:
        finish_together([ending(turn)])
    assert len(of_ending) == 5, of_ending


def test_a_group_has_one_statement_more_for_each_turn_it_looks_up(catalog: ModelEndpoint, li: User) -> None:
    """Ten first turns: ten to read, six to write. Ten ends: one to hold their rows, and the five of a single one."""
    accepted(asking(li))
    with statements() as of_accepting:
        turns = accepted(*(asking(li) for _ in range(10)))
    with statements() as of_ending:
        finish_together([ending(turn) for turn in turns])
    assert (len(of_accepting), len(of_ending)) == (16, 6), [*of_accepting, *of_ending]
