"""The request and the chunks of a chat completion, as bytes on the wire."""

import itertools
import re
import time
from typing import Any

import msgspec

_numbers = itertools.count(1)
_PIECE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{1,2}|[^\s\u3040-\u30ff\u4e00-\u9fff]{1,24} ?|\s+")


class Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None
    partial: bool = False
    prefix: bool = False

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(str(part.get("text", "")) for part in self.content or ())


class StreamOptions(msgspec.Struct):
    include_usage: bool = False
    continuous_usage_stats: bool = False


class ChatRequest(msgspec.Struct):
    messages: list[Message]
    model: str = "demonstration"
    stream: bool = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    enable_thinking: bool = False
    chat_template_kwargs: dict[str, Any] | None = None
    reasoning_effort: str | None = None
    continue_final_message: bool = False

    @property
    def system(self) -> str:
        return "\n".join(message.text for message in self.messages if message.role == "system")

    @property
    def question(self) -> str:
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def so_far(self) -> str:
        """The beginning of the answer to go on with; empty for a new one."""
        last = self.messages[-1] if self.messages else None
        if last and last.role == "assistant" and (last.partial or last.prefix or self.continue_final_message):
            return last.text
        return ""

    @property
    def thinks(self) -> bool:
        asked = self.enable_thinking or bool((self.chat_template_kwargs or {}).get("enable_thinking"))
        return (asked or self.reasoning_effort in {"medium", "high"}) and not self.so_far

    @property
    def limit(self) -> int | None:
        return self.max_tokens or self.max_completion_tokens

    @property
    def prompt_tokens(self) -> int:
        return sum(len(pieces_of(message.text)) + 4 for message in self.messages)


def pieces_of(text: str) -> list[str]:
    """About a token each: one or two Han characters, or a word with its space. Together they are ``text``."""
    return _PIECE.findall(text)


def usage_of(prompt: int, visible: int, thought: int) -> dict[str, Any]:
    written = visible + thought
    usage: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    if thought:
        usage["completion_tokens_details"] = {"reasoning_tokens": thought}
    return usage


class Chunks:
    """Makes the payloads of one stream. The text may be given as a JSON literal, so that tests can send broken ones."""

    def __init__(self, model: str) -> None:
        head = {"id": f"demo-{next(_numbers)}", "created": int(time.time()), "model": model}
        self._head = b'{"object":"chat.completion.chunk",' + msgspec.json.encode(head)[1:-1]

    def delta(self, text: str | bytes, *, field: str = "content", usage: object = None) -> bytes:
        literal = text if isinstance(text, bytes) else msgspec.json.encode(text)
        return self._chunk(b'{"%b":%b}' % (field.encode(), literal), b"null", usage)

    def first(self) -> bytes:
        return self._chunk(b'{"role":"assistant","content":""}', b"null", None)

    def finish(self, reason: str, *, usage: object = None) -> bytes:
        return self._chunk(b"{}", msgspec.json.encode(reason), usage)

    def usage(self, usage: object) -> bytes:
        return b'%b,"choices":[],"usage":%b}' % (self._head, msgspec.json.encode(usage))

    def _chunk(self, delta: bytes, reason: bytes, usage: object) -> bytes:
        reported = b',"usage":' + msgspec.json.encode(usage) if usage is not None else b""
        return b'%b,"choices":[{"index":0,"delta":%b,"finish_reason":%b}]%b}' % (self._head, delta, reason, reported)


def whole_answer(model: str, text: str, reason: str, usage: object) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
    return msgspec.json.encode(
        {
            "id": f"demo-{next(_numbers)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": model,
            "choices": [choice],
            "usage": usage,
        }
    )
