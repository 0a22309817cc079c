"""Active users, lifecycle, retention and adoption: what a report makes of rollup rows, and what it leaves open."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.usage.asking import DAY, FRIDAY, asked, of, total
from tests.usage.cast import LI, NOON, WANG
from usage.models import (
    ActiveDay,
    ActiveSpread,
    AdoptionDay,
    CohortBracket,
    CohortDay,
    FirstDay,
    LifecycleDay,
    Session,
    SessionDay,
    UserDay,
)
from usage.reports.dimensions import Dimension
from usage.reports.pseudonyms import pseudonym
from usage.reports.ratios import Ratio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

ZONE = {"zone": "Asia/Shanghai"}
LATER = NOON + timedelta(days=200)
"""When all that a row waits for is over."""


def active_day(day: date, *, organic: bool = True, **counts: int) -> None:
    names = ("dau", "wau", "mau28", "mau30", "valued_dau", "valued_wau", "valued_mau28", "valued_mau30")
    ActiveDay.objects.create(local_day=day, organic=organic, **ZONE, **{name: counts.get(name, 0) for name in names})


def test_stickiness_is_the_mean_dau_of_28_days_over_the_mau() -> None:
    for back, dau in ((0, 3), (1, 2), (27, 4), (28, 100)):
        active_day(FRIDAY - back * DAY, dau=dau, mau28=5)
    (row,) = of(asked("active_users").asked)
    assert row.stickiness == Ratio(numerator=3 + 2 + 4, denominator=28 * 5)


def test_people_of_campaigns_can_be_left_out() -> None:
    active_day(FRIDAY, dau=3, wau=4)
    active_day(FRIDAY, organic=False, dau=10, wau=20)
    assert [(row.dau, row.wau) for row in of(asked("active_users").asked)] == [(13, 24)]
    assert [(row.dau, row.wau) for row in of(asked("active_users", organic_only=True).asked)] == [(3, 4)]


def test_a_day_of_nobody_has_a_row_and_a_young_history_is_told() -> None:
    FirstDay.objects.create(subject=LI, grouping="total", is_internal=False, local_day=FRIDAY - 2 * DAY, **ZONE)
    rows = of(asked("active_users", first_day=FRIDAY - 3 * DAY).asked)
    assert [(row.dau, row.history_days) for row in rows] == [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert rows[-1].stickiness.value is None


def test_spread_says_how_many_people_came_how_often() -> None:
    common = {"local_day": FRIDAY, **ZONE, "span": 7, "organic": True}
    ActiveSpread.objects.create(**common, valued=False, active_days=1, people=5)
    ActiveSpread.objects.create(**common, valued=True, active_days=1, people=4)
    ActiveSpread.objects.create(**common, valued=False, active_days=7, people=2)
    found = asked("active_spread").asked
    assert [(row.group[Dimension.ACTIVE_DAYS], row.measures) for row in found.rows] == [
        (1, of(found)[0]),
        (7, of(found)[1]),
    ]
    assert [(row.spread_people, row.spread_valued) for row in of(found)] == [(5, 4), (2, 0)]


def session(who: Any, day: date, *, turns: int, minutes: int, at: timedelta = timedelta(0)) -> None:
    start = NOON + (day - FRIDAY) + at
    lasted = timedelta(minutes=minutes)
    Session.objects.create(
        subject=who,
        is_internal=False,
        started_at=start,
        ended_at=start + lasted,
        local_day=day,
        turns=turns,
        duration_ms=lasted // timedelta(milliseconds=1),
        **ZONE,
    )
    before = {"sessions": 0, "people": 0, "turns": 0, "duration_ms": 0, "one_turn": 0}
    of_day, _ = SessionDay.objects.get_or_create(local_day=day, is_internal=False, defaults={**before, **ZONE})
    of_day.sessions += 1
    of_day.people = Session.objects.filter(local_day=day).values("subject").distinct().count()
    of_day.turns += turns
    of_day.duration_ms += minutes * 60_000
    of_day.one_turn += turns == 1
    of_day.save()


def test_whoever_sits_down_twice_is_one_person_with_two_sessions() -> None:
    session(LI, FRIDAY - DAY, turns=5, minutes=9)
    session(LI, FRIDAY, turns=3, minutes=4)
    session(LI, FRIDAY, turns=1, minutes=1, at=timedelta(hours=3))
    session(WANG, FRIDAY, turns=2, minutes=1)
    found = asked("sessions", first_day=FRIDAY - DAY).asked
    friday = of(found)[1]
    assert (friday.sessions, friday.session_people, friday.session_turns) == (3, 2, 6)
    assert (friday.turns_per_session, friday.session_mean_ms) == (Decimal(2), 120_000)
    assert friday.one_turn_session_share == Ratio(numerator=1, denominator=3)
    assert (total(found).sessions, total(found).session_people) == (4, 2)


def test_weeks_and_months_are_whole_and_the_present_one_is_unfinished() -> None:
    week = {"returning": 1, "resurrecting": 0, "dormant": 2, **ZONE}
    LifecycleDay.objects.create(period="week", period_start=date(2026, 11, 9), organic=True, active=4, new=3, **week)
    found = asked("lifecycle", first_day=FRIDAY - 7 * DAY, by=(Dimension.WEEK,)).asked
    assert [(row.group[Dimension.WEEK], row.is_complete) for row in found.rows] == [
        (date(2026, 11, 9), True),
        (date(2026, 11, 16), False),
    ]
    assert [(row.active, row.new, row.dormant) for row in of(found)] == [(4, 3, 2), (0, 0, 0)]
    months = asked("lifecycle", first_day=date(2026, 9, 30), by=(Dimension.MONTH,)).asked
    assert [row.group[Dimension.MONTH] for row in months.rows] == [
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 11, 1),
    ]


def cohort(day: date, n: int, *, members: int, on: int, period: str = "day", organic: bool = True) -> None:
    counts = {"members": members, "on": on, "on_or_after": 0}
    CohortDay.objects.create(period=period, cohort=day, n=n, organic=organic, **ZONE, **counts)


def test_what_is_not_over_yet_is_not_known() -> None:
    for n in (0, 1, 2):
        cohort(FRIDAY - DAY, n, members=4, on=4 - n)
    found = asked("retention", first_day=FRIDAY - DAY).asked
    assert [row.retained_on for row in of(found)] == [Ratio(numerator=4, denominator=4), *[None] * 56]
    assert [row.is_complete for row in found.rows] == [True, *[False] * 56]
    assert {row.retained_on_or_after for row in of(found)} == {None}
    late = of(asked("retention", at=LATER, first_day=FRIDAY - DAY).asked)
    assert [row.retained_on.numerator for row in late] == [4, 3, 2, *[0] * 54]
    assert {row.retained_on_or_after.denominator for row in late} == {4}


def test_those_who_left_early_are_still_members() -> None:
    """Of people whom a campaign brought nobody was seen after their first day: their rows end there."""
    cohort(FRIDAY - 9 * DAY, 0, members=2, on=2)
    cohort(FRIDAY - 9 * DAY, 1, members=2, on=2)
    cohort(FRIDAY - 9 * DAY, 0, members=6, on=6, organic=False)
    found = asked("retention", first_day=FRIDAY - 9 * DAY).asked
    assert [row.retained_on for row in of(found)][:2] == [
        Ratio(numerator=8, denominator=8),
        Ratio(numerator=2, denominator=8),
    ]


def test_a_mean_weighs_the_cohorts_that_are_closed() -> None:
    """A mean of rates would say 75 %; and the cohort of yesterday has no day 1 yet."""
    for days, members, on in ((5, 1, 1), (4, 9, 4), (1, 100, 0)):
        cohort(FRIDAY - days * DAY, 0, members=members, on=members)
        cohort(FRIDAY - days * DAY, 1, members=members, on=on)
    found = asked("retention", first_day=FRIDAY - 6 * DAY, by=()).asked
    mean = of(found)[1]
    assert (mean.members, mean.retained_on) == (10, Ratio(numerator=5, denominator=10))
    assert (mean.retained_on_low, mean.retained_on_high) == (Decimal("0.236593"), Decimal("0.763407"))


def test_weekly_cohorts_close_by_weeks() -> None:
    monday = date(2026, 11, 9)
    for n in (0, 1):
        cohort(monday, n, members=3, on=2, period="week")
    found = asked("retention", first_day=monday + DAY, by=(Dimension.COHORT_WEEK,)).asked
    assert [row.group for row in found.rows] == [{Dimension.COHORT_WEEK: monday, Dimension.OFFSET: n} for n in range(9)]
    assert [row.retained_on is None for row in of(found)] == [False, *[True] * 8]


def test_brackets_close_with_their_last_day() -> None:
    for first, last, active in ((1, 1, 2), (2, 7, 1)):
        counts = {"organic": True, "members": 4, "active": active, **ZONE}
        CohortBracket.objects.create(cohort=FRIDAY - 5 * DAY, first_n=first, last_n=last, **counts)
    found = asked("retention_brackets", first_day=FRIDAY - 5 * DAY).asked
    assert [row.group[Dimension.BRACKET] for row in found.rows] == ["1", "2-7"]
    assert [row.retained_in for row in of(found)] == [Ratio(numerator=2, denominator=4), None]


def adoption(day: date, **counts: int) -> None:
    AdoptionDay.objects.create(local_day=day, scenario="writing", organic=True, **ZONE, **counts)


def test_each_step_of_adoption_is_known_when_its_days_are_over() -> None:
    steps = {"saw": 10, "tried": 6, "repeated": 3, "retained": 1, "satisfied": 2, "organic_tried": 4}
    for days in (3, 8, 15, 18, 36):
        adoption(FRIDAY - days * DAY, **steps)
    found = asked("scenario_adoption", first_day=FRIDAY - 60 * DAY, by=(Dimension.COHORT,)).asked
    assert [(row.tried, row.repeated, row.satisfied, row.retained) for row in of(found)] == [
        (6, 3, 2, 1),
        (6, 3, 2, None),
        (6, 3, None, None),
        (6, None, None, None),
        (None, None, None, None),
    ]
    assert of(found)[0].tried_share == Ratio(numerator=6, denominator=10)
    assert of(found)[0].retained_share == Ratio(numerator=1, denominator=3)


def test_the_funnel_of_a_range_is_of_closed_cohorts_only() -> None:
    adoption(FRIDAY - 40 * DAY, saw=10, tried=5, repeated=2, retained=1)
    adoption(FRIDAY - 39 * DAY, saw=10, tried=5, repeated=2, retained=1)
    adoption(FRIDAY - 2 * DAY, saw=1000)
    (funnel,) = of(asked("scenario_adoption", first_day=FRIDAY - 60 * DAY).asked)
    assert (funnel.saw, funnel.tried, funnel.repeated, funnel.retained) == (20, 10, 4, 2)


def person_day(who: Any, day: date, **counts: Any) -> None:
    where = {"scenario": "writing", "model": "qwen-plus", "channel": "web", "is_internal": False}
    UserDay.objects.create(local_day=day, subject=who, **ZONE, **{**where, **counts})


def test_people_are_named_by_pseudonyms_and_sorted_by_what_they_do() -> None:
    person_day(LI, FRIDAY, turns=2)
    person_day(LI, FRIDAY - DAY, turns=1)
    person_day(WANG, FRIDAY, turns=9, valued=8, satisfied=3)
    FirstDay.objects.create(subject=LI, grouping="total", is_internal=False, local_day=FRIDAY - 99 * DAY, **ZONE)
    found = asked("people", first_day=FRIDAY - 6 * DAY).asked
    assert [row.group[Dimension.PERSON] for row in found.rows] == [
        pseudonym(who, audience="tests") for who in (WANG, LI)
    ]
    wang, li = of(found)
    assert (wang.turns, wang.valued_turns, wang.satisfied_answers, wang.active_days) == (9, 8, 3, 1)
    assert (li.turns, li.active_days, li.first_active, li.last_active) == (3, 2, FRIDAY - 99 * DAY, FRIDAY)


def test_no_scenario_is_none_that_somebody_used() -> None:
    for scenario in ("writing", "study", ""):
        person_day(LI, FRIDAY, turns=1, scenario=scenario)
    (li,) = of(asked("people").asked)
    assert (li.turns, li.scenarios_used) == (3, 2)
