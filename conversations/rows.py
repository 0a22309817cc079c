"""What the database says of a generation, as the frames a page would get: for readers whose log is gone."""

from collections.abc import Sequence
from uuid import UUID

from conversations.models import Generation, State, text_digest
from conversations.people import Person
from conversations.protocol import ActiveGeneration, Finished, FrameUsage, LogFrame, Snapshot, Started


def row_frames(generation: UUID) -> list[LogFrame]:
    """``started`` if a model ever began, a snapshot of the last checkpoint, ``finished`` if it is over."""
    row = Generation.objects.select_related("model").filter(pk=generation).first()
    if row is None:
        return []
    frames: list[LogFrame] = []
    if row.state != State.QUEUED:
        frames.append(Started(generation=row.id, model=row.model.slug, context_cut=row.context_cut))
    if row.is_active:
        return [*frames, Snapshot(generation=row.id, seq=row.seq, text=row.text, thinking=row.thinking)]
    snapshot = Snapshot(generation=row.id, seq=row.seq - 1, text=row.text, thinking=row.thinking)
    return [*frames, snapshot, finished_frame(row)]


def finished_frame(row: Generation) -> Finished:
    length, sha256 = text_digest(row.text)
    return Finished(
        generation=row.id,
        seq=row.seq,
        state=row.state,
        reason=row.reason,
        length=length,
        sha256=sha256,
        usage=FrameUsage(
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            reasoning_tokens=row.reasoning_tokens,
            token_source=row.token_source,
        ),
        first_token_ms=row.first_token_ms,
        duration_ms=row.duration_ms,
    )


def still_active(generations: Sequence[UUID]) -> dict[UUID, str]:
    """Those that have not ended, each with the line it stands in; empty once it has left the line."""
    rows = Generation.objects.active().filter(pk__in=generations).values_list("pk", "state", "model__slug")
    return {pk: queue if state == State.QUEUED else "" for pk, state, queue in rows}


def active_of(owner: Person) -> list[ActiveGeneration]:
    rows = Generation.objects.of(owner).active().order_by("created_at")
    return [
        ActiveGeneration(generation=row.id, conversation=row.conversation_id, message=row.message_id, state=row.state)
        for row in rows
    ]


def may_follow(owner: Person, generation: UUID) -> bool:
    return Generation.objects.of(owner).filter(pk=generation).exists()
