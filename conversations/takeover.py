"""A generation whose process is gone, claimed by this one with a new epoch.

nothing of the answer was visible    run again; what was seen of the reasoning is taken back
something was, and its endpoint      go on from the text so far, as a prefix
continues a prefix
something was, otherwise             interrupted, with the text; the person can continue it
for the third time                   it ends as it is

What the lost process had asked an endpoint is accounted once (lost_calls.py). The row tells of it from the owner's next
renewal on. Before that the log does (``started``: an endpoint took the question), or the slot
that the lost process still holds. A process that died in the second between its slot and its next renewal, together
with Redis, leaves no trace: that one request is not in the ledger.
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from django.utils import timezone

from conversations import assistant, lost_calls
from conversations.claims import Claimed
from conversations.errors import ConversationError
from conversations.inference.types import Usage
from conversations.live import Live
from conversations.live_answer import LiveAnswer
from conversations.lost_calls import Lost, LostCall
from conversations.prompt import Brief
from conversations.protocol import Finished, LogFrame, Snapshot
from conversations.replay import text_so_far
from conversations.timing import MAX_TAKEOVERS, timing

logger = logging.getLogger(__name__)

BEYOND = 1_000_000
"""A new owner's first ``seq`` is so far beyond the last that is known. Earlier owners may have shown words that neither
store kept; their numbers must not come again for others, or a page that has them would take those for its own.
"""


async def take_over(live: Live, claims: Sequence[Claimed]) -> None:
    """The logs know more than the last checkpoints, if they are still there.

    An owner may be alive and only cut off from the database: it is kept from a log when that is read, or words that
    it showed meanwhile would be lost. One question for all: a full process leaves hundreds, and three hundred at once
    kept the event loop from hearing the replies in time.
    """
    epochs = {claimed.generation: claimed.epoch for claimed in claims}
    seized = await live.log.seize(epochs, within_s=2 * timing().renewal_s)
    each = (_take_over(live, claimed, seized[claimed.generation]) for claimed in claims)
    for claimed, error in zip(claims, await asyncio.gather(*each, return_exceptions=True), strict=True):
        if error is not None:  # it is ours and nothing runs it, so that it is let go and claimed again
            level = logging.WARNING if isinstance(error, ConversationError) else logging.ERROR
            logger.log(level, "could not take over %s", claimed.generation, exc_info=error)


async def _take_over(live: Live, claimed: Claimed, seized: Sequence[LogFrame]) -> None:
    logged: list[LogFrame] = [frame for frame in seized if not isinstance(frame, Finished)]
    checkpoint = Snapshot(generation=claimed.generation, seq=claimed.seq, text=claimed.text, thinking=claimed.thinking)
    shown = text_so_far(checkpoint, logged)
    lost = await _account_lost_call(live, claimed, shown, logged)
    answer = LiveAnswer(
        generation=claimed.generation,
        conversation=claimed.conversation,
        message=claimed.message,
        owner_pk=claimed.owner_pk,
        epoch=claimed.epoch,
        accepted_at=claimed.accepted_at,
        turn=lost.turn,
        seq=shown.seq + BEYOND,
        queue_ms=claimed.queue_ms,
        lost_usage=lost.usage,
    )
    logger.warning("took over %s, %s characters shown", claimed.generation, len(shown.text))
    if shown.text:
        answer.resume(shown.text, shown.thinking)
    run_again = partial(_run_again, plan=lost.plan)
    live.begin(answer, run_again if claimed.takeovers <= MAX_TAKEOVERS else _give_up)


async def _account_lost_call(live: Live, claimed: Claimed, shown: Snapshot, logged: Sequence[LogFrame]) -> Lost:
    """Nothing speaks for a request: it stood in the line, and no endpoint was asked."""
    slot = None if claimed.had_begun else await live.admission.slot_of(claimed.generation, claimed.endpoints)
    if not (claimed.had_begun or slot is not None or lost_calls.was_answered(logged)):
        return Lost(usage=Usage())
    seen = lost_calls.written(shown, logged, by_the_first=claimed.takeovers == 1)
    lost = LostCall(generation=claimed.generation, epoch=claimed.epoch, seen=seen, endpoint_pk=slot, at=timezone.now())
    return await live.accounting.run(lost)


async def _run_again(live: Live, answer: LiveAnswer, *, plan: Brief | None) -> None:
    await _begin_with_what_is_known(live, answer)
    await assistant.run(live, answer, plan=plan)


async def _give_up(live: Live, answer: LiveAnswer) -> None:
    await _begin_with_what_is_known(live, answer)
    await assistant.end(live, answer, assistant.cut(answer, "lease_lost"), ())


async def _begin_with_what_is_known(live: Live, answer: LiveAnswer) -> None:
    """The first entry of the new epoch: readers have the text so far, also those who saw more than what survived."""
    snapshot = Snapshot(generation=answer.generation, seq=answer.seq, text=answer.text, thinking=answer.thinking)
    live.tick.add(answer, snapshot)
    await live.tick.done(at_once=True)
