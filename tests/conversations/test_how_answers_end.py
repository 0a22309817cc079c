"""Every way an endpoint can fail, and what becomes of the answer: on the page, in the row and in the ledger."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from app.accounts.models import User
from app.demonstration.chat import ChatRequest
from app.demonstration.faults import (
    Cut,
    Ending,
    ErrorInside,
    LongLine,
    Moment,
    Refuse,
    Script,
    UsageForm,
    Wire,
)
from conversations.inference import estimate
from conversations.models import Generation, ModelEndpoint
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judged
from tests.tab import Tab
from usage.models import UsageRecord

OpenTab = Callable[[User], Tab]
# A reset takes back what was sent but not yet read: where words count, they are given time to arrive.
TEXT = "一二三四五六七八九十" * 3
SHOWN = "一二三四五六"
"""Three pieces of it."""
FILTERED = '{"error":{"code":"data_inspection_failed","message":"no"}}'
INSIDE_FILTER = {"error": {"code": "data_inspection_failed", "message": "no"}}

ENDINGS: list[tuple[str, str, Script, str, str, str, str]] = [
    ("F9", "it says stop", Script(), "completed", "stop", TEXT, ""),
    ("F9", "it says stop without [DONE]", Script(done=False), "completed", "stop", TEXT, ""),
    ("F9", "it says length", Script(finish_reason="length"), "completed", "length", TEXT, ""),
    ("F8", "its filter ends it", Script(finish_reason="content_filter"), "completed", "content_filter", TEXT, ""),
    ("F8", "its filter ends it before a word", Script(finish_reason="content_filter", text=""), "failed", "content_filter", "", ""),
    ("F8", "it refuses the content", Script(refuse=Refuse(status=400, body=FILTERED)), "failed", "content_filter", "", "filtered"),
    ("F8", "it refuses the request", Script(refuse=Refuse(status=400)), "failed", "refused", "", "rejected"),
    ("F8", "it breaks", Script(refuse=Refuse(status=500)), "failed", "unavailable", "", "http_5xx"),
    ("F8", "it is overloaded", Script(refuse=Refuse(status=529)), "failed", "unavailable", "", "http_5xx"),
    ("F8", "it is too busy", Script(refuse=Refuse(status=429)), "failed", "unavailable", "", "http_429"),
    ("F8", "its key is wrong", Script(refuse=Refuse(status=401)), "failed", "unavailable", "", "unauthorized"),
    ("F8", "its name is wrong", Script(refuse=Refuse(status=404)), "failed", "unavailable", "", "unauthorized"),
    ("F8", "it sends elsewhere", Script(refuse=Refuse(status=302, headers={"location": "/"})), "failed", "bad_stream", "", "bad_stream"),
    ("F8", "it is a web page", Script(content_type="text/html"), "failed", "bad_stream", "", "bad_stream"),
    ("F10", "a line never ends", Script(long_line=LongLine(megabytes=2)), "failed", "bad_stream", "", "bad_stream"),
    ("F10", "a line never ends later", Script(long_line=LongLine(tokens=3)), "interrupted", "bad_stream", SHOWN, "bad_stream"),
    ("F8", "the line breaks before a word", Script(cut=Cut(at=Moment.AFTER_HEADERS)), "failed", "upstream_reset", "", "reset"),
    ("F8", "the line breaks", Script(cut=Cut(tokens=3), tokens_per_s=50), "interrupted", "upstream_reset", SHOWN, "reset"),
    ("F8", "the body breaks off", Script(cut=Cut(how=Ending.CLOSE, tokens=3), tokens_per_s=50), "interrupted", "upstream_reset", SHOWN, "reset"),
    ("F9", "it ends too soon", Script(cut=Cut(how=Ending.END, tokens=3)), "interrupted", "upstream_reset", SHOWN, "reset"),
    ("F9", "it says [DONE] too soon", Script(cut=Cut(how=Ending.DONE, tokens=3)), "interrupted", "upstream_reset", SHOWN, "reset"),
    ("F9", "it never says how it ended", Script(finish_reason="none"), "interrupted", "upstream_reset", TEXT, "reset"),
    ("F8", "an error inside", Script(error_inside=ErrorInside()), "failed", "unavailable", "", "http_5xx"),
    ("F8", "an error inside, later", Script(error_inside=ErrorInside(tokens=3)), "interrupted", "upstream_reset", SHOWN, "http_5xx"),
    ("F9", "it says nothing at all", Script(text=""), "completed", "stop", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "state", "reason", "text", "error"),
    [pytest.param(*case, id=name, marks=pytest.mark.fault(fault)) for fault, name, *case in ENDINGS],
)
async def test_an_answer_ends_when(
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    script: Script,
    state: str,
    reason: str,
    text: str,
    error: str,
) -> None:
    endpoint.script(script if script.text is not None else replace(script, text=TEXT))
    async with tab_of(li) as tab:
        accepted = await tab.ask("数数")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.text) == (state, reason, text)
    calls = await calls_of(accepted.generation)
    assert [call[2] for call in calls][-1] == error
    (by,) = await rows(ModelEndpoint.objects.all())
    assert by.last_failure.startswith(error)
    assert bool(by.last_failure) is bool(error)


@pytest.mark.fault("F8")
async def test_a_connection_that_breaks_before_an_answer_is_tried_once_more(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(cut=Cut(at=Moment.BEFORE_HEADERS)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("数数")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.attempts) == ("failed", "upstream_reset", 2)
    assert [(epoch, attempt) for epoch, attempt, *_ in await calls_of(accepted.generation)] == [(1, 1), (1, 2)]


@pytest.mark.fault("F8")
async def test_thoughts_alone_are_no_answer(tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(thinking="想一想想一想", text="说出来", cut=Cut(tokens=2), tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", thinking=True)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.text, row.thinking) == ("failed", "upstream_reset", "", "想一想想")


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    "usage", [None, UsageForm.DUPLICATE, UsageForm.EVERY_CHUNK, UsageForm.WITH_FINISH, UsageForm.GROQ]
)
async def test_reported_tokens_are_taken_as_they_are_and_never_summed(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, usage: UsageForm | None
) -> None:
    endpoint.script(Script(text="你好，李", usage=usage))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好吗")
        seen = await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert seen.finished is not None
    assert (row.token_source, seen.finished.usage.token_source) == ("reported", "reported")
    assert endpoint.log()[0].body["stream_options"]["include_usage"] is True
    assert row.output_tokens == seen.finished.usage.output_tokens == endpoint.log()[0].tokens_sent
    assert row.input_tokens == seen.finished.usage.input_tokens
    assert row.input_tokens is not None


@pytest.mark.fault("F13")
@pytest.mark.parametrize("usage", [UsageForm.MISSING, UsageForm.NULL, UsageForm.NOT_A_NUMBER])
async def test_unreported_tokens_are_estimated_and_said_to_be(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, usage: UsageForm
) -> None:
    endpoint.script(Script(text="你好，李", usage=usage))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好吗")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert row.token_source == "estimated"
    assert (row.input_tokens or 0) > 0
    assert (row.output_tokens or 0) > 0


@pytest.mark.fault("F13")
@pytest.mark.parametrize("usage", [UsageForm.NEGATIVE, UsageForm.HUGE])
async def test_impossible_tokens_are_flagged_and_break_nothing(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, usage: UsageForm
) -> None:
    endpoint.script(Script(text="你好，李", usage=usage))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好吗")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    (record,) = await rows(UsageRecord.objects.all())
    assert record.tokens_flagged
    assert row.state == "completed"
    assert row.output_tokens is None or 0 <= row.output_tokens < 2**31


@pytest.mark.fault("F13")
async def test_tokens_reported_in_the_middle_are_a_floor_for_an_estimate(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """What was said after the report is not in it. Its prompt was counted to the end."""
    endpoint.script(Script(text=TEXT, usage=UsageForm.MID_STREAM))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好吗")
        seen = await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert seen.finished is not None
    assert (row.token_source, seen.finished.usage.token_source) == ("estimated", "estimated")
    assert row.input_tokens == msgspec.convert(endpoint.log()[0].body, ChatRequest).prompt_tokens
    assert row.output_tokens == estimate.tokens_of(TEXT) > 1


UNFIT: dict[str, tuple[tuple[str, ...], str]] = {
    "NUL": (('"\\u0000a"',), "\ufffda"),
    "half a pair": (('"\\ud800"',), "\ufffd"),
    "half an emoji": (('"\\ud83d"',), "\ufffd"),
    "the other half": (('"\\udc00 x"',), "\ufffd x"),
    "a pair": (('"\\ud83d\\ude00"',), "😀"),
    "a pair in two deltas": (('"\\ud83d"', '"\\ude00"'), "😀"),
    "UTF-8": (('"\u00e4\u00b8\u00ad"',), "中"),
    "broken UTF-8": (('"\u00ff"', '"\u00e4\u00bd"'), "\ufffd\ufffd"),
    "bidi marks": (('"\\u202egnp.exe\\u202c"',), "\u202egnp.exe\u202c"),
}
"""The pieces of an answer, each character one byte, and what is made of them."""


@pytest.mark.fault("F12")
@pytest.mark.parametrize("bytes_per_write", [None, 1], ids=["whole events", "byte by byte"])
@pytest.mark.parametrize(("literals", "text"), UNFIT.values(), ids=UNFIT)
async def test_what_no_database_can_hold_is_replaced_before_anybody_sees_it(
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    literals: tuple[str, ...],
    text: str,
    bytes_per_write: int | None,
) -> None:
    """Cut within a character and within a pair, too. What is only strange stays: the page isolates it."""
    endpoint.script(Script(literals=('"a"', *literals, '"b"'), wire=Wire(bytes_per_write=bytes_per_write)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.text) == ("completed", f"a{text}b")


@pytest.mark.fault("F11")
@pytest.mark.parametrize(
    "wire",
    [
        Wire(bytes_per_write=1),
        Wire(newline="\r"),
        Wire(newline="\r\n", bytes_per_write=7),
        Wire(bom=True, noise=True),
        Wire(multi_line=True, newline="\r\n"),
    ],
    ids=["byte by byte", "CR", "CRLF cut anywhere", "a BOM, comments and unknown fields", "data over many lines"],
)
async def test_however_events_are_written_they_mean_the_same(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, wire: Wire
) -> None:
    endpoint.script(Script(wire=wire))
    async with tab_of(li) as tab:
        accepted = await tab.ask("nonce=li tokens=30")
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab], endpoint=endpoint)
    assert (row.state, row.reason, row.token_source) == ("completed", "stop", "reported")


async def test_one_generation_is_one_fact_and_one_call(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", scenario="write")
        await tab.finished(accepted.generation)
        await judged(accepted.generation, [tab])
    assert len(await rows(Generation.objects.all())) == 1
    assert await calls_of(accepted.generation) == [(1, 1, "", "reported")]
