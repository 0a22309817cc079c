"""A request and its script -> what is sent and when: bytes, pauses in seconds, and how it ends.

Three generators, each over the other: events (JSON payloads), lines (server-sent events), and the frames of HTTP's
chunked encoding. They are lazy, so a client that leaves stops them.
"""

from collections.abc import Iterator
from http import HTTPStatus

import msgspec

from app.demonstration.chat import ChatRequest, Chunks, pieces_of, usage_of
from app.demonstration.faults import Ending, Filler, Moment, Script, Stall, UsageForm, Wire
from app.demonstration.scripts import Entry

Action = bytes | float | Ending
FOREVER = float("inf")

_DONE = b"[DONE]"


def head(status: int, content_type: str, length: int | None, extra: dict[str, str] | None = None) -> bytes:
    """``length`` None: the body is chunked."""
    body = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
    lines = [f"HTTP/1.1 {status} {phrase}", f"content-type: {content_type}", body]
    lines += [f"{name}: {value}" for name, value in (extra or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(status: int, content: bytes, *, content_type: str = "application/json", **extra: str) -> Iterator[Action]:
    yield head(status, content_type, len(content), extra) + content


class Play:
    """One streamed answer. ``text`` and ``thinking`` are what is to be said; the script may say otherwise."""

    def __init__(
        self,
        request: ChatRequest,
        script: Script,
        entry: Entry,
        *,
        text: str,
        thinking: str,
        pace: float,
        wait_s: float,
    ) -> None:
        self._script = script
        self._entry = entry
        self._request = request
        self._chunks = Chunks(request.model)
        self._thinking = pieces_of(thinking if script.thinking is None else script.thinking)
        self._pieces: list[str] | list[bytes] = pieces_of(text if script.text is None else script.text)
        if script.literals is not None:
            self._pieces = [literal.encode("latin-1") for literal in script.literals]
        pace = script.tokens_per_s or pace
        self._gap_s = 1.0 / pace if pace else 0.0
        self._wait_s = wait_s if script.first_token_s is None else script.first_token_s

    def actions(self) -> Iterator[Action]:
        script = self._script
        if script.refuse:
            refuse = script.refuse
            yield from whole(refuse.status, refuse.body.encode(), content_type=refuse.content_type, **refuse.headers)
            return
        yield from self._trouble(Moment.BEFORE_HEADERS)
        yield head(200, script.content_type, None)
        for line in lines(self._events(), script.wire):
            if isinstance(line, bytes):
                for part in _parts(line, script.wire.bytes_per_write):
                    yield b"%x\r\n%b\r\n" % (len(part), part)
            elif line in {Ending.END, Ending.DONE}:
                break
            else:
                yield line
        yield b"0\r\n\r\n"

    def _events(self) -> Iterator[Action]:
        script = self._script
        yield from self._trouble(Moment.AFTER_HEADERS)
        yield self._wait_s
        if script.replay is not None:
            for payload in script.replay:
                yield payload.encode()
                yield self._gap_s
        else:
            yield from self._answer()
        if script.done:
            yield _DONE

    def _answer(self) -> Iterator[Action]:
        request, script, entry, chunks = self._request, self._script, self._entry, self._chunks
        yield chunks.first()
        limit = request.limit or FOREVER
        reason = "stop"
        while True:
            spoken = [("reasoning_content", piece) for piece in self._thinking]
            for field, piece in [*spoken, *(("content", piece) for piece in self._pieces)]:
                if entry.tokens_sent >= limit:
                    reason = "length"
                    break
                yield from self._trouble(Moment.AFTER_TOKENS)
                entry.tokens_sent += 1
                yield chunks.delta(piece, field=field, usage=self._running_usage())
                yield self._gap_s
            else:
                if script.endless and self._pieces:
                    continue
            break
        yield from self._trouble(Moment.AFTER_TOKENS)
        yield from self._ending(reason if script.finish_reason is None else script.finish_reason)

    def _ending(self, reason: str) -> Iterator[Action]:
        form, usage, chunks = self._script.usage, self._usage(), self._chunks
        if reason != "none":
            self._entry.finish_reason = reason
            payload = chunks.finish(reason, usage=usage if form is UsageForm.WITH_FINISH else None)
            if form is UsageForm.GROQ:
                payload = payload[:-1] + b',"x_groq":' + msgspec.json.encode({"usage": usage}) + b"}"
            yield payload
        options = self._request.stream_options
        inside = {UsageForm.MISSING, UsageForm.WITH_FINISH, UsageForm.GROQ, UsageForm.MID_STREAM}
        if options and options.include_usage and form not in inside:
            yield chunks.usage(usage)
            if form is UsageForm.DUPLICATE:
                yield chunks.usage(usage)

    def _usage(self) -> object:
        sent, prompt = self._entry.tokens_sent, self._request.prompt_tokens
        thought = min(sent, len(self._thinking))
        match self._script.usage:
            case UsageForm.NULL:
                return None
            case UsageForm.NEGATIVE:
                return {"prompt_tokens": -5, "completion_tokens": -1, "total_tokens": -6}
            case UsageForm.HUGE:
                return {"prompt_tokens": 10**30, "completion_tokens": 10**30, "total_tokens": 2 * 10**30}
            case UsageForm.NOT_A_NUMBER:
                return {"prompt_tokens": "many", "completion_tokens": [1], "total_tokens": {}}
        return usage_of(prompt, sent - thought, thought)

    def _running_usage(self) -> object:
        options = self._request.stream_options
        if self._script.usage is UsageForm.MID_STREAM:
            return self._usage() if self._entry.tokens_sent == 1 else None
        asked = options is not None and options.continuous_usage_stats and self._script.usage is None
        return self._usage() if asked or self._script.usage is UsageForm.EVERY_CHUNK else None

    def _trouble(self, now: Moment) -> Iterator[Action]:
        """What the script wants at this moment, and only if it has come."""
        script, sent = self._script, self._entry.tokens_sent
        if script.cut and script.cut.at is now and (now is not Moment.AFTER_TOKENS or sent == script.cut.tokens):
            if script.cut.how is Ending.DONE:
                yield _DONE
            yield script.cut.how
        if script.stall and script.stall.at is now and (now is not Moment.AFTER_TOKENS or sent == script.stall.tokens):
            yield from _stall(script.stall)
        if now is Moment.AFTER_TOKENS and script.error_inside and sent == script.error_inside.tokens:
            yield msgspec.json.encode(script.error_inside.payload)
            yield Ending.END
        if now is Moment.AFTER_TOKENS and script.long_line and sent == script.long_line.tokens:
            yield _Raw(b"data: ")
            for _ in range(script.long_line.megabytes * 16):
                yield _Raw(b"x" * 65536)


class _Raw(bytes):
    """Bytes of the body that are no event of their own."""


def lines(events: Iterator[Action], wire: Wire) -> Iterator[Action]:
    """Payloads as server-sent events; everything else passes."""
    end = wire.newline.encode()
    plain = wire == Wire()
    if wire.bom:
        yield b"\xef\xbb\xbf"
    for event in events:
        if not isinstance(event, bytes) or isinstance(event, _Raw):
            yield event
        elif plain:
            yield b"data: %b\n\n" % event
        else:
            yield _event(event, wire, end)


def _event(payload: bytes, wire: Wire, end: bytes) -> bytes:
    parts = [payload]
    if wire.multi_line and payload != _DONE:
        parts = msgspec.json.format(payload, indent=1).split(b"\n")
    written = [b"data: " + part if part.startswith(b" ") else b"data:" + part for part in parts]
    if wire.noise:
        written = [
            b": ping",
            b"",
            b"id: 7",
            b"event: message",
            b"unknown: field",
            b"retry",
            *written,
            b":",
            b"data-x: 1",
        ]
    return end.join([*written, b"", b""])


def _parts(line: bytes, size: int | None) -> Iterator[bytes]:
    if size is None:
        yield line
        return
    for start in range(0, len(line), size):
        yield line[start : start + size]


def _stall(stall: Stall) -> Iterator[Action]:
    if stall.filler is Filler.SILENCE:
        yield FOREVER
    if stall.filler is Filler.BYTES:
        yield _Raw(b'data: {"x')
    filler = _Raw(b": still here\n" if stall.filler is Filler.COMMENTS else b"x")
    while True:
        yield filler
        yield stall.interval_s
