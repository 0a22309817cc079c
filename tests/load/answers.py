"""How the product and the yardstick are asked, and what is read from their frames.

The endpoint answers ``nonce=N tokens=T`` with T numbered words, so that loss, repetition, disorder and another
person's text are seen at once, and every token is as long as the next.
"""

from typing import Protocol

import msgspec

from conversations import protocol
from conversations.ids import uuid7


class Answer(Protocol):
    request: bytes
    """The text frame that asks for it."""
    text: str
    is_over: bool
    fault: str
    """Empty while all is well."""
    has_waited: bool
    """It was told a place in the line."""

    def take(self, frame: bytes) -> int:
        """How many new characters became visible."""
        ...


def expected(nonce: str, tokens: int) -> str:
    return "".join(f"{nonce}-{number:04d} " for number in range(1, tokens + 1))


def token_length(nonce: str) -> int:
    return len(expected(nonce, 1))


def _question(nonce: str, tokens: int) -> str:
    return f"nonce={nonce} tokens={tokens}"


class ProductAnswer:
    """By docs/protocol.md, strictly: a delta that does not follow on what is there is a fault."""

    def __init__(self, nonce: str, tokens: int) -> None:
        conversation = {"conversation": uuid7(), "parent": None}
        send = {"type": "send", "id": uuid7(), **conversation, "text": _question(nonce, tokens)}
        self.request = msgspec.json.encode(send)
        self.text = ""
        self.is_over = False
        self.fault = ""
        self.has_waited = False
        self._seq = 0

    def take(self, frame: bytes) -> int:
        match protocol.decode_server(frame):
            case protocol.Delta(after=after, seq=seq, text=text) if after == self._seq:
                self._seq = seq
                self.text += text
                return len(text)
            case protocol.Delta(seq=seq) if seq > self._seq:
                self.fault = "gap"
            case protocol.Snapshot(seq=seq, text=text):
                shown, self._seq, self.text = len(self.text), seq, text
                return max(0, len(text) - shown)
            case protocol.Finished(state=state, reason=reason):
                self.is_over = True
                if state != "completed":
                    self.fault = f"{state} {reason}"
            case protocol.Queued():
                self.has_waited = True
            case protocol.Error(code=code):
                self.is_over, self.fault = True, code
        return 0


class _Delta(msgspec.Struct):
    content: str = ""


class _Choice(msgspec.Struct):
    delta: _Delta


class _Chunk(msgspec.Struct):
    choices: list[_Choice]


_chunk = msgspec.json.Decoder(_Chunk)


class RawAnswer:
    """The endpoint's own chunks."""

    def __init__(self, nonce: str, tokens: int) -> None:
        message = {"role": "user", "content": _question(nonce, tokens)}
        self.request = msgspec.json.encode({"model": "raw", "stream": True, "messages": [message]})
        self.text = ""
        self.is_over = False
        self.fault = ""
        self.has_waited = False

    def take(self, frame: bytes) -> int:
        if frame == b"[DONE]":
            self.is_over = True
            return 0
        text = "".join(choice.delta.content for choice in _chunk.decode(frame).choices)
        self.text += text
        return len(text)
