"""Answer quality, latency, capacity and money: ratios of sums, added histograms, exact days of any zone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from conversations.events import Cost, EngagementKind
from conversations.models import Model, ModelEndpoint
from tests.usage import cast, oracle
from tests.usage.asking import DAY, FRIDAY, NOW, asked, of, total
from tests.usage.cast import LI, NOON, WANG
from usage.models import BusyWindow
from usage.reports.dimensions import Dimension
from usage.reports.ratios import Ratio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

SETTLED = NOW + timedelta(days=4)
"""When the verdicts of that Friday stand."""
ONE = 10**12


def answered(*names: str, **turn: Any) -> list[Any]:
    turns = [cast.turn(name, **turn) for name in names]
    cast.talk(*(cast.ending(each) for each in turns))
    return turns


def test_satisfaction_stands_beside_how_few_it_rests_on() -> None:
    up, down, copied, *_silent = answered("1", "2", "3", "4", "5")
    cast.engage(cast.vote(up, "up"), cast.vote(down, "down"), cast.engagement(EngagementKind.COPIED, about=copied))
    (day,) = of(asked("answer_quality", at=SETTLED).asked)
    assert day.csat == Ratio(numerator=1, denominator=2)
    assert day.response_rate == Ratio(numerator=2, denominator=5)
    assert (day.satisfied_strict, day.satisfied_broad, day.unsatisfied, day.quality_unknown) == (2, 0, 1, 2)
    assert day.quality_unknown_share == Ratio(numerator=2, denominator=5)
    assert day.satisfied_broad_share == Ratio(numerator=2, denominator=5)


def test_verdicts_are_pending_for_72_hours_and_votes_are_not() -> None:
    (turn,) = answered("1")
    cast.engage(cast.vote(turn, "up"))
    (day,) = of(asked("answer_quality").asked)
    assert (day.rated_up, day.satisfied_strict, day.satisfied_strict_share) == (1, None, None)


def test_percentiles_of_any_combination_come_from_added_histograms() -> None:
    waits = [(100, "writing"), (200, "writing"), (5000, "study")]
    cast.talk(*(cast.ending(cast.turn(str(ms), scenario=s), first_token_ms=ms) for ms, s in waits))
    cast.talk(cast.ending(cast.turn("never"), first_token_ms=None, outcome="failed"))
    found = asked("latency", by=(Dimension.SCENARIO, Dimension.ENDPOINT))
    groups = [(row.group[Dimension.SCENARIO], row.group[Dimension.MEASURE]) for row in found.asked.rows]
    writing = of(found.asked)[groups.index(("writing", "first_token"))]
    assert (writing.endings, writing.measured) == (3, 2)
    assert writing.p99_ms == oracle.percentile([100, 200], 99)
    (whole,) = [row for row in asked("latency", by=()).asked.rows if row.group[Dimension.MEASURE] == "first_token"]
    assert whole.measures
    assert whole.measures.p95_ms == oracle.percentile([100, 200, 5000], 95)


def busy(at: datetime, *, busy_ms: int, peak: int = 1, calls: int = 1, failed: int = 0) -> None:
    counts = {"busy_ms": busy_ms, "peak": peak, "calls": calls, "failed": failed}
    BusyWindow.objects.create(window_start=at, endpoint="cloud", **counts)


MIDNIGHT = datetime(2026, 11, 18, 16, tzinfo=UTC)
"""The start of Thursday in Shanghai."""
THURSDAY = FRIDAY - DAY


def test_concurrency_is_busy_time_over_time_and_peaks_are_not_added() -> None:
    busy(MIDNIGHT, busy_ms=43_200_000, peak=3, calls=9, failed=1)
    busy(MIDNIGHT + timedelta(hours=5), busy_ms=43_200_000, peak=2)
    (day,) = of(asked("capacity", first_day=THURSDAY, last_day=THURSDAY).asked)
    assert (day.mean_concurrency, day.peak_concurrency) == (1, 3)
    assert (day.calls, day.error_rate) == (10, Ratio(numerator=1, denominator=10))


def test_concurrency_stands_beside_what_the_endpoint_may_give_at_once() -> None:
    plus = Model.objects.create(slug="qwen-plus")
    ModelEndpoint.objects.create(model=plus, name="cloud", base_url="http://127.0.0.1:9/v1", max_concurrency=4)
    busy(MIDNIGHT, busy_ms=86_400_000, peak=3)
    (day,) = of(asked("capacity", first_day=THURSDAY, last_day=THURSDAY).asked)
    assert (day.endpoint_limit, day.mean_of_limit) == (4, Decimal("0.25"))
    assert day.peak_of_limit == Ratio(numerator=3, denominator=4)


def test_of_an_endpoint_that_is_gone_no_limit_is_known() -> None:
    busy(MIDNIGHT, busy_ms=1000)
    (day,) = of(asked("capacity", first_day=THURSDAY, last_day=THURSDAY).asked)
    assert (day.endpoint_limit, day.mean_of_limit, day.peak_of_limit) == (None, None, None)


def test_how_long_people_waited_is_known_of_all_of_it_or_not_at_all() -> None:
    """Windows of waiting are kept 35 days: here since noon of Friday, so of that day there is a part."""
    cast.talk(*(cast.ending(cast.turn(f"{days}", at=NOON + timedelta(hours=2) + days * DAY)) for days in (0, 1)))
    late = {"at": NOON + 35 * DAY, "last_day": FRIDAY + DAY}
    days = asked("capacity", **late).asked
    windows = asked("capacity", by=(Dimension.WINDOW,), **late).asked
    whole = asked("capacity", by=(), **late).asked
    assert [measures.queue_p95_ms for measures in of(days)] == [None, 1]
    assert [measures.queue_p95_ms for measures in of(windows)] == [1, 1]
    assert [measures.queue_p95_ms for measures in of(whole)] == [None]


def test_what_is_not_about_people_can_be_asked_in_any_zone() -> None:
    """Two windows around a midnight of Kathmandu (+05:45), both on Thursday in Shanghai."""
    busy(MIDNIGHT + timedelta(hours=2), busy_ms=1000)
    busy(MIDNIGHT + timedelta(hours=2, minutes=15), busy_ms=500)
    here = asked("capacity", first_day=THURSDAY - DAY, last_day=THURSDAY).asked
    there = asked("capacity", first_day=THURSDAY - DAY, last_day=THURSDAY, zone="Asia/Kathmandu").asked
    assert [(row.group[Dimension.DAY], row.measures.busy_ms) for row in here.rows if row.measures] == [(THURSDAY, 1500)]
    assert [(row.group[Dimension.DAY], row.measures.busy_ms) for row in there.rows if row.measures] == [
        (THURSDAY - DAY, 1000),
        (THURSDAY, 500),
    ]


def test_errors_are_told_apart_by_class() -> None:
    turn = cast.turn("1")
    calls = [cast.call(turn, attempt=1, error="connect"), cast.call(turn, attempt=2), cast.call(turn, attempt=3)]
    cast.talk(cast.ending(turn, calls=calls))
    found = asked("endpoint_errors").asked
    assert [(row.group[Dimension.ERROR], row.measures.calls) for row in found.rows if row.measures] == [
        ("", 2),
        ("connect", 1),
    ]
    assert of(found)[1].share_of_calls == Ratio(numerator=1, denominator=3)


def test_money_is_divided_exactly_and_currencies_are_never_added() -> None:
    for name, who, currency in (("1", LI, "CNY"), ("2", WANG, "CNY"), ("3", WANG, "USD")):
        turn = cast.turn(name, who=who)
        cast.talk(cast.ending(turn, calls=[cast.call(turn, cost=Cost(pico=ONE, currency=currency))]))
        cast.engage(cast.vote(turn, "up"))
    whole = total(asked("unit_economics", at=SETTLED).asked)
    assert whole.cost_per_active_user == {"CNY": ONE, "USD": ONE // 2}
    assert whole.cost_per_satisfied_answer == {"CNY": 666_666_666_667, "USD": 333_333_333_333}


def test_a_cost_per_something_is_withheld_when_too_many_calls_have_no_price() -> None:
    turn = cast.turn("1")
    cast.talk(cast.ending(turn, calls=[cast.call(turn), cast.call(turn, attempt=2, cost=Cost())]))
    (day,) = of(asked("unit_economics").asked)
    assert (day.cost_per_turn, day.unpriced_share) == ({}, Ratio(numerator=1, denominator=2))
    assert day.cost  # what is known is still said


def test_what_failed_or_was_broken_off_is_waste() -> None:
    turn = cast.turn("1")
    cost = Cost(pico=ONE, currency="CNY")
    calls = [cast.call(turn, error="cancelled", cost=cost), cast.call(turn, attempt=2, cost=cost)]
    cast.talk(cast.ending(turn, calls=calls))
    (day,) = of(asked("unit_economics").asked)
    assert (day.cost["CNY"], day.cost_wasted["CNY"]) == (2 * ONE, ONE)


def test_concentration_is_the_turns_of_the_one_in_a_hundred_with_the_most() -> None:
    answered("1", "2", "3", who=LI)
    answered("4", who=WANG)
    (day,) = of(asked("unit_economics").asked)
    assert (day.top_people, day.top_share) == (1, Ratio(numerator=3, denominator=4))
