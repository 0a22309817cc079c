"""How these tests ask and what they hear."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from conversations.inference import router
from conversations.inference.errors import InferenceError
from conversations.inference.types import (
    Ask,
    CallEnded,
    Chunk,
    Delta,
    Endpoint,
    Finished,
    PrefixStyle,
    PromptMessage,
    Started,
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
    chunks: list[Chunk] = field(default_factory=list)
    calls: list[CallEnded] = field(default_factory=list)
    error: InferenceError | None = None

    @property
    def text(self) -> str:
        return "".join(chunk.text for chunk in self.chunks if isinstance(chunk, Delta))

    @property
    def thinking(self) -> str:
        return "".join(chunk.thinking for chunk in self.chunks if isinstance(chunk, Delta))

    @property
    def finished(self) -> Finished | None:
        return next((chunk for chunk in self.chunks if isinstance(chunk, Finished)), None)

    @property
    def started(self) -> list[str]:
        return [chunk.endpoint.name for chunk in self.chunks if isinstance(chunk, Started)]

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


async def listen(endpoints: Endpoint | Sequence[Endpoint], ask: Ask | None = None) -> Heard:
    """Everything until the end or the error."""
    heard = Heard()
    endpoints = [endpoints] if isinstance(endpoints, Endpoint) else endpoints
    try:
        async with aclosing(router.stream(endpoints, ask or asking(), on_call_ended=heard.calls.append)) as chunks:
            async for chunk in chunks:
                heard.chunks.append(chunk)
    except InferenceError as error:
        heard.error = error
    return heard
