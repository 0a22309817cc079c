"""The frames of the socket, both directions: typed values <-> JSON. docs/protocol.md is the reference.

What a page sends is checked here and nowhere else: types, unknown fields, ids, text. The text
of a frame is a plain string of at most ``MAX_TEXT`` code points, without NUL or lone surrogates.
"""

import contextlib
import json
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from conversations.errors import ConversationError, Invalid, Param, TooLong
from conversations.timing import MAX_TEXT

MAX_FRAME_BYTES = 262_144
MAX_FIELD = 40
"""Of an unknown field's name, which may be as long as a frame."""

Slug = Annotated[str, msgspec.Meta(pattern=r"\A[-a-zA-Z0-9_]{1,60}\Z")]
"""Anything else names nothing; NUL would not even reach PostgreSQL."""


class ClientFrame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What a page sends."""


class Send(ClientFrame, frozen=True, kw_only=True, tag="send"):
    id: UUID
    conversation: UUID
    parent: UUID | None
    text: str
    scenario: Slug | None = None
    model: Slug | None = None
    thinking: bool | None = None
    temporary: bool = False
    options: dict[str, str | int | bool | None] = {}
    attachments: list[UUID] = []


class Regenerate(ClientFrame, frozen=True, kw_only=True, tag="regenerate"):
    id: UUID
    message: UUID
    model: Slug | None = None
    thinking: bool | None = None
    hint: Literal["shorter", "longer"] | None = None


class Continue(ClientFrame, frozen=True, kw_only=True, tag="continue"):
    id: UUID
    generation: UUID


class Stop(ClientFrame, frozen=True, kw_only=True, tag="stop"):
    generation: UUID


class Follow(ClientFrame, frozen=True, kw_only=True, tag="follow"):
    generation: UUID
    after: int


class Unfollow(ClientFrame, frozen=True, kw_only=True, tag="unfollow"):
    generation: UUID


class Read(ClientFrame, frozen=True, kw_only=True, tag="read"):
    conversation: UUID


class Ping(ClientFrame, frozen=True, kw_only=True, tag="ping"):
    pass


TurnRequest = Send | Regenerate | Continue
AnyClientFrame = Send | Regenerate | Continue | Stop | Follow | Unfollow | Read | Ping

_decoder = msgspec.json.Decoder(AnyClientFrame)


class NotJson(ConversationError):
    """Not even a frame: the socket is closed with 4400."""

    code = "invalid"


def parse(raw: str) -> AnyClientFrame:
    """A frame of the page, or ``Invalid`` with the field's name, ``TooLong`` with the limit, ``NotJson``."""
    try:
        frame: AnyClientFrame = _decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _answering(raw, Invalid(field=_field(str(error)))) from None
    except (msgspec.DecodeError, RecursionError):
        raise _not_decoded(raw) from None
    try:
        _check(frame)
    except ConversationError as error:
        raise _answering(raw, error) from None
    return frame


def _check(frame: AnyClientFrame) -> None:
    if isinstance(frame, TurnRequest) and frame.id.version != 7:
        raise Invalid(field="id")
    if isinstance(frame, Follow) and frame.after < 0:
        raise Invalid(field="after")
    if not isinstance(frame, Send):
        return
    if frame.conversation.version != 7:
        raise Invalid(field="conversation")
    if len(frame.text) > MAX_TEXT:
        raise TooLong(length=len(frame.text), limit=MAX_TEXT)
    if not frame.text.strip() or "\0" in frame.text:
        raise Invalid(field="text")
    if frame.attachments:
        raise Invalid(field="attachments")


def _field(message: str) -> str:
    """The field a msgspec message speaks of: "... - at `$.text`", or "Object missing required field `text`"."""
    if " - at `$." in message:
        return message.rsplit(" - at `$.", 1)[1].strip("`").split("[")[0]
    return message.split("`")[1][:MAX_FIELD] if "field `" in message else "type"


def _not_decoded(raw: str) -> ConversationError:
    """Half a surrogate pair is JSON but no text, which msgspec does not tell from what is not JSON at all."""
    try:
        frame: dict[str, Any] = dict(json.loads(raw))
    except (ValueError, TypeError, RecursionError):
        return NotJson(field="")
    field = next((name for name, value in frame.items() if not _is_text(value)), None)
    if field is None or not _is_text(field):
        return NotJson(field="")
    error = Invalid(field=field[:MAX_FIELD])
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
        error.answers = UUID(frame["id"])
    return error


def _is_text(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _answering(raw: str, error: ConversationError) -> ConversationError:
    """Give the error the ``id`` of the frame it answers, where that is a usable one."""
    try:
        error.answers = UUID(msgspec.json.decode(raw)["id"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        error.answers = None
    return error


# --- what the server sends -------------------------------------------------------------------------------------------


class ServerFrame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What the server sends. Fields with a default are left out where they have it."""


class FrameUsage(msgspec.Struct, frozen=True, kw_only=True):
    input_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    token_source: str


class FrameUser(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    name: str
    locale: str


class ActiveGeneration(msgspec.Struct, frozen=True, kw_only=True):
    generation: UUID
    conversation: UUID
    message: UUID
    state: str


class Welcome(ServerFrame, frozen=True, kw_only=True, tag="welcome"):
    user: FrameUser
    active: list[ActiveGeneration]


class Accepted(ServerFrame, frozen=True, kw_only=True, tag="accepted"):
    id: UUID
    conversation: UUID
    message: UUID
    answer: UUID
    generation: UUID


class Queued(ServerFrame, frozen=True, kw_only=True, tag="queued"):
    generation: UUID
    position: int
    eta_s: int | None


class Started(ServerFrame, frozen=True, kw_only=True, tag="started"):
    generation: UUID
    model: str
    context_cut: bool


class Delta(ServerFrame, frozen=True, kw_only=True, tag="delta"):
    generation: UUID
    after: int
    seq: int
    text: str = ""
    thinking: str = ""


class Snapshot(ServerFrame, frozen=True, kw_only=True, tag="snapshot"):
    generation: UUID
    seq: int
    text: str
    thinking: str


class Finished(ServerFrame, frozen=True, kw_only=True, tag="finished"):
    generation: UUID
    seq: int
    state: str
    reason: str
    length: int
    sha256: str
    usage: FrameUsage
    first_token_ms: int | None
    duration_ms: int | None


class ChangedActive(msgspec.Struct, frozen=True, kw_only=True):
    generation: UUID
    message: UUID
    state: str


class Changed(ServerFrame, frozen=True, kw_only=True, tag="changed"):
    conversation: UUID
    title: str | None = None
    deleted: bool = False
    unread: bool | None = None
    """False once it was seen to its end; never True, since an end says so itself."""
    active: ChangedActive | msgspec.UnsetType | None = msgspec.UNSET


class Error(ServerFrame, frozen=True, kw_only=True, tag="error"):
    code: str
    id: UUID | None = None
    generation: UUID | None = None
    retry_after_s: int | None = None
    params: dict[str, Param] = {}


class Pong(ServerFrame, frozen=True, kw_only=True, tag="pong"):
    pass


LogFrame = Started | Delta | Snapshot | Finished
"""What the log of a generation holds: one format in the log and on the wire."""

AnyServerFrame = Welcome | Accepted | Queued | Started | Delta | Snapshot | Finished | Changed | Error | Pong

_encoder = msgspec.json.Encoder()
_log_decoder = msgspec.json.Decoder(LogFrame)
_server_decoder = msgspec.json.Decoder(AnyServerFrame)


def encode(frame: ServerFrame) -> str:
    return _encoder.encode(frame).decode()


def decode_log(raw: bytes | str) -> LogFrame:
    frame: LogFrame = _log_decoder.decode(raw)
    return frame


def decode_server(raw: bytes | str) -> AnyServerFrame:
    """For clients in Python: tests and the load driver."""
    frame: AnyServerFrame = _server_decoder.decode(raw)
    return frame


def error_frame(error: ConversationError, generation: UUID | None = None) -> Error:
    """``generation`` for frames that have no id of their own: stop, follow."""
    return Error(
        code=error.code,
        id=error.answers,
        generation=generation if error.answers is None else None,
        retry_after_s=error.retry_after_s,
        params=error.params,
    )
