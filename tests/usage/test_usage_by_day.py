"""The report: every number from one definition, people never added, percentiles never averaged, unknown never 0."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from conversations.events import CallPurpose, Cost, Tokens
from tests.usage import cast, oracle
from tests.usage.cast import LI, NOON, WANG, ZHAO
from tests.usage.conftest import empty_ledger
from tests.usage.exact import live
from tests.usage.histories import Arrival, histories, zones
from usage import rollup
from usage.reports.measures import OUTCOMES, Measures, TokenSum
from usage.reports.metrics import USAGE
from usage.reports.query import UsageQuery
from usage.reports.usage_by_day import UsageReport, UsageRow, usage_by_day

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
NOW = NOON + timedelta(hours=6)


def report(first: date = FRIDAY, last: date = FRIDAY, **asked: object) -> UsageReport:
    rollup.drain(now=NOW)
    return usage_by_day(UsageQuery(first_day=first, last_day=last, **asked), now=NOW)  # type: ignore[arg-type]


def row(found: UsageReport, scenario: str, model: str = "qwen-plus") -> UsageRow:
    rows = [row for day in found.days for row in day.rows if (row.scenario, row.model) == (scenario, model)]
    assert len(rows) == 1
    return rows[0]


def test_a_person_in_two_scenarios_is_one_person_in_all() -> None:
    cast.talk(*(cast.ending(cast.turn(scenario, who=LI, scenario=scenario)) for scenario in ("writing", "study")))
    cast.talk(cast.ending(cast.turn("3", who=WANG, scenario="study")))
    found = report()
    assert (row(found, "writing").measures.active_users, row(found, "study").measures.active_users) == (1, 2)
    assert found.days[0].subtotal.measures.active_users == found.total.measures.active_users == 2


def test_a_person_on_two_days_is_one_person_in_the_range() -> None:
    cast.talk(*(cast.ending(cast.turn(str(n), who=LI, at=NOON - timedelta(days=n))) for n in range(3)))
    found = report(first=FRIDAY - timedelta(days=6))
    assert [day.subtotal.measures.active_users for day in found.days] == [1, 1, 1]
    assert found.total.measures.active_users == 1
    assert found.total.measures.turns == 3


def test_active_is_who_asked_and_value_active_is_who_got_a_visible_answer() -> None:
    cast.talk(cast.ending(cast.turn("1", who=LI)))
    cast.talk(cast.ending(cast.turn("2", who=WANG), outcome="stopped"))
    cast.talk(cast.ending(cast.turn("3", who=ZHAO), visible_characters=0))
    measures = report().total.measures
    assert (measures.active_users, measures.value_active_users) == (3, 1)


def test_percentiles_of_a_day_are_those_of_all_its_answers_not_a_mean() -> None:
    fast = [cast.ending(cast.turn(f"f{n}", scenario="study"), first_token_ms=100) for n in range(39)]
    slow = cast.ending(cast.turn("slow", scenario="writing"), first_token_ms=10_000)
    never = cast.ending(cast.turn("never", scenario="writing"), outcome="failed", first_token_ms=None)
    cast.talk(*fast, slow, never)
    found = report()
    total = found.total.measures
    assert total.first_token_p50_ms == total.first_token_p95_ms == oracle.percentile([100], 50)
    assert row(found, "writing").measures.first_token_p50_ms == oracle.percentile([10_000], 50)
    assert total.without_first_token == 1


def test_unknown_tokens_are_unknown_and_said_so() -> None:
    nothing = Tokens()
    cast.talk(
        cast.ending(cast.turn("1", scenario="writing")),
        cast.ending(cast.turn("2", scenario="writing"), tokens=nothing),
        cast.ending(cast.turn("3", scenario="study"), tokens=nothing),
    )
    found = report()
    assert row(found, "writing").measures.output_visible_tokens == TokenSum(sum=300, unknown=1)
    assert row(found, "study").measures.output_visible_tokens == TokenSum(sum=None, unknown=1)
    assert found.total.measures.estimated_answers == 2


def test_currencies_are_never_added_and_no_price_is_not_free() -> None:
    turn = cast.turn("1")
    costs = [Cost(pico=5_000_000 * 10**12, currency="CNY"), Cost(pico=1, currency="USD"), Cost()]
    calls = [cast.call(turn, attempt=n, cost=cost) for n, cost in enumerate(costs)]
    other = cast.turn("2")
    cast.talk(cast.ending(turn, calls=calls), cast.ending(other, calls=[cast.call(other, cost=costs[0])]))
    measures = report().total.measures
    assert measures.cost == {"CNY": 10_000_000 * 10**12, "USD": 1}  # past 64 bits of pico-units
    assert (measures.calls, measures.unpriced_calls) == (4, 1)


def test_parts_of_a_unit_carry_over_within_a_window_and_across_windows() -> None:
    part = Cost(pico=700_000_000_000, currency="CNY")
    turns = [cast.turn(str(n), at=NOON + timedelta(minutes=minutes)) for n, minutes in enumerate((0, 1, 20, 40))]
    cast.talk(*(cast.ending(turn, calls=[cast.call(turn, cost=part)]) for turn in turns))
    assert report().total.measures.cost == {"CNY": 2_800_000_000_000}


def test_internal_people_are_left_out_but_their_cost_is_cost() -> None:
    cast.talk(cast.ending(cast.turn("1", who=LI)), cast.ending(cast.turn("2", who=WANG, is_internal=True)))
    usual, whole = report().total.measures, report(include_internal=True).total.measures
    assert (usual.turns, usual.active_users, whole.turns, whole.active_users) == (1, 1, 2, 2)
    assert usual.cost == whole.cost == {"CNY": 2 * 1_234_567_890}
    assert usual.cost_internal == {"CNY": 1_234_567_890}


def test_what_only_costs_has_a_row_without_people() -> None:
    cast.end_calls(cast.call(cast.turn("title", model="qwen-turbo"), purpose=CallPurpose.TITLE))
    measures = row(report(), "writing", "qwen-turbo").measures
    assert (measures.turns, measures.active_users, measures.calls) == (0, 0, 1)


def test_a_turn_without_an_end_is_unfinished_and_its_day_incomplete() -> None:
    cast.accept(cast.turn("1"))
    found = report()
    assert found.total.measures.unfinished == 1
    assert row(found, "writing").measures.unfinished is None  # another model may yet answer
    assert not found.total.is_complete
    assert found.complete_through == NOON


def test_a_day_is_complete_once_it_is_over_and_counted() -> None:
    cast.talk(cast.ending(cast.turn("1", at=NOON - timedelta(days=1))))
    found = report(first=FRIDAY - timedelta(days=1))
    assert found.days[0].subtotal.is_complete
    assert not found.total.is_complete  # today is not over


def test_asks_the_same_number_of_questions_of_one_day_as_of_many() -> None:
    for n in range(20):
        cast.talk(cast.ending(cast.turn(str(n), at=NOON - timedelta(days=n), scenario=f"s{n}", who=WANG)))
    rollup.drain(now=NOW)
    one = UsageQuery(first_day=FRIDAY, last_day=FRIDAY)
    many = UsageQuery(first_day=FRIDAY - timedelta(days=30), last_day=FRIDAY)
    with CaptureQueriesContext(connection) as of_one:
        assert len(usage_by_day(one, now=NOW).days) == 1
    with CaptureQueriesContext(connection) as of_many:
        assert len(usage_by_day(many, now=NOW).days) == 20
    assert len(of_one) == len(of_many) <= 13


def test_every_number_of_the_report_has_a_definition() -> None:
    assert {metric.id for metric in USAGE} == {field.name for field in fields(Measures)}


whole_range = UsageQuery(first_day=date(2026, 10, 29), last_day=date(2026, 11, 4))
LATER = datetime(2026, 11, 20, tzinfo=UTC)
exactly = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(history=histories(), zone=zones)
@exactly
def test_rows_add_up_to_days_and_days_to_the_range(history: list[Arrival], zone: ZoneInfo) -> None:
    with empty_ledger(zone):
        live(history)
        found = usage_by_day(whole_range, now=LATER)
        alone = [
            usage_by_day(UsageQuery(first_day=day.subtotal.day, last_day=day.subtotal.day), now=LATER)  # type: ignore[arg-type]
            for day in found.days
        ]
        for name in ("turns", *OUTCOMES, "calls", "unpriced_calls", "without_first_token", "estimated_answers"):
            total = getattr(found.total.measures, name)
            assert total == sum(getattr(day.subtotal.measures, name) for day in found.days)
            assert total == sum(getattr(row.measures, name) for day in found.days for row in day.rows)
            assert total == sum(getattr(single.total.measures, name) for single in alone)
        for day, single in zip(found.days, alone, strict=True):
            assert day.subtotal.measures == single.total.measures


@given(history=histories(), zone=zones)
@exactly
def test_people_and_percentiles_are_those_of_the_oracle(history: list[Arrival], zone: ZoneInfo) -> None:
    with empty_ledger(zone):
        ledger = live(history)
        for scenario in (None, "writing"):
            query = UsageQuery(first_day=whole_range.first_day, last_day=whole_range.last_day, scenario=scenario)
            if scenario and scenario not in {turn.scenario for turn in ledger.turns.values()}:
                continue
            turns = [t for t in ledger.turns.values() if scenario in (None, t.scenario) and not t.is_internal]
            ends = [
                e for e in ledger.endings.values() if scenario in (None, e.turn.scenario) and not e.turn.is_internal
            ]
            measures = usage_by_day(query, now=LATER).total.measures
            assert measures.active_users == len({turn.subject for turn in turns})
            assert measures.value_active_users == len({end.turn.subject for end in ends if oracle.is_valued(end)})
            measured = [end.first_token_ms for end in ends if end.first_token_ms is not None]
            assert measures.first_token_p50_ms == oracle.percentile(measured, 50)
            assert measures.first_token_p95_ms == oracle.percentile(measured, 95)
