"""How many people stand behind a group of a report, and what is hidden of one that is too small."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from conversations.events import CallPurpose
from tests.usage import cast
from tests.usage.asking import DAY as A_DAY
from tests.usage.asking import FRIDAY, asked
from tests.usage.cast import LI, NOON
from usage.reports.by_day_columns import shown_rows
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.usage_by_day import usage_by_day

pytestmark = pytest.mark.django_db

DAY, MODEL, SCENARIO, CHANNEL = Dimension.DAY, Dimension.MODEL, Dimension.SCENARIO, Dimension.CHANNEL
ALONE = "own-8b"
K = 10


@pytest.fixture(autouse=True)
def _from_ten_people_on() -> Iterator[None]:
    with override_settings(REPORT_MIN_PEOPLE=K):
        yield


def crowd(turns: int = 1, *, model: str = "qwen-plus", **of_turn: Any) -> None:
    """Twelve people, who asked as much as this each."""
    people = [UUID(int=LI.int + number) for number in range(100, 112)]
    cast.talk(
        *(
            cast.ending(cast.turn(f"{who} {model} {n}", who=who, model=model, **of_turn))
            for who in people
            for n in range(turns)
        )
    )


def hidden_models(name: str, **params: Any) -> set[str]:
    rows = asked(name, by=(MODEL,), **params).asked.rows
    return {str(row.group[MODEL]) for row in rows if row.measures is None}


def answered_by_another(outcome: str, visible_characters: int) -> None:
    turn = cast.turn("1", who=LI, model="qwen-plus")
    cast.accept(turn)
    cast.finish(cast.ending(replace(turn, model=ALONE), outcome=outcome, visible_characters=visible_characters))


REPORTS = ("usage", "volume", "answer_quality", "unit_economics", "waste")


@pytest.mark.parametrize("name", REPORTS)
def test_groups_of_enough_people_are_shown(name: str) -> None:
    crowd()
    crowd(model=ALONE)
    assert hidden_models(name) == set()


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(("outcome", "visible_characters"), [("completed", 120), ("failed", 0)])
def test_a_model_that_stood_in_for_another_shows_nothing_of_one_person(
    name: str, outcome: str, visible_characters: int
) -> None:
    """Of it there is an answer and no turn; if it failed, too, nobody is counted as its person at all."""
    crowd()
    answered_by_another(outcome, visible_characters)
    assert hidden_models(name) == {ALONE, "qwen-plus"}


@pytest.mark.parametrize("name", ["usage", "waste", "unit_economics"])
def test_calls_of_a_model_that_failed_for_one_person_do_not_show_their_cost(name: str) -> None:
    crowd()
    turn = cast.turn("1", who=LI)
    failed = cast.call(replace(turn, model=ALONE), error="status_500")
    cast.talk(cast.ending(turn, calls=[failed, cast.call(turn, attempt=2)]))
    assert hidden_models(name) == {ALONE, "qwen-plus"}


def test_what_only_costs_and_is_of_many_calls_is_shown() -> None:
    """Titles: nobody asks for them, nobody is their person."""
    crowd()
    turns = [cast.turn(f"title {number}", model="small") for number in range(K)]
    cast.end_calls(*(cast.call(turn, purpose=CallPurpose.TITLE) for turn in turns))
    assert hidden_models("unit_economics") == set()


def test_the_page_by_day_hides_the_same() -> None:
    crowd()
    answered_by_another("failed", 0)
    now = asked("usage").generated_at
    rows = shown_rows(usage_by_day(UsageQuery(first_day=FRIDAY, last_day=FRIDAY), now=now))
    assert {shown.row.model for shown in rows if shown.is_suppressed} == {ALONE, "qwen-plus"}


@pytest.mark.parametrize("by", [(SCENARIO,), (DAY, SCENARIO), (DAY, SCENARIO, CHANNEL), (SCENARIO, MODEL, CHANNEL)])
@pytest.mark.parametrize("zone", ["", "Asia/Singapore"])
def test_ten_turns_of_one_person_are_no_group_of_ten(by: tuple[Dimension, ...], zone: str) -> None:
    crowd()
    cast.talk(*(cast.ending(cast.turn(f"study {n}", who=LI, scenario="study")) for n in range(K)))
    rows = asked("volume", by=by, zone=zone).asked.rows
    assert {row.group[SCENARIO] for row in rows if row.measures is None} == {"study", "writing"}


def test_three_turns_in_a_day_of_another_zone_are_of_no_more_than_three_people() -> None:
    """Noon in Shanghai, whose days people are counted by, is the evening before in Los Angeles."""
    crowd(at=NOON - A_DAY)
    cast.talk(*(cast.ending(cast.turn(f"{n}", who=LI)) for n in range(3)))
    rows = asked("volume", first_day=FRIDAY - 2 * A_DAY, zone="America/Los_Angeles").asked.rows
    assert [row.measures is None for row in rows] == [True, True]
