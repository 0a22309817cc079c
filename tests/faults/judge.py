"""What must hold after every fault (reliability.md, section 1), read from three witnesses.

the database    the row of each generation, its question, its facts
the tabs        every frame that a person was sent, and what their page made of it
the endpoint    what it was asked, how much it said, whether it finished (only where a test hands it in)

``judged`` looks at one generation, ``judge_everything`` at all that the database has and at all that tabs were told.
A question like ``nonce=li tokens=50`` fixes the words of its answer, so loss, repetition, disorder and words of another
person show. The first invariant that does not hold is raised as ``Broken``, with its name and where.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from app.demonstration.scripts import Entry
from conversations.database import in_database
from conversations.events import TurnKind
from conversations.models import TERMINAL, Generation, Message
from conversations.protocol import Accepted, Delta, Snapshot, Welcome
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults import ledger
from tests.tab import Seen, Tab, eventually
from usage.models import TurnAccepted, UpstreamCall, UsageRecord

RETRY_BUDGET = 1.1
RETRY_FLOOR = 10
"""I9: a handful of turns may all need their further attempts; a thousand may not."""

_NONCE = re.compile(r"nonce=(\w+)(?: tokens=(\d+))?")


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass(slots=True)
class Tally:
    """How much was looked at: a verdict on nothing proves nothing."""

    messages: int = 0
    deltas: int = 0
    generations: int = 0

    def taken(self) -> "Tally":
        """What was counted since this was last asked."""
        counted = Tally(self.messages, self.deltas, self.generations)
        self.messages = self.deltas = self.generations = 0
        return counted


tally = Tally()
"""Of every verdict of this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One generation as the database tells it."""

    row: Generation
    question: Message
    accepted: list[TurnAccepted]
    records: list[UsageRecord]
    calls: list[UpstreamCall]


async def judged(
    generation: UUID,
    tabs: Sequence[Tab] = (),
    *,
    endpoint: DemonstrationEndpoint | None = None,
    log_was_lost: bool = False,
) -> Generation:
    """The ended row, found to be in order: one fact, and every tab shows what is stored.

    ``log_was_lost`` together with its owner: only then may words that were shown be taken back.
    """
    case = await in_database(_case, generation)
    _judge_row(case)
    for tab in tabs:
        seen = tab.of(generation)
        _must("I5", seen.finished is not None, generation, "a tab was never told the end")
        _judge_tab(case, tab, log_was_lost=log_was_lost)
    if endpoint is not None:
        _judge_words(case, endpoint.log())
    await _judge_ledger()
    return case.row


async def settled(*, timeout_s: float = 15.0) -> None:
    """I5: wait until no generation is active any more."""

    async def over() -> bool:
        return not await rows(Generation.objects.active())

    try:
        await eventually(over, timeout_s=timeout_s)
    except TimeoutError:
        active = await rows(Generation.objects.active())
        raise Broken(f"I5 does not hold: still active: {[(str(row.pk), row.state) for row in active]}") from None


async def judge_everything(
    tabs: Sequence[Tab],
    *,
    endpoint: DemonstrationEndpoint | None = None,
    at_once: int | None = None,
    log_was_lost: bool = False,
) -> None:
    """After a run of any shape has settled. ``at_once`` is how many answers the endpoint may write at a time."""
    generations = [row.pk for row in await rows(Generation.objects.order_by("created_at"))]
    cases = {generation: await in_database(_case, generation) for generation in generations}
    log = endpoint.log() if endpoint is not None else None
    for case in cases.values():
        _judge_row(case)
        if log is not None:
            _judge_words(case, log)
    for tab in tabs:
        _judge_promises(tab, cases)
        for generation in tab.seen:
            _must("I7", generation in cases, generation, "a tab was told of what does not exist")
            _judge_tab(cases[generation], tab, log_was_lost=log_was_lost)
    if endpoint is not None and log is not None:
        streamed = sum(1 for entry in log if entry.body.get("stream"))
        allowed = RETRY_BUDGET * len(cases) + RETRY_FLOOR
        _must("I9", streamed <= allowed, "the endpoint", f"{streamed} requests for {len(cases)} generations")
        peak = endpoint.counters().peak_active
        _must("I8", at_once is None or peak <= at_once, "the endpoint", f"{peak} answers at once, {at_once} allowed")
    await in_database(_judge_facts)
    await _judge_ledger()


async def calls_of(generation: UUID) -> list[tuple[int, int, str, str]]:
    """(epoch, attempt, error, token source) of every request made for it, in order."""
    query = UpstreamCall.objects.filter(call_of=generation).order_by("epoch", "attempt")
    return [(call.epoch, call.attempt, call.error, call.token_source) for call in await rows(query)]


# --- one witness after the other --------------------------------------------------------------------------------------


def _case(generation: UUID) -> Case:
    found = Generation.objects.select_related("owner", "message__parent").filter(pk=generation).first()
    if found is None:
        raise Broken(f"I1 does not hold for {generation}: it is not in the database")
    question = found.message.parent
    if question is None:
        raise Broken(f"I2 does not hold for {generation}: an answer without its question")
    return Case(
        row=found,
        question=question,
        accepted=list(TurnAccepted.objects.filter(generation=generation)),
        records=list(UsageRecord.objects.filter(generation=generation)),
        calls=list(UpstreamCall.objects.filter(call_of=generation).order_by("epoch", "attempt")),
    )


def _judge_row(case: Case) -> None:
    """I2, I3, I5, and I4 as far as the question alone tells the answer."""
    row, records = case.row, case.records
    tally.generations += 1
    tally.messages += 2
    _must("I2", case.question.role == Message.Role.USER, row.pk, "its question is not a person's")
    _must("I5", row.state in TERMINAL, row.pk, f"it is {row.state}")
    _must("I3", len(case.accepted) == 1, row.pk, f"{len(case.accepted)} facts of its acceptance")
    _must("I3", len(records) == 1, row.pk, f"{len(records)} usage records")
    fact = (records[0].outcome, records[0].reason, records[0].visible_characters, records[0].attempts)
    stored = (row.state, row.reason, len(row.text), row.attempts)
    _must("I3", fact == stored, row.pk, f"the fact says {fact}, the row {stored}")
    made = [call for call in case.calls if call.epoch == row.epoch]
    _must("I3", len(made) == row.attempts, row.pk, f"{row.attempts} attempts, {len(made)} calls of the last epoch")
    whole = _whole_answer(case)
    if whole is not None:
        _must("I4", whole.startswith(row.text), row.pk, f"these are not the endpoint's words: {row.text[-200:]!r}")
        if (row.state, row.reason) == ("completed", "stop"):
            _must("I12", row.text == whole, row.pk, f"completed after {len(row.text)} of {len(whole)} characters")


def _judge_facts() -> None:
    """I3 of all that was ever accepted, also where its rows went with their account."""
    running = Generation.objects.active().values_list("pk", flat=True)
    records = UsageRecord.objects.filter(generation=OuterRef("generation")).values("generation")
    ends = Coalesce(Subquery(records.annotate(number=Count("pk")).values("number")), 0)
    for fact in TurnAccepted.objects.exclude(generation__in=running).annotate(ends=ends).exclude(ends=1):
        raise Broken(f"I3 does not hold for {fact.generation}: accepted once, ended {fact.ends} times")


def _whole_answer(case: Case) -> str | None:
    """What a question with a nonce is answered with; what goes on with an answer begins somewhere within it."""
    nonce = _NONCE.search(case.question.text)
    if nonce is None or case.row.kind == TurnKind.CONTINUE:
        return None
    return "".join(f"{nonce[1]}-{number:04d} " for number in range(1, int(nonce[2] or 50) + 1))


def _judge_tab(case: Case, tab: Tab, *, log_was_lost: bool) -> None:
    """I4 to I7 for what one tab was told of one generation."""
    row = case.row
    seen = tab.of(row.pk)
    people = {frame.user.email for frame in tab.frames if isinstance(frame, Welcome)}
    told = [frame for frame in tab.frames if isinstance(frame, Delta | Snapshot) and frame.generation == row.pk]
    tally.deltas += len(told)
    _must("I7", people == {row.owner.email}, row.pk, f"told to {people}")
    if seen.broken:
        raise Broken(f"{seen.broken[0]}, told of {row.pk}")
    _must("I4", log_was_lost or not seen.was_taken_back, row.pk, "words that were shown were taken back")
    if seen.finished is None:
        _must("I4", log_was_lost or row.text.startswith(seen.text), row.pk, _differ(seen, row))
        return
    _must("I4", (seen.text, seen.thinking) == (row.text, row.thinking), row.pk, _differ(seen, row))
    _must("I6", seen.seq == row.seq, row.pk, f"entry {seen.seq} is the last shown, {row.seq} the last stored")
    ending = (seen.finished.state, seen.finished.reason)
    _must("I5", ending == (row.state, row.reason), row.pk, f"a tab was told {ending}, not {row.state, row.reason}")


def _differ(seen: Seen, row: Generation) -> str:
    return f"shown {seen.text[-80:]!r} ({len(seen.text)}), stored {row.text[-80:]!r} ({len(row.text)})"


def _judge_words(case: Case, log: Sequence[Entry]) -> None:
    """I3 and I12 against what the endpoint itself wrote down; requests are known by their question."""
    row = case.row
    said = [entry for entry in log if entry.question == case.question.text and entry.finish_reason is not None]
    if row.state == "completed" and row.kind != TurnKind.CONTINUE:
        _must("I12", bool(said), row.pk, "completed, and the endpoint never said that it had finished")
    exact = {entry.tokens_sent for entry in said}
    for call in case.calls:
        if exact and call.token_source == "reported" and not call.tokens_flagged:
            counted = (call.output_visible or 0) + (call.output_reasoning or 0)
            _must("I3", counted in exact, row.pk, f"{counted} tokens of output are recorded, {exact} were sent")


async def _judge_ledger() -> None:
    """I11. In a thread of its own: recomputing may take longer than a step of the product may."""
    found = await asyncio.to_thread(_differences)
    _must("I11", not found, "the reports", "; ".join(found))


def _differences() -> list[str]:
    try:
        return ledger.differences()
    finally:
        connection.close()


def _judge_promises(tab: Tab, cases: dict[UUID, Case]) -> None:
    """I1: every ``accepted`` is one row, with the words that were sent; I2: the same one, however often it is said."""
    promised: dict[UUID, Accepted] = {}
    for frame in tab.frames:
        if not isinstance(frame, Accepted):
            continue
        first = promised.setdefault(frame.id, frame)
        _must("I2", first == frame, frame.id, f"accepted as {first.generation} and as {frame.generation}")
        made = [case for case in cases.values() if case.row.request_id == frame.id]
        _must("I1", frame.generation in {case.row.pk for case in made}, frame.id, "accepted, and not in the database")
        case = cases[frame.generation]
        _must("I1", frame.message == case.question.pk, frame.id, "accepted as another message")
        if frame.id in tab.said:
            _must("I1", case.question.text in tab.said[frame.id], frame.id, "stored with other words than were sent")


def _must(invariant: str, holds: bool, where: object, found: str) -> None:
    if not holds:
        raise Broken(f"{invariant} does not hold for {where}: {found}")
