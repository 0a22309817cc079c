"""Turns, answers and calls of people whom no campaign brought, beside those of everybody."""

import pytest
from django.utils import translation

from conversations.events import EngagementKind
from tests.usage import cast
from tests.usage.asking import DAY, FRIDAY, asked, of, total
from tests.usage.cast import LI, WANG
from usage.errors import BadRange, NotCounted
from usage.models import CountedSince
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

OF_FACTS = [name for name, definition in REPORTS.items() if definition.organic_since]


@pytest.fixture(autouse=True)
def _wang_came_by_a_campaign() -> None:
    """Li asks twice, wang once, and li waits half as long."""
    mornings = [cast.turn("1", who=LI), cast.turn("2", who=LI)]
    cast.talk(*(cast.ending(turn, first_token_ms=200) for turn in mornings), cast.ending(cast.turn("3", who=WANG)))
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=WANG, value="spring"), cast.vote(mornings[0], "up"))


def test_usage_counts_their_turns_people_answers_calls_and_waiting() -> None:
    (organic,), (everybody,) = (of(asked("usage", organic_only=only).asked) for only in (True, False))
    assert (organic.turns, organic.active_users, organic.answers, organic.calls) == (2, 1, 2, 2)
    assert (everybody.turns, everybody.active_users, everybody.answers, everybody.calls) == (3, 2, 3, 3)
    assert organic.first_token_p95_ms < everybody.first_token_p95_ms
    assert organic.cost["CNY"] * 3 == everybody.cost["CNY"] * 2


def test_a_range_counts_them_as_its_days_do() -> None:
    whole = total(asked("usage", first_day=FRIDAY - DAY, organic_only=True).asked)
    assert (whole.turns, whole.active_users, whole.value_active_users) == (2, 1, 1)


def test_what_they_cost_and_what_became_of_their_answers() -> None:
    (day,) = of(asked("unit_economics", organic_only=True).asked)
    assert (day.turns, day.active_users, day.calls) == (2, 1, 2)
    (quality,) = of(asked("answer_quality", organic_only=True).asked)
    assert (quality.answers, quality.rated_up) == (2, 1)


def test_their_volume_speed_waiting_and_shares() -> None:
    assert [row.turns for row in of(asked("volume", organic_only=True).asked)] == [2]
    assert [row.timed_answers for row in of(asked("speed", organic_only=True).asked)] == [2]
    assert {(row.endings, row.measured) for row in of(asked("latency", organic_only=True).asked)} == {(2, 2)}
    (writing,) = of(asked("scenario_share", organic_only=True).asked)
    assert (writing.turns, writing.users_share.denominator) == (2, 1)


@pytest.mark.parametrize("name", OF_FACTS)
def test_internal_people_are_not_told_apart_by_it(name: str) -> None:
    with translation.override("en"), pytest.raises(NotCounted, match="by include_internal \\+ organic_only together"):
        asked(name, organic_only=True, include_internal=True)


@pytest.mark.parametrize("name", OF_FACTS)
def test_it_is_refused_for_days_of_which_it_is_not_known(name: str) -> None:
    CountedSince.objects.create(what=CountedSince.What.ORGANIC, local_day=FRIDAY)
    asked(name, organic_only=True)
    asked(name, first_day=FRIDAY - DAY)
    with translation.override("en"), pytest.raises(BadRange, match="is counted from 2026-11-20 on"):
        asked(name, first_day=FRIDAY - DAY, organic_only=True)
