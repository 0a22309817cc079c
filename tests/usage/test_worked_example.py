"""The worked example of the definitions, with what makes counting people hard: midnight, late facts, erasure."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from conversations.events import EngagementKind
from tests.usage import cast
from usage import erasure, rollup
from usage.models import (
    ActiveDay,
    ActiveSpread,
    CohortBracket,
    CohortDay,
    Erasure,
    FirstDay,
    Level,
    LifecycleDay,
    Period,
    Session,
    TurnAccepted,
    UsageRecord,
)
from usage.recording import MarkKey, put_marks

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
DAY_1 = datetime(2026, 10, 1, 12, tzinfo=SHANGHAI)
PEOPLE = {1: (1, 2, 3, 8), 2: (1, 3), 3: (2,), 4: (3, 4, 5, 6, 7), 5: (8,)}
DAYS = range(1, 10)


def subject(who: int) -> UUID:
    return UUID(int=(0x7000_8000_0000 + who) << 64 | 0x8000_0000_0000_0000 + who)


def at(day: int) -> datetime:
    return DAY_1 + (day - 1) * DAY


def comes(who: int, day: int, *, moment: datetime | None = None) -> None:
    cast.talk(cast.ending(cast.turn(f"{who} {day} {moment}", who=subject(who), at=moment or at(day))))


def drain() -> None:
    rollup.drain_all(now=at(40))


@pytest.fixture(autouse=True)
def _history() -> None:
    for who, days in PEOPLE.items():
        for day in days:
            comes(who, day)
    drain()


def local(day: int) -> date:
    return at(day).date()


def active(name: str) -> list[int]:
    rows = dict(ActiveDay.objects.filter(organic=True).values_list("local_day", name))
    return [rows.get(local(day), 0) for day in DAYS]


def lifecycle(period: Period = Period.DAY) -> dict[date, tuple[int, ...]]:
    rows = LifecycleDay.objects.filter(period=period).order_by("period_start")
    names = ("new", "returning", "resurrecting", "dormant")
    return {row.period_start: tuple(getattr(row, name) for name in names) for row in rows}


def cohort(day: int, name: str) -> list[int]:
    rows = dict(CohortDay.objects.filter(period=Period.DAY, cohort=local(day)).values_list("n", name))
    return [rows.get(n, 0) for n in range(8)]


def brackets(day: int) -> list[tuple[int, int]]:
    rows = CohortBracket.objects.filter(cohort=local(day)).order_by("first_n")
    return list(rows.values_list("members", "active"))


def test_active_people() -> None:
    assert active("dau") == [2, 2, 3, 1, 1, 1, 1, 2, 0]
    assert active("wau") == [2, 3, 4, 4, 4, 4, 4, 5, 4]
    assert active("mau28") == [2, 3, 4, 4, 4, 4, 4, 5, 5]
    assert active("valued_wau") == active("wau")


def test_a_month_is_28_days_or_30_to_the_day() -> None:
    """Day 31 reaches back to day 2, when u3 was here and never again, or to day 4."""
    comes(5, 31)
    drain()
    rows = {row.local_day: row for row in ActiveDay.objects.filter(organic=True)}
    assert (rows[local(31)].dau, rows[local(31)].wau) == (1, 1)
    assert (rows[local(31)].mau28, rows[local(31)].mau30) == (3, 5)
    assert (rows[local(32)].mau28, rows[local(32)].mau30) == (3, 4)


def test_spread() -> None:
    """On day 8: u1 on 3 of the trailing seven days (2, 3, 8), u4 on 5, u2, u3 and u5 on one."""
    rows = ActiveSpread.objects.filter(local_day=local(8), valued=False, span=7)
    assert dict(rows.values_list("active_days", "people")) == {1: 3, 3: 1, 5: 1}


def test_spread_adds_up_to_the_active_days_of_the_span() -> None:
    rows = ActiveSpread.objects.filter(local_day=local(9), valued=False, span=28)
    assert sum(row.active_days * row.people for row in rows) == sum(active("dau"))


def test_lifecycle() -> None:
    found = lifecycle()
    assert [found[local(day)] for day in DAYS] == [
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


def test_lifecycle_of_iso_weeks_and_months() -> None:
    """Day 1 is a Thursday, so that day 5 begins the second week."""
    assert lifecycle(Period.WEEK) == {
        date(2026, 9, 28): (4, 0, 0, 0),
        date(2026, 10, 5): (1, 2, 0, 2),
        date(2026, 10, 12): (0, 0, 0, 3),
    }
    assert lifecycle(Period.MONTH) == {date(2026, 10, 1): (5, 0, 0, 0), date(2026, 11, 1): (0, 0, 0, 5)}


def test_retention() -> None:
    assert cohort(1, "on") == [2, 1, 2, 0, 0, 0, 0, 1]
    assert cohort(1, "on_or_after") == [2, 2, 2, 1, 1, 1, 1, 1]
    assert brackets(1) == [(2, 1), (2, 2), (2, 0), (2, 0)]
    assert cohort(3, "on") == [1, 1, 1, 1, 1, 0, 0, 0]
    assert cohort(4, "members") == [0] * 8


def test_on_or_after_looks_56_days_far() -> None:
    comes(3, 2 + 57)
    drain()
    assert cohort(2, "on_or_after") == [1, 0, 0, 0, 0, 0, 0, 0]
    comes(3, 2 + 56)
    drain()
    assert cohort(2, "on_or_after") == [1] * 8


def test_a_session_over_midnight_is_of_the_day_it_begins_and_both_days_are_active() -> None:
    """u5, on the evening of day 8 and on into day 9."""
    for minutes in (-20, 5, 30):
        comes(5, 9, moment=DAY_1.replace(hour=0) + 8 * DAY + timedelta(minutes=minutes))
    drain()
    night = Session.objects.get(subject=subject(5), turns=3)
    assert (night.local_day, night.duration_ms) == (local(8), 50 * 60_000 + 4000)
    assert active("dau") == [2, 2, 3, 1, 1, 1, 1, 2, 1]
    assert lifecycle()[local(9)] == (0, 1, 0, 1)


def test_a_first_day_that_is_told_late_moves_its_person_to_another_cohort() -> None:
    """u4 was here on day 1 already."""
    comes(4, 1)
    drain()
    assert FirstDay.objects.get(subject=subject(4), grouping="total").local_day == local(1)
    assert active("dau")[0] == 3
    assert cohort(1, "members")[0] == 3
    assert cohort(1, "on") == [3, 1, 3, 1, 1, 1, 1, 1]
    assert not CohortDay.objects.filter(cohort=local(3)).exists()
    assert [lifecycle()[local(day)] for day in (1, 2, 3)] == [(3, 0, 0, 0), (1, 1, 0, 2), (0, 1, 2, 1)]


def test_a_first_day_that_is_taken_back_moves_its_person_to_the_next_one() -> None:
    """u4 was not here on day 3 after all."""
    facts = {"subject": subject(4), "window_start": at(3)}
    for table in (TurnAccepted, UsageRecord):
        table.objects.filter(**facts).purge()
    put_marks([MarkKey(Level.PERSON, at(3), subject(4))])
    drain()
    assert FirstDay.objects.get(subject=subject(4), grouping="total").local_day == local(4)
    assert not CohortDay.objects.filter(cohort=local(3)).exists()
    assert cohort(4, "on") == [1, 1, 1, 1, 0, 0, 0, 0]
    assert [lifecycle()[local(day)] for day in (3, 4)] == [(0, 1, 1, 1), (1, 0, 0, 2)]


def test_somebody_erased_with_all_their_facts_was_never_there() -> None:
    """u1, who was alone in coming back on day 8 and on day 2."""
    erasure.request(subject(1), now=at(10), mode=Erasure.Mode.REMOVE)
    erasure.erase_due(now=at(10))
    drain()
    assert active("dau") == [1, 1, 2, 1, 1, 1, 1, 1, 0]
    assert cohort(1, "on") == [1, 0, 1, 0, 0, 0, 0, 0]
    assert lifecycle()[local(8)] == (1, 0, 0, 1)
    assert not Session.objects.filter(subject=subject(1)).exists()


def test_whom_a_campaign_brought_is_counted_apart() -> None:
    told = cast.engagement(EngagementKind.ACQUIRED, who=subject(2), value="spring", at=at(1))
    cast.engage(told)
    drain()
    assert active("dau") == [1, 2, 2, 1, 1, 1, 1, 2, 0]
    assert dict(ActiveDay.objects.filter(organic=False, dau__gt=0).values_list("local_day", "dau")) == {
        local(1): 1,
        local(3): 1,
    }
    third = CohortDay.objects.filter(period=Period.DAY, cohort=local(1), n=2)
    assert set(third.values_list("organic", "members", "on")) == {(True, 1, 1), (False, 1, 1)}
