"""What every number must be, in plain Python over the events themselves. Shares no code with the product."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from conversations import events

Row = tuple[Any, ...]


@dataclass
class Ledger:
    """The facts as they should stand: the first event of each unique key."""

    turns: dict[Row, events.Turn] = field(default_factory=dict)
    endings: dict[Row, events.GenerationFinished] = field(default_factory=dict)
    calls: dict[Row, tuple[events.UpstreamCallEnded, str]] = field(default_factory=dict)
    """With the channel, which only a call that came with its ending has."""

    def accepted(self, turn: events.Turn) -> None:
        self.turns.setdefault((turn.generation, turn.occurred_at), turn)

    def finished(self, ending: events.GenerationFinished) -> None:
        self.endings.setdefault((ending.turn.generation, ending.turn.occurred_at), ending)
        for call in ending.calls:
            self.called(call, ending.turn.channel)

    def called(self, call: events.UpstreamCallEnded, channel: str = "") -> None:
        self.calls.setdefault((call.call_of, call.epoch, call.attempt), (call, channel))


def bucket(ms: int) -> int:
    power, number = Fraction(1), 0
    while power < ms:
        power, number = power * Fraction(51, 49), number + 1
    return number


def percentile(values: Iterable[int], percent: int) -> int | None:
    """The mean of the ends of its bucket, weighted as 2 gamma^i / (gamma + 1) asks."""
    ordered = sorted(bucket(ms) for ms in values)
    if not ordered:
        return None
    rank = max(1, -(-percent * len(ordered) // 100))
    gamma = 51 / 49
    return round(2 * gamma ** ordered[rank - 1] / (gamma + 1))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def window_of(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute - utc.minute % 15, second=0, microsecond=0)


TOKENS = ("input_uncached", "input_cached", "output_visible", "output_reasoning")
KNOWN = tuple(f"{name}_known" for name in TOKENS)
SUMS = ("turns", "endings", "valued", *TOKENS, *KNOWN, "estimated", "calls", "unpriced", "pico")


def usage_rows(ledger: Ledger, when: Any) -> dict[Row, dict[str, int]]:
    """By (when, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal)."""
    rows: dict[Row, Counter[str]] = defaultdict(Counter)
    for turn in ledger.turns.values():
        key = (when(turn.occurred_at), "accepted", turn.scenario, turn.model, "", turn.channel, turn.kind.value)
        rows[*key, "", "", turn.is_internal]["turns"] += 1
    for end in ledger.endings.values():
        turn = end.turn
        key = (when(turn.occurred_at), "ended", turn.scenario, turn.model, end.endpoint, turn.channel, turn.kind.value)
        row = rows[*key, end.outcome, "", turn.is_internal]
        row["endings"] += 1
        row["valued"] += is_valued(end)
        row["estimated"] += end.tokens.source != "reported"
        for name in TOKENS:
            count = getattr(end.tokens, name)
            row[name] += count or 0
            row[f"{name}_known"] += count is not None
    for call, channel in ledger.calls.values():
        currency = "" if call.cost.pico is None else call.cost.currency
        key = (when(call.started_at), "called", call.scenario, call.model, call.endpoint, channel, call.purpose.value)
        row = rows[*key, call.error, currency, call.is_internal]
        row["calls"] += 1
        row["unpriced"] += call.cost.pico is None
        row["pico"] += call.cost.pico or 0
    return {key: {name: row[name] for name in SUMS} for key, row in rows.items()}


def is_valued(end: events.GenerationFinished) -> bool:
    return end.outcome == "completed" and end.visible_characters > 0


def latency_rows(ledger: Ledger, zone: ZoneInfo) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    for end in ledger.endings.values():
        turn = end.turn
        for measure, ms in (
            ("queue", end.queue_ms),
            ("first_token", end.first_token_ms),
            ("duration", end.duration_ms),
        ):
            if ms is not None:
                where = (turn.scenario, turn.model, end.endpoint, turn.channel, turn.is_internal)
                rows[day_of(turn.occurred_at, zone), measure, *where, bucket(ms)] += 1
    return rows


def user_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, int]]:
    turns: Counter[Row] = Counter(_user_day(turn, zone) for turn in ledger.turns.values())
    valued: Counter[Row] = Counter(_user_day(end.turn, zone) for end in ledger.endings.values() if is_valued(end))
    return {key: (turns[key], valued[key]) for key in {*turns, *valued}}


def _user_day(turn: events.Turn, zone: ZoneInfo) -> Row:
    return day_of(turn.occurred_at, zone), turn.subject, turn.scenario, turn.model, turn.channel, turn.is_internal


def people_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, int, int, int]]:
    """(active, valued, active with internal, valued with internal) by (day, grouping, scenario, model, channel)."""
    seen: dict[Row, tuple[set[Any], set[Any], set[Any], set[Any]]] = defaultdict(lambda: (set(), set(), set(), set()))
    for (day, subject, scenario, model, channel, is_internal), (turns, valued) in user_days(ledger, zone).items():
        for group in (
            ("total", "", "", ""),
            ("scenario", scenario, "", ""),
            ("model", "", model, ""),
            ("channel", "", "", channel),
            ("scenario_model", scenario, model, ""),
        ):
            sets = seen[day, *group]
            for people, did, everybody in zip(sets, (turns, valued) * 2, (False, False, True, True), strict=True):
                if did and (everybody or not is_internal):
                    people.add(subject)
    return {key: (len(a), len(b), len(c), len(d)) for key, (a, b, c, d) in seen.items()}
