"""Reports over what the rollups really hold: the worked example of the specification, and sums that must agree."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from tests.usage import cast
from tests.usage.asking import DAY, asked, of
from tests.usage.conftest import empty_ledger
from tests.usage.exact import live
from tests.usage.histories import Arrival, histories, zones
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.registry import find
from usage.reports.report import ask
from usage.reports.usage_by_day import usage_by_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

exactly = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIRST = date(2026, 10, 1)
"""Day 1 of the example: a Thursday."""
NOON_OF_FIRST = datetime(2026, 10, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = {1: (1, 2, 3, 8), 2: (1, 3), 3: (2,), 4: (3, 4, 5, 6, 7), 5: (8,)}
"""On which days each of them was active."""
TEN_DAYS = {"first_day": FIRST, "last_day": FIRST + 8 * DAY}


@pytest.fixture
def _worked_example() -> None:
    for who, days in PEOPLE.items():
        subject = UUID(int=0x0190A000_0000_7000_8000_000000000000 + who)
        turns = [cast.turn(f"{who} {day}", who=subject, at=NOON_OF_FIRST + (day - 1) * DAY) for day in days]
        cast.talk(*(cast.ending(turn) for turn in turns))


@pytest.mark.usefixtures("_worked_example")
def test_active_users_of_the_worked_example() -> None:
    rows = of(asked("active_users", **TEN_DAYS).asked)
    assert [row.dau for row in rows] == [2, 2, 3, 1, 1, 1, 1, 2, 0]
    assert [row.wau for row in rows] == [2, 3, 4, 4, 4, 4, 4, 5, 4]
    assert all(row.dau <= row.wau <= row.mau28 <= row.mau30 for row in rows)


@pytest.mark.usefixtures("_worked_example")
def test_lifecycle_of_the_worked_example() -> None:
    rows = of(asked("lifecycle", **TEN_DAYS).asked)
    assert [(row.new, row.returning, row.resurrecting, row.dormant) for row in rows] == [
        (2, 0, 0, 0),
        (1, 1, 0, 1),
        (1, 1, 1, 1),
        (0, 1, 0, 2),
        (0, 1, 0, 0),
        (0, 1, 0, 0),
        (0, 1, 0, 0),
        (1, 0, 1, 1),
        (0, 0, 0, 2),
    ]
    for before, row in pairwise(rows):
        assert row.active == row.new + row.returning + row.resurrecting
        assert row.returning + row.dormant == before.active


@pytest.mark.usefixtures("_worked_example")
def test_retention_of_the_worked_example() -> None:
    found = asked("retention", **TEN_DAYS).asked
    cells = {(row.group[Dimension.COHORT], row.group[Dimension.OFFSET]): row.measures for row in found.rows}
    assert [_on(cells[FIRST, n]) for n in range(8)] == [(2, 2), (1, 2), (2, 2), *[(0, 2)] * 4, (1, 2)]
    assert [_on(cells[FIRST + 2 * DAY, n])[0] for n in range(8)] == [1, 1, 1, 1, 1, 0, 0, 0]
    brackets = asked("retention_brackets", first_day=FIRST, last_day=FIRST).asked
    assert [row.retained_in.numerator for row in of(brackets)][:2] == [1, 2]


def _on(cell: Any) -> tuple[int, int]:
    return cell.retained_on.numerator, cell.retained_on.denominator


@given(history=histories(), zone=zones)
@exactly
def test_however_rows_are_told_apart_they_add_up_to_the_same(history: list[Arrival], zone: ZoneInfo) -> None:
    later = datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC"))
    query = UsageQuery(first_day=date(2026, 10, 28), last_day=date(2026, 11, 12))
    with empty_ledger(zone):
        live(history)
        whole = usage_by_day(query, now=later).total.measures
        for by in ((), (Dimension.DAY,), (Dimension.SCENARIO,), (Dimension.CHANNEL,), (Dimension.DAY, Dimension.MODEL)):
            found = ask(find("usage"), replace(query, by=by), now=later).asked
            rows = of(found)
            for name in ("turns", "completed", "calls", "unpriced_calls", "answers", "without_first_token"):
                assert sum(getattr(row, name) for row in rows) == getattr(whole, name)
            assert sum((Counter(row.cost) for row in rows), Counter()) == Counter(whole.cost)
            total = found.total or found.rows[0]
            assert total.measures == whole
            errors = ask(find("endpoint_errors"), replace(query, by=()), now=later).asked
            assert sum(row.calls for row in of(errors)) == whole.calls
