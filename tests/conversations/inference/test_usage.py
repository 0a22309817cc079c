"""Tokens and where they come from (fault F13)."""

import pytest

from app.demonstration.faults import Cut, Ending, Moment, Refuse, Script, Stall, UsageForm
from conversations.inference.estimate import tokens_of, tokens_of_prompt
from conversations.inference.tokens import read_usage
from conversations.inference.types import TokenSource, Usage
from tests.conversations.inference.listening import HASTY, asking, endpoint_at, listen, numbered
from tests.endpoint import DemonstrationEndpoint

ESTIMATED = {
    "input_tokens": tokens_of_prompt(asking().prompt),
    "output_tokens": tokens_of(numbered("li", 20)),
    "source": TokenSource.ESTIMATED,
}
REPORTED = {"output_tokens": 20, "cached_input_tokens": 0, "source": TokenSource.REPORTED, "flagged": False}

FORMS = {
    None: REPORTED,
    UsageForm.WITH_FINISH: REPORTED,
    UsageForm.GROQ: REPORTED,
    UsageForm.EVERY_CHUNK: REPORTED,
    UsageForm.DUPLICATE: REPORTED,
    UsageForm.MISSING: ESTIMATED | {"flagged": False},
    UsageForm.NULL: ESTIMATED | {"flagged": False},
    UsageForm.NEGATIVE: ESTIMATED | {"flagged": True},
    UsageForm.HUGE: ESTIMATED | {"flagged": True},
    UsageForm.NOT_A_NUMBER: ESTIMATED | {"flagged": True},
}


@pytest.mark.parametrize(("form", "expected"), FORMS.items(), ids=str)
async def test_every_way_to_report(
    form: UsageForm | None, expected: dict[str, object], double: DemonstrationEndpoint
) -> None:
    double.script(Script(usage=form))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.finished is not None
    assert {name: getattr(heard.finished.usage, name) for name in expected} == expected
    assert heard.calls[0].usage == heard.finished.usage


async def test_a_report_from_the_middle_is_only_a_floor(double: DemonstrationEndpoint) -> None:
    double.script(Script(usage=UsageForm.MID_STREAM))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.finished is not None
    assert heard.finished.usage.source is TokenSource.ESTIMATED
    assert heard.finished.usage.output_tokens == tokens_of(numbered("li", 20))


async def test_a_cut_answer_has_its_running_usage(double: DemonstrationEndpoint) -> None:
    double.script(Script(cut=Cut(tokens=5, how=Ending.CLOSE)))

    heard = await listen(endpoint_at(double.base_url, running_usage=True))

    usage = heard.calls[0].usage
    assert (usage.output_tokens, usage.source) == (5, TokenSource.PARTIAL)


async def test_a_cut_answer_without_running_usage_is_estimated(double: DemonstrationEndpoint) -> None:
    double.script(Script(cut=Cut(tokens=5, how=Ending.CLOSE)))

    heard = await listen(endpoint_at(double.base_url))

    usage = heard.calls[0].usage
    assert (usage.output_tokens, usage.source) == (tokens_of(numbered("li", 5)), TokenSource.ESTIMATED)
    assert usage.input_tokens


@pytest.mark.parametrize(
    "script",
    [
        Script(refuse=Refuse(status=503)),
        Script(cut=Cut(at=Moment.AFTER_HEADERS)),
        Script(stall=Stall(at=Moment.BEFORE_HEADERS)),
    ],
    ids=["503", "reset", "silence"],
)
async def test_of_an_endpoint_that_failed_before_anything_nothing_is_known(
    script: Script, double: DemonstrationEndpoint
) -> None:
    double.script(script)

    heard = await listen(endpoint_at(double.base_url, timeouts=HASTY))

    assert heard.calls[0].usage == Usage(source=TokenSource.NONE)
    assert heard.calls[0].usage.output_tokens is None


async def test_reasoning_is_counted_within_the_output(double: DemonstrationEndpoint) -> None:
    heard = await listen(endpoint_at(double.base_url), asking("nonce=li tokens=7 thinking=3", thinking=True))

    assert heard.finished is not None
    assert (heard.finished.usage.output_tokens, heard.finished.usage.reasoning_tokens) == (10, 3)


async def test_reasoning_is_estimated_apart(double: DemonstrationEndpoint) -> None:
    double.script(Script(usage=UsageForm.MISSING))

    heard = await listen(endpoint_at(double.base_url), asking(thinking=True))

    assert heard.finished is not None
    usage = heard.finished.usage
    assert usage.reasoning_tokens == tokens_of(heard.thinking)
    assert usage.output_tokens == tokens_of(heard.text) + tokens_of(heard.thinking)


REPORTS = {
    "whole": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 3},
        },
        (10, 4, 5, 3, False),
    ),
    "without details": ({"prompt_tokens": 10, "completion_tokens": 5}, (10, None, 5, None, False)),
    "details of null": (
        {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": None},
        (10, None, 5, None, False),
    ),
    "DeepSeek's cache": (
        {"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 8},
        (10, 8, 5, None, False),
    ),
    "reasoning beside the completion": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 35,
            "completion_tokens_details": {"reasoning_tokens": 20},
        },
        (10, None, 25, 20, False),
    ),
    "more cached than read": (
        {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 11}},
        (10, 10, 5, None, True),
    ),
    "more reasoning than output": (
        {"prompt_tokens": 10, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 9}},
        (10, None, 5, 5, True),
    ),
    "zero is a count": ({"prompt_tokens": 0, "completion_tokens": 0}, (0, None, 0, None, False)),
    "a whole float": ({"prompt_tokens": 10.0, "completion_tokens": 5}, (10, None, 5, None, False)),
    "a fraction": ({"prompt_tokens": 10.5, "completion_tokens": 5}, (None, None, 5, None, True)),
    "a boolean": ({"prompt_tokens": True, "completion_tokens": 5}, (None, None, 5, None, True)),
    "infinity": ({"prompt_tokens": float("inf"), "completion_tokens": 5}, (None, None, 5, None, True)),
    "nothing": ({}, (None, None, None, None, False)),
}


@pytest.mark.parametrize(("report", "expected"), REPORTS.values(), ids=REPORTS)
def test_every_shape_of_a_report(
    report: dict[str, object], expected: tuple[int | None, int | None, int | None, int | None, bool]
) -> None:
    usage = read_usage(report)

    assert (
        usage.input_tokens,
        usage.cached_input_tokens,
        usage.output_tokens,
        usage.reasoning_tokens,
        usage.flagged,
    ) == expected
