"""A generation whose process is gone, claimed by this one with a new epoch.

nothing of the answer was visible    run again; what was seen of the reasoning is taken back
something was, and its endpoint      go on from the text so far, as a prefix
continues a prefix
something was, otherwise             interrupted, with the text; the person can continue it
for the third time                   it ends as it is

What the lost process had asked an endpoint is accounted once, with tokens that nobody knows. The row tells of it
from the owner's next renewal on. Before that the log does (``started``: an endpoint took the question), or the slot
that the lost process still holds. A process that died in the second between its slot and its next renewal, together
with Redis, leaves no trace: that one request is not in the ledger.
"""

import logging
from collections.abc import Sequence

from django.utils import timezone

from conversations import assistant, claims
from conversations.claims import Claimed
from conversations.database import in_database
from conversations.live import Live
from conversations.live_answer import LiveAnswer
from conversations.protocol import Finished, LogFrame, Snapshot
from conversations.replay import replay
from conversations.timing import MAX_TAKEOVERS

logger = logging.getLogger(__name__)


async def take_over(live: Live, claimed: Claimed) -> None:
    """The log knows more than the last checkpoint, if it is still there.

    Its owner may be alive and only cut off from the database: it is kept from the log before that is read, or words
    that it showed meanwhile would be lost.
    """
    await live.log.fence(claimed.generation, claimed.epoch)
    known: list[LogFrame] = [
        Snapshot(generation=claimed.generation, seq=claimed.seq, text=claimed.text, thinking=claimed.thinking)
    ]
    logged: list[LogFrame] = [
        frame for frame in await live.log.read(claimed.generation) if not isinstance(frame, Finished)
    ]
    if not claimed.had_begun:
        await _account_lost_call(live, claimed, logged)
    shown = _last_text(claimed, replay(claimed.generation, known + logged, 0) or known)
    answer = LiveAnswer(
        generation=claimed.generation,
        conversation=claimed.conversation,
        message=claimed.message,
        owner_pk=claimed.owner_pk,
        epoch=claimed.epoch,
        accepted_at=claimed.accepted_at,
        seq=shown.seq,
        queue_ms=claimed.queue_ms,
    )
    logger.warning("took over %s, %s characters shown", claimed.generation, len(shown.text))
    if shown.text:
        answer.resume(shown.text, shown.thinking)
    live.begin(answer, _run_again if claimed.takeovers <= MAX_TAKEOVERS else _give_up)


async def _account_lost_call(live: Live, claimed: Claimed, logged: Sequence[LogFrame]) -> None:
    """Nothing speaks for a request: it stood in the line, and no endpoint was asked."""
    slot = await live.admission.slot_of(claimed.generation, claimed.endpoints)
    if slot is not None or _was_answered(logged):
        await in_database(claims.account_lost_call, claimed, timezone.now(), endpoint_pk=slot)


def _was_answered(logged: Sequence[LogFrame]) -> bool:
    """By an endpoint, for the last owner: what stands before its first entry, a snapshot, is an earlier owner's."""
    firsts = [number for number, frame in enumerate(logged) if isinstance(frame, Snapshot)]
    return len(logged) > (firsts[-1] + 1 if firsts else 0)


def _last_text(claimed: Claimed, frames: Sequence[LogFrame]) -> Snapshot:
    return next(
        (frame for frame in frames if isinstance(frame, Snapshot)),
        Snapshot(generation=claimed.generation, seq=0, text="", thinking=""),
    )


async def _run_again(live: Live, answer: LiveAnswer) -> None:
    await _begin_with_what_is_known(live, answer)
    await assistant.run(live, answer)


async def _give_up(live: Live, answer: LiveAnswer) -> None:
    await _begin_with_what_is_known(live, answer)
    await assistant.end(live, answer, assistant.cut(answer, "lease_lost"), ())


async def _begin_with_what_is_known(live: Live, answer: LiveAnswer) -> None:
    """The first entry of the new epoch: readers have the text so far, also those who saw more than what survived."""
    snapshot = Snapshot(generation=answer.generation, seq=answer.seq, text=answer.text, thinking=answer.thinking)
    live.tick.add(answer, snapshot)
    await live.tick.done(at_once=True)
