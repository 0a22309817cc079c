"""The state of one process, started and ended by its lifespan: the generations it runs and the loops that keep them.

- the tick: what all of them write, in one batch to the log, then to the followers
- renewal: leases once a second, which also brings the stop requests; slots, by themselves
- takeover: generations whose process is gone
- checkpoint: texts into the database every few seconds
- hints: a stop pressed in another process arrives sooner

Nothing here decides what an answer is; that is the assistant's, which hands in what to run.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from uuid import UUID

from django.conf import settings
from redis.exceptions import RedisError

from conversations import leases, redis_wire, turns
from conversations.admission import Admission
from conversations.claims import Claimed, Lookout
from conversations.database import in_database
from conversations.delta_log import Appended, DeltaLog, Entry
from conversations.ending import finish_together
from conversations.errors import ConversationError
from conversations.followers import Followers
from conversations.grouped import Grouped
from conversations.hints import Hints
from conversations.inference.types import Endpoint
from conversations.leases import Begun
from conversations.limits import SendLimits
from conversations.live_answer import Cancelled, LiveAnswer
from conversations.lost_calls import account_together
from conversations.models import State
from conversations.presence import Presence
from conversations.protocol import Started
from conversations.tick import Tick
from conversations.timing import timing

logger = logging.getLogger(__name__)

Run = Callable[["Live", LiveAnswer], Coroutine[None, None, None]]
TakeOver = Callable[["Live", Sequence[Claimed]], Awaitable[None]]


class Live:
    def __init__(self, *, take_over: TakeOver, redis_url: str) -> None:
        self.process = uuid.uuid4().hex
        self._take_over = take_over
        self._lookout = Lookout()
        self._redis = redis_wire.client(redis_url)
        self.log = DeltaLog(self._redis, reply_s=timing().redis_reply_s)
        self.admission = Admission(self._redis)
        self.limits = SendLimits(self._redis)
        self.accepting = Grouped(turns.accept_together)
        self.ending = Grouped(finish_together)
        self.accounting = Grouped(account_together)
        self._presence = Presence()
        self.hints = Hints(self._presence, on_stop=lambda generation: self._cancel(generation, Cancelled.STOP))
        self._answers: dict[UUID, LiveAnswer] = {}
        self._renewed_at = time.monotonic()
        self.followers = Followers(self.log, self._answers, self.admission, owns=self.owns)
        self.tick = Tick(self.log, self._logged, every_s=timing().tick_s, most_s=timing().slow_tick_s)
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._strays: set[UUID] = set()
        self._taking_over: set[UUID] = set()
        self.is_ready = True
        self.is_draining = False

    # --- lifespan ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        if settings.EMBEDDED:
            await in_database(leases.void_earlier_boots, self.process)
        self._loops = [
            asyncio.create_task(loop, name=name)
            for name, loop in {
                "tick": self.tick.run(),
                "renewal": self._every(timing().renewal_s, self._renew),
                "slots": self._every(timing().renewal_s, self._renew_slots),
                "takeover": self._every(timing().takeover_s, self._claim),
                "checkpoint": self._every(timing().checkpoint_s, self._checkpoint),
                "hints": self._every(timing().renewal_s, self.hints.hear),
                "missed hints": self._every(timing().presence_s, self.hints.join_missed),
                "admission": self.admission.admit(),
                "feed": self.followers.feed(),
                "sweep": self.followers.sweep(),
                "presence": self._presence.watch(),
            }.items()
        ]

    def turn_people_away(self) -> None:
        """They shall be sent elsewhere from now on. Who is here, or comes all the same, is served as ever."""
        logger.info("not ready for new people from now on")
        self.is_ready = False

    async def stop(self) -> None:
        """Let answers finish for a while; hand over what is left, with its text saved."""
        self.is_draining = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=timing().drain_s)
        for generation in list(self._tasks):
            self._cancel(generation, Cancelled.HANDED_OVER)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        with contextlib.suppress(ConversationError):
            await in_database(leases.give_up, self.process)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._redis.aclose()

    # --- answers ----------------------------------------------------------------------------------------------------

    def begin(self, answer: LiveAnswer, run: Run) -> None:
        """Run a generation as a task of the process: no socket owns it."""
        task = asyncio.create_task(run(self, answer), name=f"generation {answer.generation}")
        self._answers[answer.generation] = answer
        self._tasks[answer.generation] = task
        task.add_done_callback(lambda _: self._forget(answer))

    def _forget(self, answer: LiveAnswer) -> None:
        self._answers.pop(answer.generation, None)
        self._tasks.pop(answer.generation, None)
        answer.drop()

    def started(self, answer: LiveAnswer, endpoint: Endpoint) -> None:
        """An endpoint took the question. Said once per model: the next attempt may be another model's."""
        answer.begun = Begun(answer.generation, answer.epoch, State.STREAMING, int(endpoint.id), answer.queue_ms)
        if answer.started is not None and answer.started.model == endpoint.model:
            return
        answer.started = Started(generation=answer.generation, model=endpoint.model, context_cut=answer.context_cut)
        self.tick.add(answer, answer.started)

    def owns(self) -> bool:
        """Whether its answers are its own for certain: the database said so, and no lease has run out since."""
        return time.monotonic() - self._renewed_at < timing().lease_s

    def _logged(self, entry: Entry, verdict: Appended) -> None:
        """Words of which the log is not known to have them are shown by who owns the answer for certain, and nobody
        else: another one may write it by now, without them. The log gets all of the text with the next entry, and who
        follows here reads what was not shown.
        """
        if verdict is Appended.REFUSED:
            self._cancel(entry.generation, Cancelled.LOST)
            return
        if verdict is Appended.UNKNOWN:
            answer = self._answers.get(entry.generation)
            if answer is None or answer.cancelled is Cancelled.LOST:
                return
            answer.log_has_hole = True
            if not self.owns():
                return
        self.followers.deliver(entry.generation, entry.frame, entry.text)

    # --- stopping ---------------------------------------------------------------------------------------------------

    async def hurry_stop(self, generation: UUID) -> None:
        """The row already says stop: tell the owner sooner than its next renewal, wherever it is."""
        if generation in self._tasks:
            self._cancel(generation, Cancelled.STOP)
            return
        await self.hints.stop(generation)

    def _cancel(self, generation: UUID, why: Cancelled) -> None:
        """Once, and never while the end is being written."""
        answer, task = self._answers.get(generation), self._tasks.get(generation)
        if answer is None or task is None or answer.is_ending or answer.cancelled is not None:
            return
        answer.cancelled = why
        task.cancel()

    # --- loops ------------------------------------------------------------------------------------------------------

    async def _every(self, seconds: float, step: Callable[[], Awaitable[None]]) -> None:
        """A loop that survives its faults: one bad second must not end the process's care for the others."""
        while True:
            try:
                await step()
            except ConversationError as error:
                logger.warning("%s: %s", step.__qualname__, error.__cause__ or error)
            except Exception:
                logger.exception("%s failed", step.__qualname__)
            await asyncio.sleep(seconds)

    async def _renew(self) -> None:
        before = dict(self._answers)
        begun = [answer.begun for answer in before.values() if answer.begun is not None]
        asked_at = time.monotonic()
        held = await in_database(leases.renew, self.process, begun)
        self._renewed_at = asked_at
        for generation, answer in before.items():
            if answer.begun in begun:
                answer.begun = None
            mine = held.get(generation)
            if mine is None or mine.epoch != answer.epoch:
                self._cancel(generation, Cancelled.LOST)
            elif mine.stop_requested:
                self._cancel(generation, Cancelled.STOP)
        await self._let_go_of_strays(held.keys() - self._answers.keys() - self._taking_over)

    async def _renew_slots(self) -> None:
        """Apart from leases: while one of the two stores is silent, what the other one keeps must not run out."""
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(timing().redis_reply_s * 5):
                await self.admission.renew()

    async def _let_go_of_strays(self, strays: set[UUID]) -> None:
        """Renewed, but run by nobody: a commit that came after its time-out, an end that could not be written.

        Seen twice, so that one which begins or ends in this very second is left alone.
        """
        if lost := strays & self._strays:
            logger.warning("%s generations are ours, but nothing runs them", len(lost))
            await in_database(leases.let_go, self.process, lost)
        self._strays = strays - lost

    async def _claim(self) -> None:
        """Until nothing is left: what a full process was writing cannot wait for one look after the other."""
        taking_over: list[asyncio.Task[None]] = []
        try:
            while not self.is_draining and (claimed := await in_database(self._lookout.claim, self.process)):
                taking_over.append(asyncio.create_task(self._taken_over(claimed)))
        finally:
            await asyncio.gather(*taking_over)

    async def _taken_over(self, claims: Sequence[Claimed]) -> None:
        """Ours from the claim on, though they run only once all that is known of them was read."""
        generations = {claimed.generation for claimed in claims}
        self._taking_over |= generations
        try:
            await self._take_over(self, claims)
        finally:
            self._taking_over -= generations

    async def _checkpoint(self) -> None:
        changed = [answer for answer in self._answers.values() if answer.seq > answer.checkpoint_seq]
        progress = [answer.progress() for answer in changed]
        await in_database(leases.checkpoint, progress)
        for answer, saved in zip(changed, progress, strict=True):
            answer.checkpoint_seq = saved.seq
