"""The trust report: green when all is well, and red when a fact is missing, late, or cannot be priced."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.accounts.models import User
from conversations.events import Cost, Tokens
from conversations.models import Generation
from tests.conversations.transcripts import a_conversation
from tests.usage import cast
from tests.usage.asking import FRIDAY, NOW, asked
from tests.usage.cast import NOON
from usage.models import LateAdjustment, Level, UsageRecord
from usage.recording import MarkKey, put_marks
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.reports.registry import find
from usage.reports.report import ask

pytestmark = pytest.mark.django_db

FIRST_OF_NOVEMBER = date(2026, 11, 1)


def checks(**params: Any) -> Mapping[str, Any]:
    return {str(row.group[Dimension.CHECK]): row.measures for row in asked("trust", **params).asked.rows}


def without_drain(at: Any = NOW) -> Mapping[str, Any]:
    found = ask(find("trust"), UsageQuery(first_day=FRIDAY, last_day=FRIDAY), now=at)
    return {str(row.group[Dimension.CHECK]): row.measures for row in found.asked.rows}


def a_generation_with_its_fact(owner: User) -> Generation:
    generation = Generation.objects.get(conversation=a_conversation(owner))
    turn = replace(cast.turn(str(generation.pk), at=generation.created_at), generation=generation.pk)
    cast.talk(cast.ending(turn))
    return generation


def test_all_is_green_where_all_is_well(li: User) -> None:
    a_generation_with_its_fact(li)
    found = checks(first_day=FIRST_OF_NOVEMBER)
    assert {name: each.status for name, each in found.items() if name != "page_events"} == {
        "missing_facts": "green",
        "uncounted_facts": "green",
        "oldest_mark": "green",
        "estimated_tokens": "green",
        "unpriced_calls": "green",
        "late_facts": "green",
        "erased_people": "green",
    }
    assert (found["missing_facts"].found, found["missing_facts"].found_of) == (0, 1)


def test_a_missing_fact_turns_it_red(li: User) -> None:
    """Only a hand in the database or a fault can do that: the product writes both in one transaction."""
    generation = a_generation_with_its_fact(li)
    a_generation_with_its_fact(li)
    assert checks(first_day=FIRST_OF_NOVEMBER)["missing_facts"].status == "green"
    UsageRecord.objects.filter(generation=generation.pk).purge()
    found = checks(first_day=FIRST_OF_NOVEMBER)
    assert (found["missing_facts"].status, found["missing_facts"].found) == ("red", 1)
    assert found["missing_facts"].found_share == Ratio(numerator=1, denominator=2)
    assert found["uncounted_facts"].status == "red"  # the rollup still knows of it


def test_what_is_being_counted_is_late_and_not_wrong() -> None:
    cast.talk(cast.ending(cast.turn("1")))
    checks()
    cast.talk(cast.ending(cast.turn("2")))
    found = without_drain()
    assert (found["uncounted_facts"].status, found["uncounted_facts"].found) == ("amber", 1)
    assert found["oldest_mark"].status == "green"
    assert found["oldest_mark"].found == (NOW - NOON).total_seconds()


def test_marks_that_nobody_takes_are_an_alarm() -> None:
    checks()
    put_marks([MarkKey(Level.USAGE_DAY, NOON)])
    lights = [without_drain(NOW + timedelta(minutes=minutes))["oldest_mark"].status for minutes in (1, 10, 60)]
    assert lights == ["green", "amber", "red"]


def test_guesses_and_missing_prices_are_counted_against_a_limit() -> None:
    turns = [cast.turn(str(n)) for n in range(10)]
    cast.talk(*(cast.ending(turn) for turn in turns[2:]))
    cast.talk(*(cast.ending(turn, tokens=Tokens(), calls=[cast.call(turn, cost=Cost())]) for turn in turns[:2]))
    found = checks()
    assert (found["estimated_tokens"].status, found["unpriced_calls"].status) == ("amber", "red")
    assert found["estimated_tokens"].found_share == found["unpriced_calls"].found_share
    assert found["unpriced_calls"].found_share == Ratio(numerator=2, denominator=10)


def test_scenarios_used_without_a_sight_tell_of_lost_page_events() -> None:
    cast.talk(cast.ending(cast.turn("1")))
    found = checks()["page_events"]
    assert (found.status, found.found, found.found_of) == ("red", 1, 1)


def test_late_facts_are_told() -> None:
    LateAdjustment.objects.create(
        fact_kind="turn", fact=cast.LI, arrived_at=NOW, window_start=NOON, local_day=FRIDAY, zone="Asia/Shanghai",
        scenario="", model="", endpoint="", channel="", kind="", outcome="", is_internal=False, simulated=False,
        currency="",
    )  # fmt: skip
    assert checks()["late_facts"].status == "amber"
