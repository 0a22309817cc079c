"""What reports say of days whose rows of single people are purged: the same as before, or that it cannot be said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from tests.usage.asking import DAY, FRIDAY, asked, total
from tests.usage.cast import NOON
from tests.usage.retention import seal, three_days
from usage.errors import BadRange
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.registry import REPORTS
from usage.reports.report import Report
from usage.reports.usage_by_day import usage_by_day
from usage.rollup import sealing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

LATER = NOON + timedelta(days=402)
SUNDAY = FRIDAY + 2 * DAY
SINGLE_PEOPLE = {"people", "scenario_breadth", "scenario_co_use", "sessions"}


@pytest.fixture(autouse=True)
def _three_days() -> None:
    three_days()
    seal(until=NOON + DAY)


def forget_friday() -> None:
    assert sealing.purge_people(now=NOON + 401 * DAY, keep_days=400).days == 1


def asked_of_all(name: str, **params: Any) -> Report[Any]:
    return asked(name, at=LATER, first_day=FRIDAY, last_day=SUNDAY, **params)


def said(name: str) -> dict[tuple[str, ...], Any]:
    """By every grouping there is; None where it is refused."""
    found: dict[tuple[str, ...], Any] = {}
    for by in (tuple(sorted(time | others)) for time in REPORTS[name].times for others in REPORTS[name].combinations):
        try:
            found[by] = asked_of_all(name, by=by).asked
        except BadRange:
            found[by] = None
    return found


@pytest.mark.parametrize("name", sorted(REPORTS.keys() - {"trust", "unit_economics"}))
def test_no_number_is_another_one_when_people_are_purged(name: str) -> None:
    before = said(name)
    forget_friday()
    for by, stretch in said(name).items():
        if stretch is not None:
            assert stretch.rows == before[by].rows
            assert stretch.total in (None, before[by].total)


@pytest.mark.parametrize("name", sorted(SINGLE_PEOPLE))
def test_what_is_read_from_single_people_is_refused_and_the_first_possible_day_is_said(name: str) -> None:
    forget_friday()
    with translation.override("en"), pytest.raises(BadRange, match="which is kept from 2026-11-21 on"):
        asked_of_all(name, by=())
    asked(name, at=LATER, first_day=FRIDAY + DAY, last_day=SUNDAY, by=())


def test_people_of_a_range_by_model_or_with_internal_ones_are_refused() -> None:
    forget_friday()
    for params in ({"by": (Dimension.MODEL,)}, {"by": (), "include_internal": True}, {"by": (), "channel": "web"}):
        with pytest.raises(BadRange):
            asked_of_all("usage", **params)
    with pytest.raises(BadRange):
        usage_by_day(UsageQuery(first_day=FRIDAY, last_day=SUNDAY, include_internal=True), now=LATER)


def test_days_of_a_model_stay_and_only_their_total_goes() -> None:
    forget_friday()
    found = asked_of_all("usage", model="qwen-plus").asked
    assert [row.measures.active_users for row in found.rows if row.measures] == [1, 1, 1]
    assert found.total is None


def test_a_comparison_with_days_of_people_who_are_purged_is_refused() -> None:
    forget_friday()
    week = {"first_day": FRIDAY + 7 * DAY, "last_day": FRIDAY + 8 * DAY, "by": (Dimension.MODEL,), "at": LATER}
    asked("usage", **week)
    with pytest.raises(BadRange):
        asked("usage", compare=True, **week)


def test_what_people_cost_stays_and_how_few_they_were_is_not_known() -> None:
    before = total(asked_of_all("unit_economics").asked)
    forget_friday()
    after = total(asked_of_all("unit_economics").asked)
    assert (after.active_users, after.cost_per_active_user) == (before.active_users, before.cost_per_active_user)
    assert before.top_share.value is not None
    assert after.top_share.value is None
