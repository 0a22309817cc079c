"""Facts arrive, rollups run, and every row is what the oracle says."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from conversations import events
from tests.usage import cast, oracle, oracle_conversations, oracle_people, oracle_returns, oracle_windows, written
from tests.usage.histories import Arrival, Story
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import Mark


def live(history: list[Arrival], *, now: datetime = cast.NOON) -> Ledger:
    """Let it happen, with the rollup running whenever the history says so."""
    ledger = Ledger()
    for arrival in history:
        match arrival.event:
            case events.TurnAccepted() as event:
                cast.accept(event.turn)
                ledger.accepted(event.turn)
            case events.GenerationFinished() as event:
                cast.finish(event)
                ledger.finished(event)
            case events.UpstreamCallEnded() as event:
                cast.end_calls(event)
                ledger.called(event)
            case events.Engagement() as event:
                cast.engage(event)
                ledger.engaged(event)
        if arrival.then_drain:
            rollup.drain(now=now)
    rollup.drain(now=now)
    return ledger


def lived(story: Story) -> Ledger:
    """In its own time, so that nothing is old enough to be forgotten. The caller sets its zone."""
    return live(story.arrivals, now=story.start)


def assert_exact(ledger: Ledger, zone: ZoneInfo) -> None:
    assert not Mark.objects.exists()
    assert written.usage_windows() == oracle.usage_rows(ledger, oracle.window_of)
    assert written.usage_days() == oracle.usage_rows(ledger, partial(oracle.day_of, zone=zone))
    assert written.latency_days() == oracle.latency_rows(ledger, zone)
    assert written.user_days() == oracle.user_days(ledger, zone)
    assert written.organic_user_days() == oracle.organic_user_days(ledger, zone)
    assert written.people_days() == oracle.people_days(ledger, zone)
    assert written.organic_people_days() == oracle.organic_people_days(ledger, zone)
    assert written.busy_windows() == oracle_windows.busy_windows(ledger)
    assert written.call_days() == oracle_windows.call_days(ledger, zone)
    assert written.conversation_days() == oracle_conversations.conversation_days(ledger, zone)
    assert written.latency_windows() == oracle_windows.latency_windows(ledger)
    assert_people_exact(ledger, zone)


def assert_people_exact(ledger: Ledger, zone: ZoneInfo) -> None:
    days = oracle_people.days_of(ledger, zone)
    assert written.acquisitions() == oracle_people.acquisitions(days)
    assert written.first_days() == oracle_people.first_days(days)
    assert written.active_days() == oracle_people.active_days(days)
    assert written.active_spread() == oracle_people.active_spread(days)
    assert written.lifecycle() == oracle_people.lifecycle(days)
    assert written.returns() == oracle_returns.returns(ledger, days, zone)
    assert written.cohorts() == oracle_people.cohorts(days)
    assert written.brackets() == oracle_people.brackets(days)
    assert written.cohort_costs() == oracle_people.cohort_costs(ledger, days, zone)
    assert written.adoption() == oracle_people.adoption(days)
    assert written.sessions() == oracle_people.sessions(ledger)
    assert written.session_days() == oracle_people.session_days(ledger, zone)
