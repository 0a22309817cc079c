"""One running generation as its process holds it: what was written, what the log has, why it was cancelled."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from conversations.delta_log import Entry
from conversations.leases import Begun, Progress
from conversations.protocol import Delta, LogFrame, Snapshot, Started, encode


class Cancelled(Enum):
    STOP = "stop"
    """The person asked."""
    LOST = "lost"
    """Somebody else owns it now: write nothing."""
    HANDED_OVER = "handed_over"
    """This process goes away: another one takes over."""


@dataclass(slots=True, eq=False)
class LiveAnswer:
    """Text is held as parts, so that a delta costs what it is long, not what the answer is long."""

    generation: UUID
    conversation: UUID
    message: UUID
    owner_pk: int
    epoch: int
    accepted_at: datetime
    seq: int = 0
    text_parts: list[str] = field(default_factory=list)
    thinking_parts: list[str] = field(default_factory=list)
    started: Started | None = None
    first_token_at: datetime | None = None
    queue_ms: int | None = None
    context_cut: bool = False
    begun: Begun | None = None
    """What the next renewal has to write."""
    cancelled: Cancelled | None = None
    is_ending: bool = False
    is_resumed: bool = False
    """Another process wrote the first part. When its first word came is not known here."""
    log_has_hole: bool = False
    """An entry may be missing in the log: the next one is a snapshot."""
    checkpoint_seq: int = 0
    _entries: int = 0
    _new_text: list[str] = field(default_factory=list)
    _new_thinking: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.text_parts)

    @property
    def thinking(self) -> str:
        return "".join(self.thinking_parts)

    @property
    def has_shown_something(self) -> bool:
        return self.first_token_at is not None or bool(self.text_parts) or bool(self.thinking_parts)

    def resume(self, text: str, thinking: str) -> None:
        """Begin with what another process wrote and the log already has."""
        self.text_parts, self.thinking_parts, self.is_resumed = [text], [thinking], True

    def write(self, text: str, thinking: str, now: datetime) -> bool:
        """Add a delta. True for the first one, which is sent at once."""
        if text:
            self.text_parts.append(text)
            self._new_text.append(text)
        if thinking:
            self.thinking_parts.append(thinking)
            self._new_thinking.append(thinking)
        if self.first_token_at is None and not self.is_resumed:
            self.first_token_at = now
            return True
        return False

    def take(self) -> Entry | None:
        """What was written since the last tick, as the next entry of the log."""
        if not self._new_text and not self._new_thinking:
            return None
        after, self.seq = self.seq, self.seq + 1
        frame: LogFrame
        if self.log_has_hole:
            frame, self.log_has_hole = self._snapshot(), False
        else:
            frame = Delta(
                generation=self.generation,
                after=after,
                seq=self.seq,
                text="".join(self._new_text),
                thinking="".join(self._new_thinking),
            )
        self._new_text.clear()
        self._new_thinking.clear()
        return self.entry(frame)

    def entry(self, frame: LogFrame) -> Entry:
        self._entries += 1
        return Entry(self.generation, f"{self.epoch}-{self._entries}", frame, encode(frame))

    def frames(self) -> list[LogFrame]:
        """What a reader gets from memory when the log cannot answer: all that was taken so far."""
        if self.started is None:
            return []
        return [self.started] if self.seq == 0 else [self.started, self._taken()]

    def _snapshot(self) -> Snapshot:
        return Snapshot(generation=self.generation, seq=self.seq, text=self.text, thinking=self.thinking)

    def _taken(self) -> Snapshot:
        """Without what waits for the next tick: that comes under the next seq."""
        text, thinking = self.text, self.thinking
        new_text, new_thinking = sum(map(len, self._new_text)), sum(map(len, self._new_thinking))
        return Snapshot(
            generation=self.generation,
            seq=self.seq,
            text=text[: len(text) - new_text],
            thinking=thinking[: len(thinking) - new_thinking],
        )

    def progress(self) -> Progress:
        taken = self._taken()
        return Progress(
            generation=self.generation,
            epoch=self.epoch,
            seq=taken.seq,
            text=taken.text,
            thinking=taken.thinking,
            context_cut=self.context_cut,
        )
