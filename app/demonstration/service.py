"""The routes: /v1/models, /v1/chat/completions and, for tests, /control."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from app.demonstration.answers import answer, thinking
from app.demonstration.chat import ChatRequest, pieces_of, usage_of, whole_answer
from app.demonstration.faults import Ending, Script
from app.demonstration.play import Action, Play, whole
from app.demonstration.scripts import Entry, Scripts
from app.demonstration.server import OnEnd, refusal
from app.demonstration.titles import is_title_request, title

MODEL = "demonstration"

_NONCE = re.compile(r"nonce=(\w+)(?: tokens=(\d+))?(?: thinking=(\d+))?")
_NORMAL = Script()

Response = tuple[Iterator[Action], OnEnd | None]


@dataclass(slots=True, kw_only=True)
class Service:
    """``pace`` in tokens a second, 0 for as fast as it goes; ``key`` None lets everybody in."""

    pace: float = 60.0
    first_token_s: float = 0.3
    key: str | None = None
    control: bool = False
    scripts: Scripts = field(default_factory=Scripts)

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Response:
        match method, path:
            case "POST", "/v1/chat/completions":
                return self._chat(headers, body)
            case "GET", "/v1/models":
                model = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": "shiyong"}
                return _json({"object": "list", "data": [model]}), None
            case "GET", "/health":
                return _json({"ok": True}), None
        if self.control and path.startswith("/control"):
            return self._control(method, path, body), None
        return refusal(404, "no such path"), None

    def count_connection(self, change: int) -> None:
        counters = self.scripts.counters
        counters.open_connections += change
        counters.connections += max(change, 0)

    def _chat(self, headers: dict[str, str], body: bytes) -> Response:
        if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
            return refusal(401, "wrong key"), None
        try:
            request = msgspec.json.decode(body, type=ChatRequest)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return refusal(400, "not a chat completion request"), None
        script = self._script_for(request.question)
        entry = self.scripts.begin(
            headers=headers, body=msgspec.json.decode(body) if self.control else None, question=request.question
        )

        def on_end(by_client: bool) -> None:
            self.scripts.end(entry, finished=not by_client, by_client=by_client)

        actions = self._streamed(request, script, entry) if request.stream else self._whole(request, script, entry)
        return actions, on_end

    def _script_for(self, question: str) -> Script:
        if not self.control:
            return _NORMAL
        return self.scripts.script_for(question) or _NORMAL

    def _streamed(self, request: ChatRequest, script: Script, entry: Entry) -> Iterator[Action]:
        text, thought = self._said(request)
        play = Play(request, script, entry, text=text, thinking=thought, pace=self.pace, wait_s=self.first_token_s)
        return play.actions()

    def _whole(self, request: ChatRequest, script: Script, entry: Entry) -> Iterator[Action]:
        if script.refuse:
            refuse = script.refuse
            yield from whole(refuse.status, refuse.body.encode(), content_type=refuse.content_type, **refuse.headers)
            return
        if script.cut:
            yield script.cut.how if script.cut.how is Ending.RESET else Ending.CLOSE
            return
        yield self.first_token_s if script.first_token_s is None else script.first_token_s
        text = script.text if script.text is not None else ""
        if script.text is None:
            text = title(request) if is_title_request(request) else self._said(request)[0]
        pieces = pieces_of(text)
        kept = pieces[: request.limit]
        entry.tokens_sent = len(kept)
        usage = usage_of(request.prompt_tokens, len(kept), 0)
        reason = "length" if len(kept) < len(pieces) else "stop"
        yield from whole(200, whole_answer(request.model, "".join(kept), reason, usage))

    def _said(self, request: ChatRequest) -> tuple[str, str]:
        if self.control and (nonce := _NONCE.search(request.question)):
            return _numbered(nonce, request.so_far), _thought(nonce) if request.thinks else ""
        return answer(request), thinking(request) if request.thinks else ""

    def _control(self, method: str, path: str, body: bytes) -> Iterator[Action]:
        match method, path:
            case "POST", "/control":
                try:
                    self.scripts.install(msgspec.json.decode(body, type=Script))
                except msgspec.MsgspecError as error:
                    return refusal(400, str(error).replace('"', "'"))
                return _json({})
            case "DELETE", "/control":
                self.scripts.reset()
                return _json({})
            case "GET", "/control/log":
                return _json(list(self.scripts.log))
            case "GET", "/control/counters":
                return _json(self.scripts.counters)
        return refusal(404, "no such control")


def _numbered(nonce: re.Match[str], so_far: str) -> str:
    """``<nonce>-0001 <nonce>-0002 ...``: loss, repetition, disorder and another person's text are seen at once."""
    text = "".join(f"{nonce[1]}-{number:04d} " for number in range(1, int(nonce[2] or 50) + 1))
    return text[len(so_far) :] if text.startswith(so_far) else text


def _thought(nonce: re.Match[str]) -> str:
    return "".join(f"{nonce[1]}-t{number:03d} " for number in range(1, int(nonce[3] or 5) + 1))


def _json(value: object) -> Iterator[Action]:
    return whole(200, msgspec.json.encode(value))
