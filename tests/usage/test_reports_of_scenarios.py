"""Scenarios side by side: shares of use, how many of them people use, which together; and the north star of a week."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from conversations.events import EngagementKind
from tests.usage import cast
from tests.usage.asking import DAY, FRIDAY, NOW, asked, of
from tests.usage.cast import LI, NOON, WANG
from usage.errors import BadZone
from usage.models import LifecycleDay, PeopleDay
from usage.reports.dimensions import Dimension
from usage.reports.ratios import Ratio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

MONDAY = FRIDAY - 4 * DAY
SETTLED = NOW + 7 * DAY
"""When the verdicts of that week stand."""


def uses(name: str, who: Any = LI, *, liked: bool = False, **turn: Any) -> None:
    made = cast.turn(name, who=who, **turn)
    cast.talk(cast.ending(made))
    if liked:
        cast.engage(cast.vote(made, "up", at=made.occurred_at + timedelta(minutes=5)))


def by_scenario(name: str, **params: Any) -> dict[Any, Any]:
    return {row.group[Dimension.SCENARIO]: row.measures for row in asked(name, **params).asked.rows}


def test_the_north_star_is_who_was_satisfied_on_two_days_of_a_week() -> None:
    for number in (0, 2):
        uses(f"on two days {number}", liked=True, at=NOON - number * DAY)
    for number in range(2):
        uses(f"twice on one day {number}", WANG, liked=True)
    (week,) = of(asked("north_star", at=SETTLED).asked)
    assert (week.satisfied_twice, week.active, week.satisfied_answers) == (1, 2, 4)
    assert week.cost_per_satisfied_answer == {currency: pico // 4 for currency, pico in week.cost.items()}


def test_a_sunday_and_a_monday_are_of_two_weeks() -> None:
    uses("on Sunday", liked=True, at=NOON - 5 * DAY)
    uses("on Monday", liked=True, at=NOON - 4 * DAY)
    weeks = of(asked("north_star", at=SETTLED, first_day=MONDAY - DAY).asked)
    assert [week.satisfied_twice for week in weeks] == [0, 0]


def test_a_vote_given_later_counts_for_the_day_on_which_the_answer_was_asked_for() -> None:
    uses("liked", liked=True)
    late = cast.turn("liked later", at=NOON - DAY)
    cast.talk(cast.ending(late))
    assert [week.satisfied_twice for week in of(asked("north_star", at=SETTLED).asked)] == [0]
    cast.engage(cast.vote(late, "up", at=NOON + DAY))
    assert [week.satisfied_twice for week in of(asked("north_star", at=SETTLED).asked)] == [1]


def test_the_north_star_is_pending_until_72_hours_after_the_week() -> None:
    uses("liked", liked=True)
    (week,) = of(asked("north_star").asked)
    assert (week.satisfied_twice, week.satisfied_answers) == (None, None)


def test_what_was_not_counted_then_is_not_known_and_not_0() -> None:
    uses("of long ago", liked=True)
    asked("north_star", at=SETTLED)
    LifecycleDay.objects.update(satisfied_twice=None)
    PeopleDay.objects.update(top_turns=None)
    (week,) = of(asked("north_star", at=SETTLED).asked)
    assert week.satisfied_twice is None
    (day,) = of(asked("unit_economics", at=SETTLED).asked)
    assert day.top_share.value is None


def test_shares_of_turns_tokens_and_cost_add_up_to_the_whole_and_those_of_people_do_not() -> None:
    uses("writes", scenario="writing")
    uses("studies", scenario="study")
    uses("asks anything", WANG, scenario="")
    shares = by_scenario("scenario_share")
    assert {scenario: share.turns_share.value for scenario, share in shares.items()} == {
        name: Decimal("0.333333") for name in ("", "study", "writing")
    }
    for parts in (
        [share.turns_share for share in shares.values()],
        [share.tokens_share for share in shares.values()],
        [share.cost_share["CNY"] for share in shares.values()],
    ):
        assert {sum(part.numerator for part in parts)} == {part.denominator for part in parts}
    assert [share.users_share for share in shares.values()] == [Ratio(numerator=1, denominator=2)] * 3


def test_a_scenario_alone_is_still_a_part_of_everything() -> None:
    uses("writes", scenario="writing")
    uses("studies", scenario="study")
    shares = by_scenario("scenario_share", scenario="study")
    assert {scenario: share.turns_share for scenario, share in shares.items()} == {
        "study": Ratio(numerator=1, denominator=2)
    }


def test_breadth_is_how_many_scenarios_an_active_person_uses_in_four_weeks() -> None:
    for number, scenario in enumerate(("writing", "study", "coding", "")):
        uses(scenario, scenario=scenario, at=NOON - 7 * number * DAY)
    uses("again", scenario="study")
    uses("only this", WANG, scenario="study")
    uses("too long ago", WANG, scenario="coding", at=NOON - 28 * DAY)
    (breadth,) = of(asked("scenario_breadth", first_day=FRIDAY - 27 * DAY).asked)
    assert (breadth.active_users, breadth.scenarios_per_user) == (2, Decimal(2))
    assert breadth.one_scenario_share == breadth.several_scenarios_share == Ratio(numerator=1, denominator=2)


def test_co_use_is_read_both_ways() -> None:
    uses("writes", scenario="writing")
    uses("studies", scenario="study")
    uses("only this", WANG, scenario="study")
    uses("and nothing", WANG, scenario="")
    rows = asked("scenario_co_use", first_day=FRIDAY - 27 * DAY).asked.rows
    shares = {tuple(row.group.values()): row.measures.co_use_share for row in rows if row.measures}
    assert shares == {
        ("study", "writing"): Ratio(numerator=1, denominator=2),
        ("writing", "study"): Ratio(numerator=1, denominator=1),
    }


def test_people_of_campaigns_can_be_left_out_of_breadth_and_co_use() -> None:
    uses("writes", scenario="writing")
    uses("brought", WANG, scenario="study")
    uses("brought, too", WANG, scenario="writing")
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=WANG, value="voucher"))
    (breadth,) = of(asked("scenario_breadth", organic_only=True).asked)
    assert (breadth.active_users, breadth.scenarios_per_user) == (1, Decimal(1))
    assert asked("scenario_co_use", organic_only=True).asked.rows == ()


def test_what_may_be_added_can_be_asked_for_by_the_days_of_any_zone() -> None:
    at_ten = NOON.replace(hour=2)  # in Shanghai; the evening before in New York
    uses("in the morning", at=at_ten)
    uses("at noon", at=at_ten + timedelta(hours=12))
    days = {"first_day": FRIDAY - DAY, "last_day": FRIDAY}
    for zone, turns in (("", {FRIDAY: 2}), ("America/New_York", {FRIDAY - DAY: 1, FRIDAY: 1})):
        rows = asked("volume", zone=zone, **days).asked.rows
        assert {row.group[Dimension.DAY]: row.measures.turns for row in rows if row.measures} == turns


def test_the_volume_of_days_is_what_usage_says_of_them() -> None:
    uses("liked", liked=True)
    cast.talk(cast.ending(cast.turn("stopped", who=WANG), outcome="stopped", visible_characters=0))
    (volume,), (usage,) = (of(asked(name, at=SETTLED).asked) for name in ("volume", "usage"))
    assert of(asked("volume", at=SETTLED, zone="Asia/Taipei").asked) == [volume], "from windows, of days as long"
    for name in volume.__dataclass_fields__:
        assert getattr(volume, name) == getattr(usage, name)


@pytest.mark.parametrize("name", ["usage", "active_users", "scenario_share", "north_star"])
def test_people_are_refused_in_another_zone_and_it_is_said_what_is_possible(name: str) -> None:
    with translation.override("en"), pytest.raises(BadZone, match="volume"):
        asked(name, zone="America/New_York")
