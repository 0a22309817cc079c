"""How busy and how slow endpoints were, and what came after their calls, in plain Python over the events.

Shares no code with the product.
"""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from conversations import events
from tests.usage import oracle
from tests.usage.oracle import Ledger, Row

QUARTER = timedelta(minutes=15)
MS = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def busy_windows(ledger: Ledger) -> dict[Row, tuple[int, int, int, int]]:
    """By (window, endpoint): busy ms, peak, calls begun, failed of these."""
    overlapping: dict[Row, list[events.UpstreamCallEnded]] = defaultdict(list)
    for call, _ in ledger.calls.values():
        window = oracle.window_of(call.started_at)
        overlapping[window, call.endpoint].append(call)
        while (window := window + QUARTER) < call.ended_at:
            overlapping[window, call.endpoint].append(call)
    return {key: _busy(key[0], calls) for key, calls in overlapping.items()}


def _busy(window: datetime, calls: list[events.UpstreamCallEnded]) -> tuple[int, int, int, int]:
    cut = [(max(call.started_at, window), min(call.ended_at, window + QUARTER)) for call in calls]
    begun = [call for call in calls if call.started_at >= window]
    return (
        sum((end - EPOCH) // MS - (start - EPOCH) // MS for start, end in cut),
        max(sum(start <= moment < end for start, end in cut) for moment, _ in cut),
        len(begun),
        sum(bool(call.error) for call in begun),
    )


def latency_windows(ledger: Ledger) -> Counter[Row]:
    """By (window, measure, endpoint, internal, bucket)."""
    rows: Counter[Row] = Counter()
    for end in ledger.endings.values():
        window = oracle.window_of(end.turn.occurred_at)
        measures = {"queue": end.queue_ms, "first_token": end.first_token_ms, "duration": end.duration_ms}
        for measure, ms in measures.items():
            if ms is not None:
                rows[window, measure, end.endpoint, end.turn.is_internal, oracle.bucket(ms)] += 1
    return rows


def call_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, Row]:
    """By (day, scenario, model, endpoint, channel, currency): asked first, failed over, answered elsewhere, pico."""
    rows: dict[Row, list[int]] = defaultdict(lambda: [0] * 4)
    turns = {end.turn.generation: end.turn for end in ledger.endings.values()}
    for call, channel in ledger.calls.values():
        if call.purpose == "answer":
            day, priced = oracle.day_of(call.started_at, zone), call.cost.pico is not None
            group = (call.scenario, call.model, call.endpoint, channel, call.cost.currency if priced else "")
            turn = turns.get(call.call_of)
            wasted = turn is not None and not call.error and _is_superseded(ledger, turn, day, zone)
            counts = [*_failover(ledger, call), (call.cost.pico or 0) if wasted else 0]
            row = rows[day, *group]
            row[:] = [before + one for before, one in zip(row, counts, strict=True)]
    return {key: tuple(row) for key, row in rows.items()}


def _failover(ledger: Ledger, first: events.UpstreamCallEnded) -> tuple[bool, bool, bool]:
    if first.attempt > 1:
        return False, False, False
    run = [call for call, _ in ledger.calls.values() if (call.call_of, call.epoch) == (first.call_of, first.epoch)]
    elsewhere = [call for call in run if call.attempt > 1 and call.endpoint != first.endpoint]
    return True, bool(elsewhere), any(not call.error for call in elsewhere)


def _is_superseded(ledger: Ledger, turn: events.Turn, day: date, zone: ZoneInfo) -> bool:
    """Of answers asked for on that day or the one before it."""
    asked_at = [
        done.about.occurred_at
        for done in ledger.engagements.values()
        if done.kind in ("regenerated", "edited") and done.about and done.about.answer == turn.answer
    ]
    return any((day - oracle.day_of(moment, zone)).days in (0, 1) for moment in asked_at)
