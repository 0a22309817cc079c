"""However a log is cut, merged, taken over or read late, a page ends with the same text. Pure."""

from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from conversations.ids import uuid7
from conversations.models import text_digest
from conversations.protocol import Delta, Finished, FrameUsage, LogFrame, Snapshot, Started
from conversations.replay import replay

GENERATION = uuid7()
STARTED = Started(generation=GENERATION, model="demonstration", context_cut=False)
words = st.lists(st.text(min_size=1, max_size=5), min_size=0, max_size=20)


def finished(seq: int, text: str) -> Finished:
    length, sha256 = text_digest(text)
    usage = FrameUsage(input_tokens=None, output_tokens=None, reasoning_tokens=None, token_source="none")
    return Finished(
        generation=GENERATION, seq=seq, state="completed", reason="stop", length=length, sha256=sha256, usage=usage,
        first_token_ms=None, duration_ms=None,
    )  # fmt: skip


def log_of(texts: list[str], *, ended: bool = True) -> list[LogFrame]:
    deltas = [Delta(generation=GENERATION, after=n, seq=n + 1, text=text) for n, text in enumerate(texts)]
    end = [finished(len(texts) + 1, "".join(texts))] if ended else []
    return [STARTED, *deltas, *end]


def snapshot(seq: int, text: str) -> Snapshot:
    return Snapshot(generation=GENERATION, seq=seq, text=text, thinking="")


@dataclass
class Page:
    """What a page does with frames: the rules of protocol.md, section 1.2."""

    seq: int = 0
    text: str = ""
    is_over: bool = False
    missed: list[LogFrame] = field(default_factory=list)

    def reads(self, frames: list[LogFrame] | None) -> "Page":
        assert frames is not None
        for frame in frames:
            match frame:
                case Snapshot():
                    self.seq, self.text = frame.seq, frame.text
                case Delta() if frame.after == self.seq:
                    self.seq, self.text = frame.seq, self.text + frame.text
                case Delta() if frame.seq > self.seq:
                    self.missed.append(frame)
                case Finished():
                    assert (frame.length, frame.sha256) == text_digest(self.text)
                    self.seq, self.is_over = frame.seq, True
        assert not self.missed
        return self


def read_up_to(texts: list[str], seq: int) -> Page:
    return Page(seq=seq, text="".join(texts[:seq]))


@given(words, st.data())
def test_a_reader_who_left_anywhere_gets_exactly_the_rest(texts: list[str], data: st.DataObject) -> None:
    after = data.draw(st.integers(0, len(texts)))
    page = read_up_to(texts, after).reads(replay(GENERATION, log_of(texts), after))
    assert (page.text, page.seq, page.is_over) == ("".join(texts), len(texts) + 1, True)


@given(words, st.data())
def test_reading_in_two_halves_is_reading_at_once(texts: list[str], data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(texts)))
    page = Page().reads(replay(GENERATION, log_of(texts[:middle], ended=False), 0))
    page.reads(replay(GENERATION, log_of(texts), page.seq))
    assert (page.text, page.is_over) == ("".join(texts), True)


@given(words)
def test_deltas_are_merged_into_one(texts: list[str]) -> None:
    missed = replay(GENERATION, log_of(texts), 0)
    assert missed is not None
    assert len([frame for frame in missed if isinstance(frame, Delta)]) == min(1, len(texts))


@given(words.filter(lambda texts: len(texts) > 1), st.data())
def test_a_hole_is_not_read_over(texts: list[str], data: st.DataObject) -> None:
    lost = data.draw(st.integers(1, len(texts) - 1))
    log = log_of(texts)
    assert replay(GENERATION, [frame for frame in log if getattr(frame, "seq", 0) != lost], 0) is None


@given(words.filter(lambda texts: len(texts) > 1), st.data())
def test_a_snapshot_fills_the_hole(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(texts)))
    log = [frame for frame in log_of(texts) if not isinstance(frame, Delta) or frame.seq > at]
    page = Page().reads(replay(GENERATION, [STARTED, snapshot(at, "".join(texts[:at])), *log[1:]], 0))
    assert page.text == "".join(texts)


@given(words, words, st.data())
def test_a_new_owner_who_knows_less_is_believed(lost: list[str], new: list[str], data: st.DataObject) -> None:
    """The log holds what the old owner wrote past the last checkpoint, then the new one's snapshot of that."""
    kept = data.draw(st.integers(0, len(lost)))
    whole = [*lost[:kept], *new]
    later = [frame for frame in log_of(whole) if isinstance(frame, Finished) or getattr(frame, "seq", 0) > kept]
    log = [*log_of(lost, ended=False), snapshot(kept, "".join(lost[:kept])), STARTED, *later]
    for after in range(len(lost) + 1):
        page = read_up_to(lost, after)
        if kept < after <= len(whole):
            continue  # a page cannot tell which owner's words it has: the hash of ``finished`` tells it
        page.reads(replay(GENERATION, log, after))
        assert page.text == "".join(whole)


@given(words, st.integers(2, 1_000_000))
def test_a_page_that_is_ahead_of_the_end_is_told_everything_anew(texts: list[str], ahead: int) -> None:
    page = Page(seq=len(texts) + ahead, text="what never was")
    page.reads(replay(GENERATION, log_of(texts), page.seq))
    assert (page.text, page.is_over) == ("".join(texts), True)


def test_a_page_that_has_the_end_hears_of_it_again() -> None:
    assert replay(GENERATION, log_of(["一", "二"]), 3) == [STARTED, finished(3, "一二")]


def test_nothing_yet_is_nothing_missed() -> None:
    assert replay(GENERATION, [], 0) == []
    assert replay(GENERATION, [STARTED], 0) == [STARTED]


def test_thinking_and_text_are_merged_apart() -> None:
    log: list[LogFrame] = [
        Delta(generation=GENERATION, after=0, seq=1, thinking="想"),
        Delta(generation=GENERATION, after=1, seq=2, thinking="了", text="答"),
        Delta(generation=GENERATION, after=2, seq=3, text="案"),
    ]
    merged = Delta(generation=GENERATION, after=0, seq=3, text="答案", thinking="想了")
    assert replay(GENERATION, log, 0) == [merged]


def test_a_log_that_contradicts_itself_ends_nevertheless() -> None:
    log: list[LogFrame] = [snapshot(50, "x" * 50), finished(20, "x" * 20)]
    assert replay(UUID(int=0), log, 0) is None or isinstance(replay(UUID(int=0), log, 0), list)
