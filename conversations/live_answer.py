"""One running generation as its process holds it: what was written, what the log has, why it was cancelled."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from io import StringIO
from uuid import UUID

from conversations.delta_log import Entry, key_of
from conversations.events import Turn
from conversations.inference.types import Usage
from conversations.leases import Begun, Progress
from conversations.models import FIRST_EPOCH
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
    """Text that was taken is held in a buffer that grows, text that waits for the next tick as parts.

    So a delta costs what it is long, not what the answer is long, and an answer takes about as much memory as its text.
    """

    generation: UUID
    conversation: UUID
    message: UUID
    owner_pk: int
    epoch: int
    accepted_at: datetime
    turn: Turn | None = None
    """Where it is known without asking: this process accepted it, or read it when it took the answer over."""
    seq: int = 0
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
    lost_usage: Usage | None = None
    """Of the request that was lost with that process."""
    log_has_hole: bool = False
    """An entry may be missing in the log: the next one is kept there as a snapshot."""
    checkpoint_seq: int = 0
    has_text: bool = False
    """Of the answer itself: reasoning is none."""
    awaits_tick: bool = False
    """The tick knows of it already."""
    _log: str = field(init=False)
    _entries: int = 0
    _taken_text: StringIO = field(default_factory=StringIO)
    _taken_thinking: StringIO = field(default_factory=StringIO)
    _new_text: list[str] = field(default_factory=list)
    _new_thinking: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._log = key_of(self.generation)

    @property
    def text(self) -> str:
        return self._taken_text.getvalue() + "".join(self._new_text)

    @property
    def thinking(self) -> str:
        return self._taken_thinking.getvalue() + "".join(self._new_thinking)

    @property
    def is_unheard(self) -> bool:
        """Its first owner's, and nothing was handed to the log yet: there is no more than what is to come."""
        return self.epoch == FIRST_EPOCH and self._entries == 0

    def resume(self, text: str, thinking: str) -> None:
        """Begin with what another process wrote and the log already has."""
        self._taken_text.write(text)
        self._taken_thinking.write(thinking)
        self.has_text, self.is_resumed = bool(text), True

    def write(self, text: str, thinking: str, now: datetime) -> bool:
        """Add a delta. True for the first one, which is sent at once."""
        if text:
            self._new_text.append(text)
            self.has_text = True
        if thinking:
            self._new_thinking.append(thinking)
        if self.first_token_at is None and not self.is_resumed:
            self.first_token_at = now
            return True
        return False

    def drop(self) -> None:
        """What was not taken is never shown: somebody else goes on with this answer."""
        self._new_text.clear()
        self._new_thinking.clear()

    def take(self) -> Entry | None:
        """What was written since the last tick, as the next entry of the log."""
        self.awaits_tick = False
        if not self._new_text and not self._new_thinking:
            return None
        text, thinking = "".join(self._new_text), "".join(self._new_thinking)
        self.drop()
        self._taken_text.write(text)
        self._taken_thinking.write(thinking)
        after, self.seq = self.seq, self.seq + 1
        entry = self.entry(Delta(generation=self.generation, after=after, seq=self.seq, text=text, thinking=thinking))
        if self.log_has_hole:
            self.log_has_hole = False
            return entry._replace(kept=encode(self._taken()))
        return entry

    def entry(self, frame: LogFrame) -> Entry:
        self._entries += 1
        text = encode(frame)
        return Entry(self.generation, self._log, f"{self.epoch}-{self._entries}", frame, text, text)

    def frames(self) -> list[LogFrame]:
        """What a reader gets from memory when the log cannot answer: all that was taken so far."""
        if self.started is None:
            return []
        return [self.started] if self.seq == 0 else [self.started, self._taken()]

    def _taken(self) -> Snapshot:
        """Without what waits for the next tick: that comes under the next seq."""
        return Snapshot(
            generation=self.generation,
            seq=self.seq,
            text=self._taken_text.getvalue(),
            thinking=self._taken_thinking.getvalue(),
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
