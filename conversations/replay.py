"""One rule set for a fresh, a late and a resumed reader: what is left to send of a log, in few frames. Pure."""

from collections.abc import Sequence
from uuid import UUID

from conversations.protocol import Delta, Finished, LogFrame, Snapshot, Started


def text_so_far(checkpoint: Snapshot, logged: Sequence[LogFrame]) -> Snapshot:
    """Of an answer that is not over: what the log has, or the checkpoint where that knows more."""
    frames = replay(checkpoint.generation, [checkpoint, *logged], 0) or ()
    return next((frame for frame in frames if isinstance(frame, Snapshot)), checkpoint)


def replay(generation: UUID, frames: Sequence[LogFrame], after: int, *, anew: bool = False) -> list[LogFrame] | None:
    """The frames that bring a page from ``after`` to the end of ``frames``; None when a part in between is missing.

    Deltas are merged into one; a snapshot in between swallows what stood before it. A snapshot that is older than the
    entry before it is a new owner's, who knows less than was shown: what it says counts. A page that is ahead of the
    end is given everything ``anew``, as a snapshot.
    """
    started: Started | None = None
    finished: Finished | None = None
    snapshot = anew
    last = 0
    position = after
    text: list[str] = []
    thinking: list[str] = []
    for frame in frames:
        if isinstance(frame, Started):
            started = frame
            continue
        before, last = last, frame.seq
        if isinstance(frame, Snapshot):
            if frame.seq >= position or frame.seq < before:
                snapshot, position, text, thinking = True, frame.seq, [frame.text], [frame.thinking]
        elif isinstance(frame, Finished) and frame.seq < position and not anew:
            return replay(generation, frames, 0, anew=True)
        elif isinstance(frame, Finished) and frame.seq in (position, position + 1):
            position, finished = frame.seq, frame
        elif frame.seq <= position:
            continue
        elif isinstance(frame, Delta) and frame.after == position:
            position = frame.seq
            text.append(frame.text)
            thinking.append(frame.thinking)
        else:
            return None
    missed: list[LogFrame] = [started] if started is not None else []
    seq = position - 1 if finished is not None else position
    if snapshot:
        missed.append(Snapshot(generation=generation, seq=seq, text="".join(text), thinking="".join(thinking)))
    elif seq > after:
        missed.append(
            Delta(generation=generation, after=after, seq=seq, text="".join(text), thinking="".join(thinking))
        )
    if finished is not None:
        missed.append(finished)
    return missed
