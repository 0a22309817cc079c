"""A generation whose process is gone, claimed by this one with a new epoch.

nothing of the answer was visible    run again; what was seen of the reasoning is taken back
something was, and its endpoint      go on from the text so far, as a prefix
continues a prefix
something was, otherwise             interrupted, with the text; the person can continue it
for the third time                   it ends as it is
"""

import logging
from collections.abc import Sequence

from conversations import assistant
from conversations.leases import Claimed
from conversations.live import Live
from conversations.live_answer import LiveAnswer
from conversations.protocol import Finished, LogFrame, Snapshot
from conversations.replay import replay
from conversations.timing import MAX_TAKEOVERS

logger = logging.getLogger(__name__)


async def take_over(live: Live, claimed: Claimed) -> None:
    """The log knows more than the last checkpoint, if it is still there."""
    known: list[LogFrame] = [
        Snapshot(generation=claimed.generation, seq=claimed.seq, text=claimed.text, thinking=claimed.thinking)
    ]
    logged: list[LogFrame] = [
        frame for frame in await live.log.read(claimed.generation) if not isinstance(frame, Finished)
    ]
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


def _last_text(claimed: Claimed, frames: Sequence[LogFrame]) -> Snapshot:
    return next(
        (frame for frame in frames if isinstance(frame, Snapshot)),
        Snapshot(generation=claimed.generation, seq=0, text="", thinking=""),
    )


async def _run_again(live: Live, answer: LiveAnswer) -> None:
    await _fence(live, answer)
    await assistant.run(live, answer)


async def _give_up(live: Live, answer: LiveAnswer) -> None:
    await _fence(live, answer)
    await assistant.end(live, answer, assistant.cut(answer, "lease_lost"), ())


async def _fence(live: Live, answer: LiveAnswer) -> None:
    """The first entry of the new epoch: from now on the old owner cannot append, and readers have the text so far."""
    snapshot = Snapshot(generation=answer.generation, seq=answer.seq, text=answer.text, thinking=answer.thinking)
    await live.publish(answer, snapshot)
