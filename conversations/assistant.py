"""What happens when somebody speaks: the one coordinator. It holds no state; ``Live`` does.

begin        one transaction accepts the turn; then the run starts, as a task of the process
run          a slot or a place in the line -> the model -> the log -> one transaction that ends it
stop         says so in the row, and hurries the owner

takeover.py begins a run, too: of a generation whose process is gone.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.utils import timezone

from conversations import leases, rows, turns
from conversations.admission import Waiting
from conversations.database import in_database
from conversations.ending import Ending
from conversations.errors import ConversationError, NotFound, QueueFull, RateLimited, Unavailable
from conversations.inference import estimate, router
from conversations.inference.errors import InferenceError
from conversations.inference.types import CallEnded, Endpoint, TokenSource, Usage
from conversations.leases import Begun
from conversations.live import Live
from conversations.live_answer import Cancelled, LiveAnswer
from conversations.models import State, milliseconds
from conversations.people import Person
from conversations.prompt import Brief, brief, brief_of
from conversations.protocol import Accepted, Changed, ChangedActive, TurnRequest
from conversations.protocol import Finished as FinishedFrame
from conversations.timing import MAX_WAITING, timing
from conversations.turns import AcceptedTurn, Asking

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    state: State
    reason: str
    error_ref: str = ""


class NotOurs(Exception):
    """The row is another process's, or over: write nothing."""


async def begin(live: Live, person: Person, request: TurnRequest, address: str, client: str = "") -> Accepted:
    """Accept a turn: committed when this returns, answered from now on. The same request is accepted once.

    ``address`` is where it comes from, ``client`` what asks; empty where that is not known.
    """
    if live.is_draining:
        raise Unavailable(retry_after_s=1)
    try:
        if live.admission.standing() >= MAX_WAITING:
            raise QueueFull(retry_after_s=30)
        await live.limits.take(person.pk, address)
    except (QueueFull, RateLimited):
        if known := await in_database(turns.accepted_before, person, request):
            return known.frame  # said again, since its answer did not arrive: nothing new is asked for
        raise
    now = timezone.now()
    asking = Asking(person=person, request=request, now=now, process=live.process, client=client)
    turn = await live.accepting.run(asking)
    if turn.is_new:
        answer = LiveAnswer(
            generation=turn.frame.generation,
            conversation=turn.frame.conversation,
            message=turn.frame.answer,
            owner_pk=person.pk,
            epoch=turn.epoch,
            accepted_at=now,
            turn=turn.turn,
        )
        live.begin(answer, partial(run, turn=turn))
        _tell_tabs(live, answer, State.QUEUED)
    return turn.frame


async def stop(live: Live, person: Person, generation: UUID) -> None:
    """Idempotent; of no effect once it has ended."""
    if await in_database(leases.request_stop, person.pk, generation, timezone.now()):
        await live.hurry_stop(generation)
    elif not await in_database(rows.may_follow, person, generation):
        raise NotFound


async def run(live: Live, answer: LiveAnswer, *, turn: AcceptedTurn | None = None, plan: Brief | None = None) -> None:
    """From accepted to ended. Cancelled only through ``Live``, which says why. ``turn``: just accepted, by us;
    ``plan``: just read, where we took it over.
    """
    calls: list[CallEnded] = []
    try:
        plan = plan or await _briefed(answer, turn)
        turn = None  # its rows are worth some kilobytes for as long as the answer streams
        outcome = await _answer(live, answer, plan, calls)
    except asyncio.CancelledError:
        if answer.cancelled is not Cancelled.STOP:
            await _let_go(live, answer)
            return
        outcome = Outcome(state=State.STOPPED, reason="user_stop")
    except NotOurs:
        live.admission.forget(answer.generation)
        return
    except InferenceError as error:
        outcome = cut(answer, error.reason)
    except ConversationError as error:
        logger.warning("generation %s could not run: %s", answer.generation, error.__cause__ or error)
        outcome = cut(answer, "unavailable")
    except Exception:
        ref = secrets.token_hex(4)
        logger.exception("generation %s failed, ref %s", answer.generation, ref)
        outcome = cut(answer, "internal", ref)
    await end(live, answer, outcome, calls)


def cut(answer: LiveAnswer, reason: str, error_ref: str = "") -> Outcome:
    """What was shown stays: then it is interrupted, and can be continued."""
    state = State.INTERRUPTED if answer.has_text else State.FAILED
    return Outcome(state=state, reason=reason, error_ref=error_ref)


async def _briefed(answer: LiveAnswer, turn: AcceptedTurn | None) -> Brief:
    """A conversation's first question is briefed by its accepting alone, without the database."""
    if turn is not None and turn.rows is not None and turn.rows.question is not None:
        return await in_database(brief_of, turn.rows) if turn.rows.follows else brief_of(turn.rows)
    plan = await in_database(brief, answer.generation, answer.epoch)
    if plan is None:
        raise NotOurs
    return plan


async def _answer(live: Live, answer: LiveAnswer, plan: Brief, calls: list[CallEnded]) -> Outcome:
    if plan.stop_requested:
        return Outcome(state=State.STOPPED, reason="user_stop")
    if answer.has_text:
        plan = plan.going_on(answer.text)
        if not plan.endpoints:
            return cut(answer, "lease_lost")
    if not plan.endpoints:
        return Outcome(state=State.FAILED, reason="unavailable")
    try:
        granted = await _admitted(live, answer, plan)
    except TimeoutError:
        return cut(answer, "lease_lost") if answer.has_text else Outcome(state=State.EXPIRED, reason="deadline")
    ask, answer.context_cut = plan.ask_of(granted)
    limits = {str(endpoint.id): limit for endpoint, limit in plan.endpoints}

    async def may_ask(endpoint: Endpoint) -> bool:
        return await live.admission.take(answer.generation, endpoint, limits[str(endpoint.id)])

    endpoints = [granted, *(endpoint for endpoint, _ in plan.endpoints if endpoint.id != granted.id)]
    finished = await router.stream(
        endpoints,
        ask,
        on_started=partial(live.started, answer),
        on_delta=partial(live.tick.write, answer),
        on_call_ended=calls.append,
        may_ask=may_ask,
        pace=live.tick,
    )
    if finished.finish_reason == "content_filter" and not answer.has_text:
        return Outcome(state=State.FAILED, reason="content_filter")
    return Outcome(state=State.COMPLETED, reason=finished.finish_reason)


async def _admitted(live: Live, answer: LiveAnswer, plan: Brief) -> Endpoint:
    """``TimeoutError`` when the deadline of the queue passed."""
    waiting = Waiting(
        generation=answer.generation,
        accepted_at=answer.accepted_at,
        endpoints=plan.endpoints,
        on_place=lambda place, eta_s: live.followers.waiting(answer.generation, place, eta_s),
    )
    # Counted from its acceptance, whichever process it waits in: nobody waits for an hour-old question any more.
    # An answer that had begun and lost its process has waited already; its time since then was no waiting.
    had_begun = answer.queue_ms is not None
    waited_s = 0.0 if had_begun else (timezone.now() - answer.accepted_at).total_seconds()
    async with asyncio.timeout(timing().queue_deadline_s - waited_s):
        endpoint = await live.admission.acquire(plan.queue, waiting)
    if not had_begun:
        answer.queue_ms = milliseconds(answer.accepted_at, timezone.now())
    answer.begun = Begun(answer.generation, answer.epoch, State.STARTING, int(endpoint.id), answer.queue_ms)
    return endpoint


async def end(live: Live, answer: LiveAnswer, outcome: Outcome, calls: Sequence[CallEnded]) -> None:
    """Log what is left, write the row with its fact, then say ``finished``. Not interrupted by anything."""
    answer.is_ending = True
    live.tick.settle(answer)
    ending = Ending(
        generation=answer.generation,
        turn=answer.turn,
        epoch=answer.epoch,
        state=outcome.state,
        reason=outcome.reason,
        error_ref=outcome.error_ref,
        seq=answer.seq + 1,
        text=answer.text,
        thinking=answer.thinking,
        context_cut=answer.context_cut,
        queue_ms=answer.queue_ms,
        first_token_at=answer.first_token_at,
        finished_at=timezone.now(),
        calls=tuple(calls),
        usage=_used(answer, calls),
    )
    lasted_s = (ending.finished_at - answer.accepted_at).total_seconds() - (answer.queue_ms or 0) / 1000
    try:
        frame = await _written(live, ending)
        if frame is not None:
            answer.seq = frame.seq
            live.tick.add(answer, frame)
            await live.tick.done()
            _tell_tabs(live, answer, None)
    finally:
        await live.admission.release(answer.generation, lasted_s=lasted_s)


def _used(answer: LiveAnswer, calls: Sequence[CallEnded]) -> Usage:
    """What the last request reports, or is known of a lost one; for an answer that two processes wrote, what its whole
    text is about.
    """
    usage = calls[-1].usage if calls else answer.lost_usage or Usage()
    if not answer.is_resumed or usage.output_tokens is None:
        return usage
    written = estimate.tokens_of(answer.text) + estimate.tokens_of(answer.thinking)
    return replace(usage, output_tokens=written, source=TokenSource.ESTIMATED)


async def _written(live: Live, ending: Ending) -> FinishedFrame | None:
    for wait_s in timing().end_retries_s:
        try:
            return await live.ending.run(ending)
        except ConversationError as error:
            logger.warning("the end of %s waits for the database: %s", ending.generation, error.__cause__)
            await asyncio.sleep(wait_s)
    return await live.ending.run(ending)


async def _let_go(live: Live, answer: LiveAnswer) -> None:
    """Somebody else goes on with it: save what only this process knows, give nothing back that is theirs."""
    if answer.cancelled is Cancelled.LOST:
        live.admission.forget(answer.generation)
        return
    live.tick.settle(answer)
    await live.tick.done()
    await in_database(leases.checkpoint, [answer.progress()])
    await live.admission.release(answer.generation)


def _tell_tabs(live: Live, answer: LiveAnswer, state: State | None) -> None:
    active = ChangedActive(generation=answer.generation, message=answer.message, state=state) if state else None
    live.hints.tell_tabs(answer.owner_pk, Changed(conversation=answer.conversation, active=active))
