"""Bugs where a turn is accepted, stands in the line, or is read by somebody."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from msgspec.structs import replace

from conversations import assistant, replay, rows, turns
from conversations.admission import Admission, Waiting
from conversations.ids import uuid7
from conversations.inference.types import Endpoint
from conversations.live import Live
from conversations.people import Person
from conversations.protocol import Accepted, Finished, LogFrame, Snapshot, TurnRequest
from conversations.turns import AcceptedTurn, Asking
from tests.faults.bugs.replacing import put, put_method


def the_request_id_is_ignored() -> None:
    """What is said again is accepted again."""
    begin = assistant.begin

    async def begin_anew(live: Live, person: Person, request: TurnRequest, address: str, client: str = "") -> Accepted:
        accepted = await begin(live, person, replace(request, id=uuid7()), address, client)
        return replace(accepted, id=request.id)

    put(begin_anew, instead_of=begin)


def accepted_before_the_commit() -> None:
    """All is written and the page is told, in a transaction that stays open: whatever comes next would commit it."""
    accept_together = turns.accept_together

    def accept_within(askings: Sequence[Asking]) -> list[AcceptedTurn | Exception]:
        transaction.atomic().__enter__()
        return accept_together(askings)

    put(accept_within, instead_of=accept_together)


def anybody_may_follow() -> None:
    """The owner is not asked for."""

    def may_follow(owner: Person, generation: UUID) -> bool:
        return True

    put(may_follow, instead_of=rows.may_follow)


def no_limit() -> None:
    """Whoever comes is let in."""

    async def acquire(self: Admission, queue: str, person: Waiting) -> Endpoint:
        return person.endpoints[0][0]

    put_method(Admission, "acquire", acquire)


def slots_are_kept() -> None:
    """Who has ended gives no slot back, and goes on renewing it."""

    async def release(self: Admission, generation: UUID, *, lasted_s: float | None = None) -> None:
        await asyncio.sleep(0)

    put_method(Admission, "release", release)


def the_last_is_first() -> None:
    """The line is ordered the wrong way round."""
    acquire = Admission.acquire

    async def acquire_backwards(self: Admission, queue: str, person: Waiting) -> Endpoint:
        mirror = datetime(2020, 1, 1, tzinfo=UTC)
        person.accepted_at = mirror - (person.accepted_at - mirror)
        return await acquire(self, queue, person)

    put_method(Admission, "acquire", acquire_backwards)


def a_snapshot_drops_text() -> None:
    """Its last words are missing."""
    whole = replay.replay

    def shortened(
        generation: UUID, frames: Sequence[LogFrame], after: int, *, anew: bool = False
    ) -> list[LogFrame] | None:
        found = whole(generation, frames, after, anew=anew)
        if found is None:
            return None
        return [replace(frame, text=frame.text[:-8]) if isinstance(frame, Snapshot) else frame for frame in found]

    put(shortened, instead_of=whole)


def without_its_log_an_answer_is_empty() -> None:
    """The row, which has the text, is not asked for it; its end is said to be that of nothing."""
    row_frames = rows.row_frames

    def ends_only(generation: UUID) -> list[LogFrame]:
        ends = [frame for frame in row_frames(generation) if isinstance(frame, Finished)]
        return [replace(frame, seq=1, length=0, sha256=_OF_NOTHING) for frame in ends]

    put(ends_only, instead_of=row_frames)


_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        the_request_id_is_ignored,
        accepted_before_the_commit,
        anybody_may_follow,
        no_limit,
        slots_are_kept,
        the_last_is_first,
        a_snapshot_drops_text,
        without_its_log_an_answer_is_empty,
    )
}
