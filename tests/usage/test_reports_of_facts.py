"""How deep conversations go, speed, failover, waste, and what it costs to keep somebody."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from conversations.events import Cost, EngagementKind, Tokens, TokenSource
from tests.usage import cast, oracle
from tests.usage.asking import DAY, FRIDAY, asked, of, total
from tests.usage.cast import LI, NOON, WANG
from usage.errors import BadRange
from usage.models import CountedSince
from usage.reports.dimensions import Dimension
from usage.reports.ratios import Ratio
from usage.reports.registry import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

ONE = Cost(pico=10**12, currency="CNY")
LATER = NOON + 40 * DAY
"""When the month after that Friday is over."""


def conversation(name: str, *, turns: int, **turn: Any) -> None:
    made = [cast.turn(f"{name} {number} {turn}", within=name, **turn) for number in range(turns)]
    cast.talk(*map(cast.ending, made))


def test_depth_is_turns_per_conversation_and_how_many_had_one() -> None:
    conversation("long", turns=4)
    conversation("short", turns=1, who=WANG)
    (day,) = of(asked("conversations").asked)
    assert (day.conversations, day.conversation_turns, day.turns_per_conversation) == (2, 5, Decimal("2.5"))
    assert day.one_turn_conversation_share == Ratio(numerator=1, denominator=2)


def test_a_conversation_of_two_days_is_one_in_the_range() -> None:
    conversation("talk", turns=1)
    conversation("talk", turns=2, at=NOON - DAY)
    found = asked("conversations", first_day=FRIDAY - DAY).asked
    assert [row.conversations for row in of(found)] == [1, 1]
    assert total(found).conversations == 1


def test_a_single_turn_is_one_of_the_range_and_not_of_a_day_of_it() -> None:
    for days in (0, 1, 3):
        conversation("talk", turns=1, at=NOON - days * DAY)
    conversation("once", turns=1, at=NOON - DAY)
    found = asked("conversations", first_day=FRIDAY - 3 * DAY).asked
    assert [row.one_turn_conversation_share.numerator for row in of(found)] == [1, 2, 1]
    assert (total(found).conversations, total(found).one_turn_conversation_share.numerator) == (2, 1)


def test_a_range_is_of_what_was_said_in_it() -> None:
    for days in (0, 1, 40, 41):
        conversation("talk", turns=1, at=NOON - days * DAY)
    for first, conversations, of_one_turn in ((0, 1, 1), (1, 1, 0), (39, 1, 0), (41, 1, 0)):
        row = total(asked("conversations", first_day=FRIDAY - first * DAY).asked)
        assert (row.conversations, row.one_turn_conversation_share.numerator) == (conversations, of_one_turn)


def test_a_conversation_of_two_scenarios_is_one_of_each_and_one_of_all() -> None:
    conversation("talk", turns=2)
    conversation("talk", turns=1, scenario="study")
    found = asked("conversations", by=(Dimension.SCENARIO,)).asked
    assert [(row.conversations, row.conversation_turns) for row in of(found)] == [(1, 1), (1, 2)]
    assert total(found).conversations == 1


def test_a_conversation_of_somebody_who_became_internal_is_one() -> None:
    conversation("talk", turns=1, at=NOON - DAY)
    conversation("talk", turns=1, is_internal=True)
    since = FRIDAY - DAY
    outside = total(asked("conversations", first_day=since).asked)
    everybody = total(asked("conversations", first_day=since, include_internal=True).asked)
    assert (outside.conversations, outside.conversation_turns) == (1, 1)
    assert (everybody.conversations, everybody.conversation_turns) == (1, 2)


def written(name: str, *, tokens: int, ms: int, source: TokenSource = TokenSource.REPORTED, **turn: Any) -> Any:
    """An answer that took ``ms`` from its first token to its end."""
    counts = Tokens(input_uncached=1, input_cached=0, output_visible=tokens, output_reasoning=0, source=source)
    return cast.ending(cast.turn(name, **turn), tokens=counts, first_token_ms=500, duration_ms=500 + ms)


def test_speed_is_tokens_over_the_time_from_the_first_one_to_the_end() -> None:
    speeds = [written(str(tokens), tokens=tokens, ms=10_000) for tokens in (1000, 400, 333)]
    cast.talk(*speeds)
    (day,) = of(asked("speed").asked)
    assert (day.endings, day.timed_answers) == (3, 3)
    assert day.tokens_per_s_p50 == Decimal(oracle.percentile([400], 50) or 0) / 10
    assert day.tokens_per_s_p10 == Decimal(oracle.percentile([333], 10) or 0) / 10
    assert abs(day.tokens_per_s_p50 - 40) <= Decimal("0.8")


def test_what_cannot_be_timed_is_beside_the_speed_and_not_in_it() -> None:
    cast.talk(
        written("guessed", tokens=900, ms=1000, source=TokenSource.ESTIMATED),
        written("at once", tokens=5, ms=0),
        cast.ending(cast.turn("never"), first_token_ms=None, outcome="failed"),
    )
    (day,) = of(asked("speed").asked)
    assert (day.endings, day.timed_answers, day.tokens_per_s_p50) == (3, 0, None)


def test_failover_is_of_the_endpoint_that_was_asked_first() -> None:
    for name, endpoints in (("1", ("cloud", "own")), ("2", ("cloud",)), ("3", ("own",)), ("4", ("cloud", "cloud"))):
        turn = cast.turn(name)
        calls = [
            cast.call(turn, endpoint=endpoint, attempt=number, error="" if number == len(endpoints) else "http_5xx")
            for number, endpoint in enumerate(endpoints, 1)
        ]
        cast.talk(cast.ending(turn, calls=calls))
    cloud, own = of(asked("failover").asked)
    assert (cloud.failover_rate, cloud.answered_elsewhere) == (Ratio(numerator=1, denominator=3), 1)
    assert own.failover_rate == Ratio(numerator=0, denominator=1)


def test_waste_is_what_failed_was_broken_off_or_was_superseded() -> None:
    kept, anew, stopped = (cast.turn(name) for name in ("kept", "anew", "stopped"))
    cast.talk(
        cast.ending(kept, calls=[cast.call(kept, error="stall", cost=ONE), cast.call(kept, attempt=2, cost=ONE)]),
        cast.ending(anew, calls=[cast.call(anew, cost=ONE)]),
        cast.ending(stopped, outcome="stopped", calls=[cast.call(stopped, error="cancelled", cost=ONE)]),
    )
    cast.engage(*(cast.engagement(EngagementKind.REGENERATED, about=each) for each in (anew, stopped)))
    (day,) = of(asked("waste", at=LATER).asked)
    assert day.cost == {"CNY": 4 * 10**12}
    assert day.cost_failed == day.cost_broken_off == day.cost_superseded == {"CNY": 10**12}
    assert day.waste_share == {"CNY": Ratio(numerator=3 * 10**12, denominator=4 * 10**12)}


def costs(who: Any, *days: int) -> None:
    for day in days:
        turn = cast.turn(f"{who} {day}", who=who, at=NOON + day * DAY)
        cast.talk(cast.ending(turn, calls=[cast.call(turn, cost=ONE)]))


def test_a_retained_user_costs_what_the_whole_cohort_cost_in_its_first_four_weeks() -> None:
    costs(LI, 0, 1, 28, 29)
    costs(WANG, 0)
    (cohort,) = of(asked("cohort_economics", at=LATER).asked)
    assert (cohort.members, cohort.retained_members, cohort.cohort_calls) == (2, 1, 4)
    assert cohort.cost_per_retained_user == cohort.cohort_cost == {"CNY": 4 * 10**12}


def test_what_a_retained_user_costs_is_known_when_the_four_weeks_are_over() -> None:
    costs(LI, 0, 15)
    (cohort,) = of(asked("cohort_economics", at=NOON + 20 * DAY).asked)
    assert (cohort.retained_members, cohort.cost_per_retained_user) == (None, {})
    assert cohort.cohort_cost == {"CNY": 2 * 10**12}  # so far
    (closed,) = of(asked("cohort_economics", at=NOON + 20 * DAY, by=()).asked)
    assert (closed.members, closed.cohort_calls) == (0, 0)


def test_people_of_campaigns_can_be_left_out_of_what_keeping_costs() -> None:
    costs(LI, 0, 15)
    costs(WANG, 0)
    cast.engage(cast.engagement(EngagementKind.ACQUIRED, who=WANG, value="voucher"))
    (cohort,) = of(asked("cohort_economics", at=LATER, organic_only=True).asked)
    assert (cohort.members, cohort.cost_per_retained_user) == (1, {"CNY": 2 * 10**12})


@pytest.mark.parametrize("name", [name for name, definition in REPORTS.items() if definition.counted_since])
def test_days_of_before_it_was_counted_are_refused_and_the_first_possible_one_is_said(name: str) -> None:
    CountedSince.objects.bulk_create(CountedSince(what=what, local_day=FRIDAY) for what in CountedSince.What)
    asked(name)
    with translation.override("en"), pytest.raises(BadRange, match="is counted from 2026-11-20 on"):
        asked(name, first_day=FRIDAY - DAY)


def test_each_is_counted_since_a_day_of_its_own() -> None:
    CountedSince.objects.create(what=CountedSince.What.SPEED, local_day=FRIDAY)
    asked("waste", first_day=FRIDAY - DAY)


@pytest.mark.parametrize("name", ["conversations", "speed", "waste", "cohort_economics"])
def test_small_groups_are_suppressed_here_too(name: str) -> None:
    costs(LI, 0)
    with override_settings(REPORT_MIN_PEOPLE=2):
        assert [row.measures for row in asked(name, at=LATER).asked.rows] == [None]
