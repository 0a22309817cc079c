"""What every report has in common: registered metrics, honest refusals, one moment, a fair comparison."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from tests.usage import cast
from tests.usage.asking import DAY, FRIDAY, asked, of, total
from tests.usage.cast import LI, NOON, WANG
from usage.errors import BadZone, NotCounted, UnknownGrouping, UnknownParameter, UnknownReport, UnknownValue
from usage.reports.definition import Definition, Option
from usage.reports.dimensions import DIMENSIONS, Dimension
from usage.reports.metrics import METRIC, METRICS
from usage.reports.query import EARLIEST, UsageQuery, refuse_unknown
from usage.reports.registry import REPORTS, find
from usage.reports.table import file_columns, lines, records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

every_report = pytest.mark.parametrize("definition", REPORTS.values(), ids=REPORTS)


@every_report
def test_every_number_of_a_row_is_a_metric_with_a_definition(definition: Definition[Any]) -> None:
    assert {field.name for field in fields(definition.measures)} <= METRIC.keys()


def test_every_metric_is_in_a_report_and_none_is_defined_twice() -> None:
    assert len(METRIC) == len(METRICS)
    assert METRIC.keys() == {field.name for report in REPORTS.values() for field in fields(report.measures)}
    assert DIMENSIONS.keys() == set(Dimension)


@every_report
def test_a_report_of_nothing_is_an_answer(definition: Definition[Any]) -> None:
    found = asked(definition.id, compare="compare" in definition.options)
    assert {column.id for column in file_columns(found)} >= {"period", "zone", "is_complete", "is_suppressed"}
    assert [set(record) for record in records(found)] == [
        {column.id for column in file_columns(found)} for _ in lines(found)
    ]


@every_report
def test_the_first_day_that_can_be_asked_is_answered(definition: Definition[Any]) -> None:
    """Also where a report looks back from it, or compares."""
    found = asked(definition.id, first_day=EARLIEST, last_day=EARLIEST, compare="compare" in definition.options)
    assert found.asked.first_day == EARLIEST


@every_report
def test_what_is_possible_is_said_and_possible(definition: Definition[Any]) -> None:
    for time in definition.times:
        for others in definition.combinations:
            asked(definition.id, by=tuple(sorted({*time, *others})))
    with pytest.raises(NotCounted) as refused:
        asked(definition.id, by=tuple(Dimension))
    assert all(possible in str(refused.value) for possible in definition.possible())


def test_the_words_of_a_refusal() -> None:
    with translation.override("en"):
        with pytest.raises(UnknownReport) as unknown:
            find("everything")
        with pytest.raises(NotCounted) as together:
            asked("usage", by=(Dimension.DAY, Dimension.SCENARIO), channel="web")
        with pytest.raises(NotCounted) as option:
            asked("capacity", organic_only=True)
        with pytest.raises(BadZone) as zone:
            asked("usage", zone="Asia/Tokyo")
        with pytest.raises(UnknownParameter) as parameter:
            refuse_unknown(["scenaro"])
        with pytest.raises(UnknownValue) as value:
            asked("usage", channel="fax")
    assert str(unknown.value).startswith("There is no report “everything”. Possible: usage, ")
    assert str(together.value).startswith(
        "The report usage was not counted by channel + day + scenario together. Possible: day; day + scenario; "
    )
    assert str(option.value) == ("The report capacity does not know organic_only. It can be asked in: compare, zone.")
    assert str(zone.value) == (
        "People are counted by days of Asia/Shanghai; this report has no other zone. "
        "Reports that have: volume, capacity."
    )
    assert str(parameter.value).startswith("Nothing can be asked by “scenaro”. Possible: from, to, by, scenario, ")
    assert str(value.value) == "There is no channel “fax”. Possible: -."


def test_groupings_and_zones_that_do_not_exist() -> None:
    with translation.override("en"):
        with pytest.raises(UnknownGrouping, match=r"Rows cannot be told apart by “planet”. Possible: day, week, "):
            UsageQuery.parse({"by": "day,planet"}, today=FRIDAY)
        with pytest.raises(BadZone, match=r"There is no time zone “Mars/Olympus”. Write an IANA name"):
            UsageQuery.parse({"zone": "Mars/Olympus"}, today=FRIDAY)


def test_rows_come_by_what_was_asked_and_people_are_never_added() -> None:
    both = [(scenario, days) for scenario in ("writing", "study") for days in (0, 1)]
    cast.talk(*(cast.ending(cast.turn(f"{s}{d}", scenario=s, at=NOON - d * DAY)) for s, d in both))
    found = asked("usage", first_day=FRIDAY - DAY, by=(Dimension.SCENARIO,))
    assert [row.group for row in found.asked.rows] == [{Dimension.SCENARIO: "study"}, {Dimension.SCENARIO: "writing"}]
    assert [(measures.turns, measures.active_users) for measures in of(found.asked)] == [(2, 1), (2, 1)]
    assert (total(found.asked).turns, total(found.asked).active_users) == (4, 1)


def test_is_compared_with_the_same_weekdays_and_the_same_elapsed_part() -> None:
    """Asked on Friday for Wednesday to Friday: two days are over, and stand beside those of the week before."""
    for days, turns in ((0, 5), (1, 1), (2, 2), (7, 50), (8, 10), (9, 20)):
        at = NOON - days * DAY
        cast.talk(*(cast.ending(cast.turn(f"{days} {n}", who=LI, at=at)) for n in range(turns)))
    found = asked("usage", first_day=FRIDAY - 2 * DAY, compare=True)
    assert found.comparison
    current, previous = found.comparison.current, found.comparison.previous
    assert found.comparison.shift_days == 7
    assert (current.first_day.weekday(), current.last_day.weekday()) == (2, 3)
    assert (previous.first_day, previous.last_day) == (FRIDAY - 9 * DAY, FRIDAY - 8 * DAY)
    assert (total(current).turns, total(previous).turns) == (3, 30)
    assert [line.period for line in lines(found)].count("previous") == 3


@pytest.mark.parametrize("name", [name for name, each in REPORTS.items() if Option.COMPARE in each.options])
def test_whatever_can_be_compared_has_rows_of_the_week_before(name: str) -> None:
    """Wang came a week after li, each with two scenarios."""
    for who, at in ((LI, NOON - 7 * DAY), (WANG, NOON)):
        turns = [cast.turn(f"{who} {scenario}", who=who, at=at, scenario=scenario) for scenario in ("writing", "study")]
        cast.talk(*(cast.ending(turn) for turn in turns))
    found = asked(name, at=NOON + 60 * DAY, compare=True).comparison
    assert found
    assert found.current.rows
    assert found.previous.rows
    assert found.previous.first_day <= FRIDAY - 7 * DAY <= found.previous.last_day
    assert found.shift_days == 7


def test_nothing_is_compared_before_a_day_is_over() -> None:
    cast.talk(cast.ending(cast.turn("today")))
    assert asked("usage", compare=True).comparison is None


def test_two_weeks_are_compared_with_the_two_before() -> None:
    cast.talk(cast.ending(cast.turn("1")))
    found = asked("usage", first_day=FRIDAY - 8 * DAY, last_day=FRIDAY - DAY, compare=True)
    assert found.comparison
    assert found.comparison.shift_days == 14


def test_whole_weeks_that_are_over_are_compared_with_as_many_before() -> None:
    """Asked on Friday for the weeks of which it has days since Thursday a fortnight ago: two are over, of three."""
    found = asked("lifecycle", first_day=FRIDAY - 15 * DAY, by=(Dimension.WEEK,), compare=True).comparison
    assert found
    monday = FRIDAY - 18 * DAY
    assert (found.current.first_day, found.current.last_day) == (monday, monday + 13 * DAY)
    assert (found.previous.first_day, found.previous.last_day) == (monday - 21 * DAY, monday - 8 * DAY)
    assert [len(stretch.rows) for stretch in (found.current, found.previous)] == [2, 2]


def test_months_are_compared_with_as_many_months_however_long_they_are() -> None:
    """Of September to November 2026 two are over; before them came June and July."""
    found = asked("lifecycle", first_day=date(2026, 9, 17), by=(Dimension.MONTH,), compare=True).comparison
    assert found
    assert (found.current.first_day, found.current.last_day) == (date(2026, 9, 1), date(2026, 10, 31))
    assert (found.previous.first_day, found.previous.last_day) == (date(2026, 6, 1), date(2026, 7, 31))
    assert found.shift_days == 92


def test_months_go_back_into_the_year_before() -> None:
    found = asked(
        "lifecycle", first_day=date(2026, 1, 1), last_day=date(2026, 2, 28), by=(Dimension.MONTH,), compare=True
    ).comparison
    assert found
    assert (found.previous.first_day, found.previous.last_day) == (date(2025, 11, 1), date(2025, 12, 31))


def test_a_week_that_is_not_over_is_compared_with_nothing() -> None:
    assert asked("lifecycle", first_day=FRIDAY - DAY, by=(Dimension.WEEK,), compare=True).comparison is None


def test_what_is_not_over_is_marked_unfinished() -> None:
    cast.talk(*(cast.ending(cast.turn(str(days), at=NOON - days * DAY)) for days in (0, 1, 5)))
    of_usage = asked("usage", first_day=FRIDAY - 6 * DAY)
    assert [row.is_complete for row in of_usage.asked.rows] == [True, True, False]
    verdicts = asked("answer_quality", first_day=FRIDAY - 6 * DAY)
    assert [row.is_complete for row in verdicts.asked.rows] == [True, False, False]  # 72 hours for its verdicts


def test_the_same_question_has_the_same_answer_whoever_is_left_out() -> None:
    cast.talk(cast.ending(cast.turn("1", who=LI)), cast.ending(cast.turn("2", who=WANG, is_internal=True)))
    assert [measures.turns for measures in of(asked("usage").asked)] == [1]
    assert [measures.turns for measures in of(asked("usage", include_internal=True).asked)] == [2]


def test_small_groups_are_suppressed_in_every_report_at_presentation() -> None:
    cast.talk(cast.ending(cast.turn("1", who=LI)))
    with override_settings(REPORT_MIN_PEOPLE=10):
        found = asked("usage")
    assert found.asked.rows[0].measures is None
    assert found.asked.total
    assert found.asked.total.measures is None
    record = list(records(found))[-1]
    assert record["is_suppressed"] is True
    assert record["turns"] is None


def test_who_was_answered_by_another_model_counts_for_the_size_of_its_group() -> None:
    asked_of_plus = cast.turn("1", who=LI, model="qwen-plus")
    cast.accept(asked_of_plus)
    cast.finish(cast.ending(replace(asked_of_plus, model="own-8b")))
    with override_settings(REPORT_MIN_PEOPLE=10):
        found = asked("usage", by=(Dimension.MODEL,)).asked
    assert [row.group[Dimension.MODEL] for row in found.rows if row.measures is None] == ["own-8b", "qwen-plus"]
