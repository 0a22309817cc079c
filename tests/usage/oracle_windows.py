"""How busy and how slow endpoints were, in plain Python over the events. Shares no code with the product."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

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
