"""Saw, tried, repeated, retained, satisfied: each border of each step, and what late facts change about them."""

from datetime import timedelta

import pytest

from conversations.events import EngagementKind
from tests.usage import cast, written
from tests.usage.cast import LI, NOON
from usage import rollup
from usage.models import AdoptionDay
from usage.rollup.adoption import CLOSED_AFTER

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOBODY = (0, 0, 0, 0, 0, 0)


def sees(day: int, *, kind: EngagementKind = EngagementKind.SCENARIO_SEEN, internal: bool = False) -> None:
    cast.engage(cast.engagement(kind, at=NOON + day * DAY, name=f"{day}", is_internal=internal))


def tries(*days: int, liked: bool = False, internal: bool = False, scenario: str = "writing") -> None:
    for day in days:
        turn = cast.turn(f"{scenario} {day}", at=NOON + day * DAY, is_internal=internal, scenario=scenario)
        cast.talk(cast.ending(turn))
        if liked:
            cast.engage(cast.vote(turn, "up", at=turn.occurred_at))


def funnel(day: int = 0) -> tuple[int, ...]:
    """saw, tried, repeated, retained, satisfied, organic_tried."""
    rollup.drain_all(now=NOON)
    return written.adoption().get(((NOON + day * DAY).date(), "writing", True), NOBODY)


@pytest.mark.parametrize("kind", [EngagementKind.SCENARIO_SEEN, EngagementKind.SCENARIO_CHOSEN])
def test_seen_or_chosen_is_a_sight(kind: EngagementKind) -> None:
    sees(0, kind=kind)
    assert funnel() == (1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(("day", "tried"), [(0, 1), (7, 1), (8, 0)])
def test_tried_on_that_day_or_one_of_the_seven_after(day: int, tried: int) -> None:
    sees(0)
    tries(day)
    assert funnel() == (1, tried, 0, 0, 0, 0)
    assert day == 0 or funnel(day) == NOBODY


@pytest.mark.parametrize(("day", "repeated"), [(0, 0), (1, 1), (7, 1), (8, 0)])
def test_repeated_on_another_day_within_seven(day: int, repeated: int) -> None:
    sees(0)
    tries(3, 3 + day)
    assert funnel() == (1, 1, repeated, 0, 0, 0)


@pytest.mark.parametrize(("day", "retained"), [(14, 0), (15, 1), (28, 1), (29, 0)])
def test_retained_on_any_of_the_days_15_to_28_after_the_first(day: int, retained: int) -> None:
    sees(0)
    tries(7, 8, 7 + day)
    assert funnel() == (1, 1, 1, retained, 0, 0)


def test_who_did_not_repeat_is_not_retained_so_that_a_funnel_never_grows() -> None:
    sees(0)
    tries(0, 20)
    assert funnel() == (1, 1, 0, 0, 0, 0)


@pytest.mark.parametrize(("day", "satisfied"), [(0, 1), (7, 1), (8, 0)])
def test_satisfied_by_an_answer_asked_for_within_seven_days_of_the_first(day: int, satisfied: int) -> None:
    sees(0)
    tries(2)
    tries(2 + day, liked=True)
    assert funnel()[4] == satisfied


def test_a_turn_before_any_sight_counts_beside_the_funnel() -> None:
    tries(0)
    sees(1)
    assert (funnel(), funnel(1)) == ((0, 0, 0, 0, 0, 1), NOBODY)


@pytest.mark.parametrize("apart", [1, CLOSED_AFTER, CLOSED_AFTER + 1, 100])
def test_a_sight_that_is_told_late_takes_its_person_out_of_those_without_one(apart: int) -> None:
    tries(apart)
    assert funnel(apart) == (0, 0, 0, 0, 0, 1)
    sees(0)
    assert funnel(apart) == NOBODY
    assert funnel()[0] == 1


@pytest.mark.parametrize("apart", [1, CLOSED_AFTER, CLOSED_AFTER + 1, 100])
def test_a_turn_that_is_told_late_takes_its_person_out_of_those_who_saw_first(apart: int) -> None:
    sees(apart)
    assert funnel(apart) == (1, 0, 0, 0, 0, 0)
    tries(0)
    assert funnel(apart) == NOBODY
    assert funnel() == (0, 0, 0, 0, 0, 1)


def test_internal_people_adopt_nothing() -> None:
    sees(0, internal=True)
    tries(0, internal=True)
    assert funnel() == NOBODY


def test_another_scenario_is_another_funnel() -> None:
    sees(0)
    tries(0, scenario="study")
    assert funnel() == (1, 0, 0, 0, 0, 0)
    assert written.adoption()[NOON.date(), "study", True] == (0, 0, 0, 0, 0, 1)


def test_a_campaign_is_told_apart() -> None:
    sees(0)
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=LI, value="spring"))
    rollup.drain_all(now=NOON)
    assert list(AdoptionDay.objects.values_list("organic", "saw")) == [(False, 1)]
