"""Another reporting zone when days are sealed already: what is final stays, the rest is counted anew."""

from collections import Counter
from datetime import date
from functools import partial
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.test import override_settings

from tests.usage import cast, oracle, written
from tests.usage.asking import asked
from tests.usage.cast import LI, NOON, WANG
from tests.usage.oracle import Ledger
from tests.usage.retention import DAY, seal
from usage import rollup
from usage.models import LatencyDay, PeopleDay, Session, UsageDay, UsageWindow, UserDay
from usage.reports.dimensions import Dimension
from usage.rollup.sealing import sealed_until, whole_days_from

pytestmark = pytest.mark.django_db

ZONES = ("America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
"""Behind Shanghai and ahead of it, by whole hours and by quarters."""
DAYS = 5
OF_A_DAY: tuple[Any, ...] = (UsageDay, LatencyDay, UserDay, PeopleDay, Session)


@pytest.fixture
def ledger() -> Ledger:
    """A turn every six hours, by turns of li and wang; the first two days of Shanghai are sealed."""
    ledger = Ledger()
    for number in range(4 * DAYS):
        turn = cast.turn(str(number), who=(LI, WANG)[number % 2], at=NOON + number * DAY / 4)
        cast.talk(cast.ending(turn))
        ledger.accepted(turn)
        ledger.finished(cast.ending(turn))
    rollup.drain_all(now=NOON)
    assert seal(until=NOON + DAY).days == 2
    return ledger


def final() -> list[list[tuple[object, ...]]]:
    """Whatever was made of facts that are gone."""
    until = sealed_until()
    sealed_days = Q(local_day__lt=until.astimezone(ZoneInfo("Asia/Shanghai")).date())
    rows: list[Any] = [table._default_manager.filter(sealed_days).values_list() for table in OF_A_DAY]
    rows.append(UsageWindow.objects.filter(window_start__lt=until).values_list())
    return [sorted(each, key=repr) for each in rows]


def since(first_day: date, rows: dict[Any, Any]) -> dict[Any, Any]:
    return {key: row for key, row in rows.items() if key[0] >= first_day}


@pytest.mark.parametrize("key", ZONES)
def test_sealed_days_stay_and_all_days_of_which_all_facts_are_there_are_counted_anew(ledger: Ledger, key: str) -> None:
    before, zone = final(), ZoneInfo(key)
    with override_settings(REPORTING_TIME_ZONE=key):
        call_command("usage_rebuild", stdout=StringIO())
        first_day = whole_days_from().astimezone(zone).date()
        day_of = partial(oracle.day_of, zone=zone)
        assert final() == before
        assert since(first_day, written.usage_days()) == since(first_day, oracle.usage_rows(ledger, day_of))
        assert since(first_day, written.latency_days()) == since(first_day, oracle.latency_rows(ledger, zone))
        assert since(first_day, written.user_days()) == since(first_day, oracle.user_days(ledger, zone))
        assert since(first_day, written.people_days()) == since(first_day, oracle.people_days(ledger, zone))
        assert len(since(first_day, written.user_days())) >= DAYS - 2


def volumes(key: str, **during: date) -> dict[Any, int]:
    """Turns by day, as the report says."""
    rows = asked("volume", at=NOON + 10 * DAY, zone=key, **during).asked.rows
    return {row.group[Dimension.DAY]: row.measures.turns for row in rows if row.measures}


@pytest.mark.usefixtures("everybody_is_shown")
@pytest.mark.parametrize("key", ZONES)
def test_volume_is_exact_whatever_zone_its_days_were_sealed_in(ledger: Ledger, key: str) -> None:
    """Also of the day that is cut in two by the seal, of which no row was made, and of the days before the rebuild."""
    zone = ZoneInfo(key)
    turns = Counter(oracle.day_of(turn.occurred_at, zone) for turn in ledger.turns.values())
    during = {"first_day": min(turns), "last_day": max(turns)}
    with override_settings(REPORTING_TIME_ZONE=key):
        for _ in range(2):
            assert volumes(key, **during) == turns
            for day in turns:
                assert volumes(key, first_day=day, last_day=day) == {day: turns[day]}
            call_command("usage_rebuild", stdout=StringIO())


@pytest.mark.usefixtures("everybody_is_shown")
@pytest.mark.parametrize("is_sealed", [True, False])
def test_volume_is_exact_of_a_day_that_has_no_row(is_sealed: bool) -> None:
    """An hour before midnight in Shanghai is the next day on Lord Howe, which is not counted yet, or never will be."""
    at = NOON.replace(hour=15)
    cast.talk(cast.ending(cast.turn("late in the evening", at=at)))
    rollup.drain_all(now=NOON)
    if is_sealed:
        seal(until=NOON + DAY)
    day = oracle.day_of(at, ZoneInfo("Australia/Lord_Howe"))
    with override_settings(REPORTING_TIME_ZONE="Australia/Lord_Howe"):
        assert day == NOON.date() + DAY
        assert volumes("", first_day=day, last_day=day) == {day: 1}
