"""What real endpoints sent, through the whole product: to the page, into the row, into the ledger."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import Generation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judged
from tests.tab import Tab
from usage.models import UpstreamCall, UsageRecord

OpenTab = Callable[[User], Tab]
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "recordings"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the recordings (shared/recordings) are not here")

# file: characters of text and of reasoning, tokens in, out and of these reasoning, as the folder's README lists them.
RECORDED = {
    "qwen3-max-text": (3771, 0, 18, 779, None),
    "qwen3-max-reasoning": (816, 3301, 24, 1355, 1084),
    "openai-text": (1724, 0, 16, 300, 0),
    "groq-text": (3189, 0, 45, 662, None),
    "mistral-text": (38, 0, 13, 8, None),
}


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []


def recording(name: str) -> tuple[str, ...]:
    return tuple((FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def said(name: str) -> tuple[str, str]:
    """Text and reasoning, read in the plainest way."""
    deltas = [c.delta for line in recording(name) for c in msgspec.json.decode(line, type=_Chunk).choices]
    return "".join(d.content or "" for d in deltas), "".join(d.reasoning_content or "" for d in deltas)


@pytest.mark.parametrize("name", RECORDED)
async def test_an_answer_is_stored_and_counted_exactly_as_it_was_sent(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, name: str
) -> None:
    characters, reasoning_characters, tokens_in, tokens_out, reasoning = RECORDED[name]
    endpoint.script(Script(replay=recording(name)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", thinking=True)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (len(row.text), len(row.thinking)) == (characters, reasoning_characters)
    assert (row.text, row.thinking) == said(name)
    assert (row.state, row.reason, row.token_source) == ("completed", "stop", "reported")
    assert (row.input_tokens, row.output_tokens, row.reasoning_tokens or None) == (
        tokens_in, tokens_out, reasoning or None
    )  # fmt: skip
    (record,), (call,) = await rows(UsageRecord.objects.all()), await rows(UpstreamCall.objects.all())
    for fact in (record, call):
        assert (fact.input_uncached or 0) + (fact.input_cached or 0) == tokens_in
        assert (fact.output_visible or 0) + (fact.output_reasoning or 0) == tokens_out
        assert (fact.output_reasoning or None, fact.token_source) == (reasoning or None, "reported")
        assert not fact.tokens_flagged
    assert await calls_of(accepted.generation) == [(1, 1, "", "reported")]
    assert len(await rows(Generation.objects.all())) == 1
