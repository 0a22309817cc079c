"""What must hold between numbers whatever happened: over made-up weeks, in many zones, in any order, partly twice."""

from collections.abc import Mapping
from csv import DictReader
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from conversations.events import TurnAccepted
from tests.usage.asking import DAY, asked, of
from tests.usage.conftest import empty_ledger
from tests.usage.exact import lived
from tests.usage.histories import Story, over_weeks, stories
from usage.export.csv import to_csv
from usage.periods import day_of
from usage.reports.definition import Definition
from usage.reports.dimensions import Dimension
from usage.reports.kinds.active_users import ActiveUsers
from usage.reports.registry import REPORTS
from usage.reports.table import columns, file_columns, lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

whatever = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
weeks = stories(turns=9, when=over_weeks, seen=6)
LONGEST = 72
"""Days: all of a story, the day before it, and what is said of its last answers."""
LATER = timedelta(days=200)
"""Every verdict is given and every cohort closed."""
SPANS = {"wau": 7, "mau28": 28, "mau30": 30}
BY_DAY = [definition for definition in REPORTS.values() if definition.has_total and {Dimension.DAY} in definition.times]


def days_of(story: Story, *, longest: int = LONGEST) -> dict[str, date]:
    first = day_of(story.start, story.zone) - DAY
    return {"first_day": first, "last_day": first + (min(longest, LONGEST) - 1) * DAY}


def reported(story: Story, name: str, *by: Dimension, **params: Any) -> list[Any]:
    return of(asked(name, at=story.start + LATER, by=by, **days_of(story), **params).asked)


@given(story=weeks)
@whatever
def test_a_longer_span_has_as_many_people_and_no_more_than_its_days_added(story: Story) -> None:
    with empty_ledger(story.zone):
        lived(story)
        everybody: list[ActiveUsers] = reported(story, "active_users", Dimension.DAY)
        organic: list[ActiveUsers] = reported(story, "active_users", Dimension.DAY, organic_only=True)
    assert bool(sum(row.dau for row in everybody)) is somebody_from_outside(story)
    for rows in (everybody, organic):
        for place, row in enumerate(rows):
            assert row.dau <= row.wau <= row.mau28 <= row.mau30
            for name, span in SPANS.items():
                trailing = [past.dau for past in rows[max(0, place + 1 - span) : place + 1]]
                assert max(trailing) <= getattr(row, name) <= sum(trailing)
    for row, of_them in zip(everybody, organic, strict=True):
        for name in ("dau", *SPANS):
            assert getattr(of_them, name) <= getattr(row, name)
            assert getattr(row, f"valued_{name}") <= getattr(row, name)


def somebody_from_outside(story: Story) -> bool:
    asked = (arrival.event for arrival in story.arrivals if isinstance(arrival.event, TurnAccepted))
    return not all(event.turn.is_internal for event in asked)


@given(story=weeks)
@whatever
def test_days_of_activity_are_as_many_counted_by_day_and_by_person(story: Story) -> None:
    with empty_ledger(story.zone):
        lived(story)
        active = asked("active_users", at=story.start + LATER, by=(Dimension.DAY,), **days_of(story)).asked.rows
        spread = asked("active_spread", at=story.start + LATER, by=(Dimension.DAY,), **days_of(story)).asked.rows
    by_day: list[ActiveUsers] = [row.measures for row in active if row.measures]
    by_person = dict.fromkeys((row.group[Dimension.DAY] for row in active), 0)
    for row in spread:
        if row.measures and row.group[Dimension.SPAN] == 28:
            by_person[row.group[Dimension.DAY]] += row.group[Dimension.ACTIVE_DAYS] * row.measures.spread_people
    assert [row.stickiness.numerator for row in by_day] == list(by_person.values())


@given(story=weeks)
@whatever
def test_whoever_is_active_is_new_or_was_here_and_whoever_was_is_here_or_dormant(story: Story) -> None:
    with empty_ledger(story.zone):
        lived(story)
        periods = [reported(story, "lifecycle", by) for by in (Dimension.DAY, Dimension.WEEK, Dimension.MONTH)]
        active = [row.dau for row in reported(story, "active_users", Dimension.DAY)]
    for rows in periods:
        assert all(row.active == row.new + row.returning + row.resurrecting for row in rows)
        assert all(row.returning + row.dormant == before.active for before, row in pairwise(rows))
        assert (rows[0].active, rows[0].dormant) == (rows[0].new, 0)
    assert [row.active for row in periods[0]] == active
    assert len({sum(row.new for row in rows) for rows in periods}) == 1, "everybody is new once, whatever the period"


@given(story=weeks)
@whatever
def test_no_step_of_adoption_has_more_people_than_the_one_before(story: Story) -> None:
    with empty_ledger(story.zone):
        lived(story)
        funnels = [
            *reported(story, "scenario_adoption", Dimension.COHORT),
            *reported(story, "scenario_adoption"),
        ]
    for row in funnels:
        assert None not in (row.tried, row.repeated, row.retained, row.satisfied)
        assert row.saw >= row.tried >= row.repeated >= row.retained >= 0
        assert row.tried >= row.satisfied


@given(story=weeks)
@whatever
def test_what_is_exported_adds_up_again_to_what_is_shown(story: Story) -> None:
    """Each metric that says it may be added, of each report that has days and a whole."""
    with empty_ledger(story.zone):
        lived(story)
        for definition in BY_DAY:
            assert added_up(definition, story) == shown(definition, story), definition.id


def added_up(definition: Definition[Any], story: Story) -> Mapping[str, Decimal]:
    """From the file of its days, as anybody would who has nothing else."""
    days = days_of(story, longest=definition.max_days)
    report = asked(definition.id, at=story.start + LATER, by=(Dimension.DAY,), **days)
    rows = [
        row
        for row in DictReader(StringIO(to_csv(file_columns(report), lines(report), bom=False)))
        if row["grain"] == "group"
    ]
    names = [column.id for column in columns(report) if column.metric and column.metric.additive]
    return {name: sum((Decimal(row[name]) for row in rows if row[name]), Decimal()) for name in names}


def shown(definition: Definition[Any], story: Story) -> Mapping[str, Decimal]:
    """On its page, where nothing is asked to be told apart; of nothing there may be no row."""
    days = days_of(story, longest=definition.max_days)
    report = asked(definition.id, at=story.start + LATER, by=(), **days)
    additive = [column for column in columns(report) if column.metric and column.metric.additive]
    return {
        column.id: sum((Decimal(str(column.value(whole) or 0)) for whole in lines(report)), Decimal())
        for column in additive
    }
