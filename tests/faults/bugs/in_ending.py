"""Bugs where an answer ends, and where two processes believe that it is theirs. Besides, the day on which they do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn
from uuid import UUID

from conversations import assistant, ending, events, leases, takeover
from conversations.claims import Lookout
from conversations.delta_log import Appended, DeltaLog, Entry
from conversations.ending import Ending
from conversations.errors import Unavailable
from conversations.live import Live
from conversations.live_answer import Cancelled, LiveAnswer
from conversations.models import Generation, State
from conversations.protocol import Finished
from tests.faults.bugs.replacing import put, put_method


def it_cannot_renew() -> None:
    """No bug: this process is too late with every renewal, and does not know that it was replaced."""

    def renew(process: str, begun: Sequence[leases.Begun] = ()) -> NoReturn:
        raise Unavailable

    def claim(self: Lookout, process: str) -> NoReturn:
        raise Unavailable

    put(renew, instead_of=leases.renew)
    put_method(Lookout, "claim", claim)


def the_log_fences_nobody() -> None:
    """A refused entry is taken for a written one: its owner goes on showing words."""
    append = DeltaLog.append

    async def append_anyway(self: DeltaLog, entries: Sequence[Entry]) -> list[Appended]:
        verdicts = await append(self, entries)
        return [Appended.YES if verdict is Appended.REFUSED else verdict for verdict in verdicts]

    put_method(DeltaLog, "append", append_anyway)


def the_end_does_not_look_at_the_epoch() -> None:
    """Who lost an answer ends it all the same."""
    finish = ending.finish

    def finish_anyway(last: Ending) -> Finished | None:
        epoch = Generation.objects.values_list("epoch", flat=True).get(pk=last.generation)
        return finish(replace(last, epoch=epoch))

    put(finish_anyway, instead_of=finish)


def a_stopped_answer_goes_on() -> None:
    """It is written down as stopped and said to be; nobody hangs up, and what the endpoint still says is shown."""
    cancel, ending_tasks = Live._cancel, set[asyncio.Task[None]]()

    def end_only(self: Live, generation: UUID, why: Cancelled) -> None:
        answer = self._answers.get(generation)
        if why is not Cancelled.STOP or answer is None:
            cancel(self, generation, why)
        elif answer.cancelled is None:
            answer.cancelled = why
            stopped = assistant.Outcome(state=State.STOPPED, reason="user_stop")
            ending_tasks.add(asyncio.create_task(assistant.end(self, answer, stopped, ())))

    put_method(Live, "_cancel", end_only)


def the_fact_is_missing() -> None:
    """Nobody is told that an answer ended."""

    def send(sender: object, **named: object) -> list[tuple[Any, Any]]:
        return []

    events.generation_finished.send = send  # type: ignore[method-assign]


def a_new_owner_counts_from_one() -> None:
    """It has the text so far, and begins its entries anew."""

    def begun_anew(**fields: Any) -> LiveAnswer:
        return LiveAnswer(**{**fields, "seq": 0})

    put(begun_anew, instead_of=LiveAnswer, within=takeover)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        the_log_fences_nobody,
        the_end_does_not_look_at_the_epoch,
        a_stopped_answer_goes_on,
        the_fact_is_missing,
        a_new_owner_counts_from_one,
    )
}
