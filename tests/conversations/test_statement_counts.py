"""How many statements a turn costs: each is a round trip, and takes more of the processor than all of its SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from app.accounts.models import User
from conversations import leases
from conversations.ending import finish_together
from conversations.ids import uuid7
from conversations.models import Generation, ModelEndpoint, State
from conversations.prompt import brief_of
from tests.conversations.turning import accepted, asking, ending
from tests.database import of_few_rows

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that were run inside, what only begins and ends transactions left out. Many rows at once are one."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not (query["sql"] or "").startswith(TRANSACTION)]


def test_a_first_turn_is_read_for_once_and_needs_no_more_to_be_run(catalog: ModelEndpoint, li: User) -> None:
    """Inserted: conversation, messages, generation; the turn's fact, the beginning's, and the marks of both."""
    accepted(asking(li))
    with statements() as of_accepting:
        (turn,) = accepted(asking(li))
    with statements() as of_running:
        assert turn.rows is not None
        brief_of(turn.rows)
    assert (len(of_accepting), of_running) == (1 + of_few_rows(6), []), of_accepting


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
    assert (len(of_accepting), len(of_running)) == (2 + of_few_rows(6), 2), of_accepting


@pytest.mark.django_db(transaction=True)
def test_accepting_one_turn_is_no_more_than_its_statements(catalog: ModelEndpoint, li: User) -> None:
    """On PostgreSQL the one that writes is the transaction: nothing begins or commits one besides."""
    accepted(asking(li))
    with CaptureQueriesContext(connection) as asked:
        accepted(asking(li))
    transactions = 0 if connection.vendor == "postgresql" else 2
    assert len(asked) == 1 + of_few_rows(6) + transactions, asked.captured_queries


def test_an_end_is_the_stamp_the_row_and_the_ledgers_part(catalog: ModelEndpoint, li: User) -> None:
    """The catalog's stamp and the row; the ledger keeps the record, the call and the marks."""
    (turn,) = accepted(asking(li))
    with statements() as of_ending:
        finish_together([ending(turn)])
    assert len(of_ending) == 2 + of_few_rows(3), of_ending


def test_a_group_has_one_statement_more_for_each_turn_it_looks_up(catalog: ModelEndpoint, li: User) -> None:
    """Ten first turns: ten to read, six to write. Ten ends: one to hold their rows, and four of a single one."""
    accepted(asking(li))
    with statements() as of_accepting:
        turns = accepted(*(asking(li) for _ in range(10)))
    with statements() as of_ending:
        finish_together([ending(turn) for turn in turns])
    assert (len(of_accepting), len(of_ending)) == (16, 5), [*of_accepting, *of_ending]


def test_a_renewal_is_two_however_many_are_held_and_one_more_for_those_that_began(
    catalog: ModelEndpoint, li: User
) -> None:
    generations = [turn.frame.generation for turn in accepted(*(asking(li) for _ in range(10)))]
    with statements() as of_nothing_new:
        leases.renew("here")
    steps = [leases.Begun(each, 1, State.STREAMING, catalog.pk, 7) for each in generations]
    with statements() as of_steps:
        held = leases.renew("here", steps)
    assert (len(of_nothing_new), len(of_steps), len(held)) == (2, 3, 10)
    found = set(Generation.objects.values_list("state", "endpoint", "queue_ms"))
    assert found == {(State.STREAMING, catalog.pk, 7)}


def test_a_checkpoint_is_one_however_many_are_written(catalog: ModelEndpoint, li: User) -> None:
    turns = accepted(*(asking(li) for _ in range(10)))
    progress = [leases.Progress(turn.frame.generation, 1, 3, "好", "想", True) for turn in turns]
    with statements() as run:
        leases.checkpoint(progress)
    assert len(run) == 1
    assert set(Generation.objects.values_list("seq", "text", "thinking", "context_cut")) == {(3, "好", "想", True)}


def test_who_holds_an_old_epoch_writes_nothing(catalog: ModelEndpoint, li: User) -> None:
    (turn,) = accepted(asking(li))
    Generation.objects.update(epoch=2)
    leases.checkpoint([leases.Progress(turn.frame.generation, 1, 3, "旧", "", False)])
    leases.renew("here", [leases.Begun(turn.frame.generation, 1, State.STREAMING, catalog.pk, 7)])
    assert Generation.objects.values_list("state", "seq", "text", "queue_ms").get() == (State.QUEUED, 0, "", None)
