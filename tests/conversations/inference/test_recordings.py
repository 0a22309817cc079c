"""What real endpoints sent, replayed (../shared/recordings beside the project; skipped where it is absent)."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.demonstration.faults import Script, Wire
from conversations.inference.estimate import tokens_of
from conversations.inference.types import TokenSource
from tests.conversations.inference.listening import asking, endpoint_at, listen
from tests.endpoint import ROOT, DemonstrationEndpoint

FOLDER = ROOT.parent / "shared" / "recordings"


@dataclass(frozen=True, slots=True)
class Recording:
    file: str
    text: int
    thinking: int
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int | None
    finish_reason: str = "stop"

    def payloads(self) -> tuple[str, ...]:
        path = FOLDER / self.file
        if not path.exists():
            pytest.skip(f"{path} is absent: the recordings are no part of the project")
        return tuple(path.read_text(encoding="utf-8").splitlines())


RECORDINGS = [
    Recording("qwen3-max-text.jsonl", 3771, 0, 18, 779, None),
    Recording("qwen3-max-reasoning.jsonl", 816, 3301, 24, 1355, 1084),
    Recording("openai-text.jsonl", 1724, 0, 16, 300, 0),
    Recording("groq-text.jsonl", 3189, 0, 45, 662, None),
    Recording("mistral-text.jsonl", 38, 0, 13, 8, None),
]


def named(recording: Recording) -> str:
    return Path(recording.file).stem


def said(payloads: tuple[str, ...], field: str) -> str:
    """Read a second way, with nothing of ours."""
    choices = [choice for payload in payloads for choice in json.loads(payload)["choices"]]
    return "".join(choice["delta"].get(field) or "" for choice in choices)


@pytest.mark.parametrize("wire", [Wire(), Wire(bytes_per_write=7, newline="\r\n", noise=True)], ids=["plain", "cut up"])
@pytest.mark.parametrize("recording", RECORDINGS, ids=named)
async def test_is_heard_exactly_as_recorded(recording: Recording, wire: Wire, double: DemonstrationEndpoint) -> None:
    payloads = recording.payloads()
    double.script(Script(replay=payloads, wire=wire))

    heard = await listen(endpoint_at(double.base_url), asking(thinking=True))

    assert heard.error is None
    assert heard.text == said(payloads, "content")
    assert heard.thinking == said(payloads, "reasoning_content")
    assert (len(heard.text), len(heard.thinking)) == (recording.text, recording.thinking)
    assert heard.finished is not None
    assert heard.finished.finish_reason == recording.finish_reason
    usage = heard.finished.usage
    assert (usage.input_tokens, usage.output_tokens) == (recording.input_tokens, recording.output_tokens)
    assert usage.reasoning_tokens == recording.reasoning_tokens
    assert (usage.source, usage.flagged) == (TokenSource.REPORTED, False)


@pytest.mark.parametrize("recording", RECORDINGS, ids=named)
async def test_cut_off_before_its_end_it_is_not_finished(recording: Recording, double: DemonstrationEndpoint) -> None:
    payloads = recording.payloads()
    whole = next(place for place, payload in enumerate(payloads) if '"finish_reason":"stop"' in payload)
    double.script(Script(replay=payloads[:whole], done=False))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.finished is None
    assert heard.error is not None
    assert heard.error.reason == "upstream_reset"
    assert said(payloads, "content").startswith(heard.text)


@pytest.mark.parametrize("recording", RECORDINGS, ids=named)
def test_the_estimate_is_within_a_half_of_what_was_billed(recording: Recording) -> None:
    payloads = recording.payloads()

    estimate = tokens_of(said(payloads, "content")) + tokens_of(said(payloads, "reasoning_content"))

    assert recording.output_tokens / 1.5 <= estimate <= recording.output_tokens * 1.5
