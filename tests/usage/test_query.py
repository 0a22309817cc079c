"""What can be asked, and what is said to a question that cannot be answered."""

from datetime import date

import pytest
from django.utils import translation

from usage.errors import BadDay, BadQuery, BadRange, BadSwitch, UnknownValue
from usage.reports.query import UsageQuery

TODAY = date(2026, 11, 20)


def test_asks_for_the_last_seven_days_if_nothing_is_said() -> None:
    query = UsageQuery.parse({}, today=TODAY)
    assert query == UsageQuery(first_day=date(2026, 11, 14), last_day=TODAY)


def test_the_first_day_that_can_be_asked_needs_none_before_it() -> None:
    assert UsageQuery.parse({"to": "1970-01-01"}, today=TODAY).first_day == date(1970, 1, 1)


def test_tells_all_scenarios_from_none() -> None:
    assert UsageQuery.parse({"scenario": ""}, today=TODAY).scenario is None
    assert UsageQuery.parse({"scenario": "-"}, today=TODAY).scenario == ""


@pytest.mark.parametrize(
    ("params", "error", "sentence"),
    [
        ({"from": "yesterday"}, BadDay, "“yesterday” is not a day. Write it as YYYY-MM-DD."),
        ({"to": "2026-02-30"}, BadDay, "“2026-02-30” is not a day. Write it as YYYY-MM-DD."),
        ({"to": "20261119"}, BadDay, "“20261119” is not a day. Write it as YYYY-MM-DD."),
        ({"to": "2026-W47-4"}, BadDay, "“2026-W47-4” is not a day. Write it as YYYY-MM-DD."),
        ({"to": "0001-01-03"}, BadRange, "The range may not start before 1970-01-01."),
        ({"from": "1969-12-31", "to": "1970-01-01"}, BadRange, "The range may not start before 1970-01-01."),
        (
            {"from": "2026-11-20", "to": "2026-11-19"},
            BadRange,
            "The range ends (2026-11-19) before it starts (2026-11-20).",
        ),
        ({"to": "2026-11-21"}, BadRange, "The range may not end after today (2026-11-20)."),
        ({"from": "2026-08-20"}, BadRange, "One report holds at most 92 days; this range has 93."),
        ({"include_internal": "maybe"}, BadSwitch, "include_internal is 1 or 0, not “maybe”."),
    ],
)
def test_says_what_is_possible(params: dict[str, str], error: type[BadQuery], sentence: str) -> None:
    with translation.override("en"), pytest.raises(error) as refused:
        UsageQuery.parse(params, today=TODAY)
    assert str(refused.value) == sentence


def test_lists_the_scenarios_there_are_in_the_language_of_the_reader() -> None:
    query = UsageQuery.parse({"scenario": "cooking"}, today=TODAY)
    with translation.override("zh-hans"), pytest.raises(UnknownValue) as refused:
        query.check({"writing", ""}, {"qwen-plus"})
    assert str(refused.value) == "没有名为“cooking”的场景。可选：-, writing。"
