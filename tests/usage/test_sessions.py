"""Where a session begins, how long it lasts, and what happens when a late turn joins two of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.usage import cast, oracle_people, written
from tests.usage.cast import LI, NOON, WANG
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import Session, SessionDay

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""In Shanghai, between 20 and 21 November."""
MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)


class People:
    """They talk, and the ledger of the oracle hears it too."""

    def __init__(self) -> None:
        self.ledger = Ledger()

    def ask(self, *moments: datetime, lasting: timedelta = timedelta(), who: UUID = LI, internal: bool = False) -> None:
        for moment in moments:
            turn = cast.turn(f"{who} {moment}", who=who, at=moment, is_internal=internal)
            end = cast.ending(turn, duration_ms=lasting // timedelta(milliseconds=1), calls=())
            cast.talk(end)
            self.ledger.accepted(turn)
            self.ledger.finished(end)

    def sessions(self) -> list[tuple[datetime, timedelta, int]]:
        """Of li: start, length, turns. All of everybody's are what the oracle says."""
        rollup.drain_all(now=NOON)
        assert written.sessions() == oracle_people.sessions(self.ledger)
        assert written.session_days() == oracle_people.session_days(self.ledger, SHANGHAI)
        rows = Session.objects.filter(subject=LI).order_by("started_at", "is_internal")
        return [(row.started_at, row.ended_at - row.started_at, row.turns) for row in rows]


@pytest.fixture
def people() -> People:
    return People()


@pytest.mark.parametrize(("pause", "sessions"), [(30 * MINUTE, 1), (30 * MINUTE + MICROSECOND, 2)])
def test_a_pause_is_more_than_thirty_minutes_from_the_end_of_the_turn_before(
    people: People, pause: timedelta, sessions: int
) -> None:
    people.ask(NOON, lasting=2 * MINUTE)
    people.ask(NOON + 2 * MINUTE + pause)
    assert len(people.sessions()) == sessions


def test_an_answer_nobody_may_be_waiting_for_any_more_keeps_a_session_open_for_thirty_minutes(people: People) -> None:
    people.ask(NOON, lasting=timedelta(hours=3))
    people.ask(NOON + timedelta(hours=2))
    assert people.sessions() == [(NOON, 30 * MINUTE, 1), (NOON + timedelta(hours=2), timedelta(), 1)]


def test_a_long_answer_reaches_over_a_short_one(people: People) -> None:
    people.ask(NOON, lasting=25 * MINUTE)
    people.ask(NOON + MINUTE)
    people.ask(NOON + 54 * MINUTE)
    assert people.sessions() == [(NOON, 54 * MINUTE, 3)]


def test_a_late_turn_joins_two_sessions(people: People) -> None:
    people.ask(NOON, NOON + 50 * MINUTE)
    assert len(people.sessions()) == 2
    people.ask(NOON + 25 * MINUTE)
    assert people.sessions() == [(NOON, 50 * MINUTE, 3)]


def test_a_late_turn_after_midnight_makes_two_days_one_session(people: People) -> None:
    people.ask(MIDNIGHT - 20 * MINUTE, MIDNIGHT + 35 * MINUTE)
    assert len(people.sessions()) == 2
    people.ask(MIDNIGHT + 5 * MINUTE)
    assert people.sessions() == [(MIDNIGHT - 20 * MINUTE, 55 * MINUTE, 3)]
    assert list(SessionDay.objects.values_list("local_day", "sessions")) == [(date(2026, 11, 20), 1)]


@pytest.mark.parametrize("hours", [3, 26, 50])
def test_a_session_is_one_however_long_and_in_whatever_order_it_is_told(people: People, hours: int) -> None:
    """Turns every 30 minutes, the even ones first: each alone, until the odd ones join them."""
    moments = [MIDNIGHT - timedelta(hours=2) + n * 30 * MINUTE for n in range(2 * hours)]
    people.ask(*moments[::2])
    assert len(people.sessions()) == hours
    people.ask(*moments[1::2])
    assert people.sessions() == [(moments[0], moments[-1] - moments[0], 2 * hours)]


def test_people_and_internal_turns_have_sessions_of_their_own(people: People) -> None:
    people.ask(NOON)
    people.ask(NOON + MINUTE, who=WANG)
    people.ask(NOON + MINUTE, internal=True)
    assert [turns for _, _, turns in people.sessions()] == [1, 1]
    rows = SessionDay.objects.order_by("is_internal").values_list("is_internal", "sessions", "people")
    assert list(rows) == [(False, 2, 2), (True, 1, 1)]


def test_what_is_there_and_should_not_be_is_replaced(people: People) -> None:
    people.ask(NOON, MIDNIGHT + MINUTE)
    people.sessions()
    Session.objects.update(turns=9)
    rollup.mark_days(rollup.recorded_days())
    assert [turns for _, _, turns in people.sessions()] == [1, 1]
