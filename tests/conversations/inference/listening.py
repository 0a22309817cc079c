"""How these tests ask and what they hear."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from conversations.inference import router
from conversations.inference.errors import InferenceError
from conversations.inference.types import (
    Ask,
    CallEnded,
    Endpoint,
    Finished,
    PrefixStyle,
    PromptMessage,
    ThinkingStyle,
    Timeouts,
)
from tests.endpoint import DemonstrationEndpoint

HASTY = Timeouts(connect_s=10.0, first_token_s=0.3, gap_s=20.0, whole_s=60.0)
"""For endpoints that are to be silent from the beginning."""
QUICK = Timeouts(connect_s=10.0, first_token_s=20.0, gap_s=0.5, whole_s=60.0)
"""For endpoints that are to fall silent."""
PATIENT = Timeouts(connect_s=10.0, first_token_s=20.0, gap_s=20.0, whole_s=60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    first: DemonstrationEndpoint
    second: DemonstrationEndpoint


@dataclass(slots=True)
class Heard:
    started: list[str] = field(default_factory=list)
    """Names of the endpoints that took the question."""
    text: str = ""
    thinking: str = ""
    deltas: int = 0
    calls: list[CallEnded] = field(default_factory=list)
    finished: Finished | None = None
    error: InferenceError | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, endpoint: Endpoint) -> None:
        self.started.append(endpoint.name)
        self._news.set()

    def write(self, text: str, thinking: str) -> None:
        self.text += text
        self.thinking += thinking
        self.deltas += 1
        self._news.set()

    def end(self, call: CallEnded) -> None:
        self.calls.append(call)
        self._news.set()

    async def until(self, is_so: Callable[["Heard"], object]) -> None:
        while not is_so(self):
            self._news.clear()
            await self._news.wait()

    @property
    def words(self) -> list[str]:
        """How each request ended, in order; empty for one that went well."""
        return [call.error or "" for call in self.calls]


def endpoint_at(
    base_url: str,
    *,
    name: str = "first",
    timeouts: Timeouts = PATIENT,
    key: str = "",
    thinking_style: ThinkingStyle = ThinkingStyle.ENABLE_THINKING,
    prefix_style: PrefixStyle = PrefixStyle.NONE,
    running_usage: bool = False,
) -> Endpoint:
    return Endpoint(
        id=name,
        name=name,
        model="tongyi",
        base_url=base_url,
        remote_name="demonstration",
        api_key=key,
        thinking_style=thinking_style,
        prefix_style=prefix_style,
        running_usage=running_usage,
        timeouts=timeouts,
    )


def asking(question: str = "nonce=li tokens=20", *, thinking: bool = False, prefix: str = "") -> Ask:
    return Ask(prompt=(PromptMessage(role="user", content=question),), thinking=thinking, prefix=prefix)


def numbered(nonce: str, tokens: int, *, start: int = 1) -> str:
    """What the double answers to ``nonce=... tokens=...``."""
    return "".join(f"{nonce}-{number:04d} " for number in range(start, tokens + 1))


async def listen(
    endpoints: Endpoint | Sequence[Endpoint],
    ask: Ask | None = None,
    *,
    heard: Heard | None = None,
    may_ask: router.MayAsk | None = None,
) -> Heard:
    """Everything until the end or the error."""
    heard = heard or Heard()
    try:
        heard.finished = await router.stream(
            [endpoints] if isinstance(endpoints, Endpoint) else endpoints,
            ask or asking(),
            on_started=heard.begin,
            on_delta=heard.write,
            on_call_ended=heard.end,
            may_ask=may_ask,
        )
    except InferenceError as error:
        heard.error = error
    return heard


@asynccontextmanager
async def listening(endpoints: Endpoint | Sequence[Endpoint], ask: Ask | None = None) -> AsyncIterator[Heard]:
    """Cancelled when this is left, and over then."""
    heard = Heard()
    task = asyncio.create_task(listen(endpoints, ask, heard=heard))
    try:
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
