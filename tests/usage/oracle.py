"""What every number must be, in plain Python over the events themselves. Shares no code with the product."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
    engagements: dict[Row, events.Engagement] = field(default_factory=dict)

    def accepted(self, turn: events.Turn) -> None:
        self.turns.setdefault((turn.generation, turn.occurred_at), turn)

    def finished(self, ending: events.GenerationFinished) -> None:
        self.endings.setdefault((ending.turn.generation, ending.turn.occurred_at), ending)
        for call in ending.calls:
            self.called(call, ending.turn.channel)

    def engaged(self, engagement: events.Engagement) -> None:
        self.engagements.setdefault((engagement.subject, engagement.id), engagement)

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
SIGNALS = ("copied", "shared", "exported", "regenerated")
VERDICTS = ("satisfied_strict", "satisfied_broad", "unsatisfied")
ANSWERS = (
    "answers",
    "shown",
    "abandoned",
    "stopped_early",
    "rated_up",
    "rated_down",
    *SIGNALS,
    "followed_up",
    *VERDICTS,
)
VISITS = {
    "scenario_seen": "scenarios_seen",
    "scenario_chosen": "scenarios_chosen",
    "conversation_started": "conversations",
}
SUMS = (
    *("turns", "endings", "valued", *TOKENS, *KNOWN, "estimated", "calls", "unpriced", "pico"),
    *ANSWERS,
    *VISITS.values(),
)


def usage_rows(ledger: Ledger, when: Any) -> dict[Row, dict[str, int]]:
    """By (when, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic)."""
    rows: dict[Row, Counter[str]] = defaultdict(Counter)
    brought = brought_by_a_campaign(ledger)
    for turn in ledger.turns.values():
        key = (when(turn.occurred_at), "accepted", turn.scenario, turn.model, "", turn.channel, turn.kind.value)
        rows[*key, "", "", turn.is_internal, turn.subject not in brought]["turns"] += 1
    for end in ledger.endings.values():
        turn = end.turn
        key = (when(turn.occurred_at), "ended", turn.scenario, turn.model, end.endpoint, turn.channel, turn.kind.value)
        row = rows[*key, end.outcome, "", turn.is_internal, turn.subject not in brought]
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
        row = rows[*key, call.error, currency, call.is_internal, call.subject not in brought]
        row["calls"] += 1
        row["unpriced"] += call.cost.pico is None
        row["pico"] += call.cost.pico or 0
    for end in ledger.endings.values():
        turn = end.turn
        if turn.kind != "continue":
            asked = (when(turn.occurred_at), "answered", turn.scenario, turn.model, end.endpoint, turn.channel)
            row = rows[*asked, "", "", "", turn.is_internal, turn.subject not in brought]
            row.update(answer_row(ledger, end))
    for done in ledger.engagements.values():
        if done.kind in VISITS:
            visited = (when(done.occurred_at), "visited", done.scenario, "", "", done.channel)
            row = rows[*visited, "", "", "", done.is_internal, done.subject not in brought]
            row[VISITS[done.kind]] += 1
    return {key: {name: row[name] for name in SUMS} for key, row in rows.items()}


def brought_by_a_campaign(ledger: Ledger) -> set[Any]:
    return {done.subject for done in ledger.engagements.values() if done.kind == "acquired"}


def signals_about(ledger: Ledger, end: events.GenerationFinished) -> list[events.Engagement]:
    """In the order in which they were given."""
    about = [done for done in ledger.engagements.values() if done.about and done.about.answer == end.turn.answer]
    return sorted(about, key=lambda done: (done.occurred_at, done.id))


def vote_of(signals: list[events.Engagement]) -> str:
    votes = [signal.value for signal in signals if signal.kind == "rated"]
    return votes[-1] if votes else ""


def answer_row(ledger: Ledger, end: events.GenerationFinished) -> dict[str, int]:
    signals = signals_about(ledger, end)
    given = {signal.kind.value for signal in signals}
    stopped, seen = end.outcome == "stopped", end.visible_characters
    found = verdict(ledger, end)
    return {
        "answers": 1,
        "shown": seen > 0,
        "abandoned": stopped and seen == 0,
        "stopped_early": stopped and 0 < seen < 200,
        "rated_up": seen > 0 and vote_of(signals) == "up",
        "rated_down": seen > 0 and vote_of(signals) == "down",
        **{name: seen > 0 and name in given for name in SIGNALS},
        "followed_up": "follow_up" in given,
        **{name: name == found for name in VERDICTS},
    }


def verdict(ledger: Ledger, end: events.GenerationFinished) -> str:
    asked = end.turn.occurred_at
    signals = [it for it in signals_about(ledger, end) if it.occurred_at - asked < timedelta(hours=72)]
    vote = vote_of(signals)
    if vote:
        return "satisfied_strict" if vote == "up" else "unsatisfied"
    given = {signal.kind.value for signal in signals}
    follow_ups = [(it.occurred_at, it.rephrase.per_mille) for it in signals if it.rephrase is not None]
    said_again = [at for at, likeness in follow_ups if likeness >= 600]
    if (
        "regenerated" in given
        or (end.outcome == "stopped" and end.visible_characters < 200)
        or end.outcome in ("failed", "expired")
        or any(at - end.finished_at < timedelta(seconds=120) for at in said_again)
    ):
        return "unsatisfied"
    if given & {"copied", "shared", "exported"}:
        return "satisfied_strict"
    return "satisfied_broad" if len(follow_ups) > len(said_again) else "unknown"


def is_valued(end: events.GenerationFinished) -> bool:
    return end.outcome == "completed" and end.visible_characters > 0


def latency_rows(ledger: Ledger, zone: ZoneInfo) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    brought = brought_by_a_campaign(ledger)
    for end in ledger.endings.values():
        turn = end.turn
        for measure, ms in (
            ("queue", end.queue_ms),
            ("first_token", end.first_token_ms),
            ("duration", end.duration_ms),
            ("speed", tenths_per_s(end)),
        ):
            if ms is not None:
                where = (turn.scenario, turn.model, end.endpoint, turn.channel, turn.is_internal)
                kind = turn.subject not in brought
                rows[day_of(turn.occurred_at, zone), measure, *where, kind, bucket(ms)] += 1
    return rows


def tenths_per_s(end: events.GenerationFinished) -> int | None:
    seen, thought = end.tokens.output_visible, end.tokens.output_reasoning or 0
    if end.first_token_ms is None or seen is None or end.tokens.source != "reported":
        return None
    seconds = Fraction(end.duration_ms - end.first_token_ms, 1000)
    return int((seen + thought) * 10 / seconds) if seconds > 0 and seen + thought else None


def user_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, int, int]]:
    turns: Counter[Row] = Counter(_user_day(turn, zone) for turn in ledger.turns.values())
    valued: Counter[Row] = Counter(_user_day(end.turn, zone) for end in ledger.endings.values() if is_valued(end))
    satisfied: Counter[Row] = Counter(
        _user_day(end.turn, zone)
        for end in ledger.endings.values()
        if end.turn.kind != "continue" and verdict(ledger, end) == "satisfied_strict"
    )
    return {key: (turns[key], valued[key], satisfied[key]) for key in {*turns, *valued, *satisfied}}


def _user_day(turn: events.Turn, zone: ZoneInfo) -> Row:
    return day_of(turn.occurred_at, zone), turn.subject, turn.scenario, turn.model, turn.channel, turn.is_internal


def organic_user_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, bool]:
    brought = brought_by_a_campaign(ledger)
    return {key: key[1] not in brought for key in user_days(ledger, zone)}


def people_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, ...]]:
    """By (day, grouping, scenario, model, channel): active, valued, and the turns of the top hundredth; the same with
    internal people."""
    return {
        key: (*_crowd(turns, valued, [False]), *_crowd(turns, valued, [False, True]))
        for key, (turns, valued) in _crowds(ledger, zone).items()
    }


def organic_people_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, ...]]:
    """By the same: active and valued, without internal people and those whom a campaign brought."""
    brought = brought_by_a_campaign(ledger)
    organic = {key: [_without(brought, did) for did in dids] for key, dids in _crowds(ledger, zone).items()}
    return {key: _crowd(turns, valued, [False])[:2] for key, (turns, valued) in organic.items()}


def _without(brought: set[Any], did: Counter[Row]) -> Counter[Row]:
    return Counter({who: count for who, count in did.items() if who[0] not in brought})


def _crowds(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[Counter[Row], Counter[Row]]]:
    """Turns, and those of value, of each (subject, internal)."""
    crowds: dict[Row, tuple[Counter[Row], Counter[Row]]] = defaultdict(lambda: (Counter(), Counter()))
    for (day, subject, scenario, model, channel, is_internal), (turns, valued, _) in user_days(ledger, zone).items():
        for group in (
            ("total", "", "", ""),
            ("scenario", scenario, "", ""),
            ("model", "", model, ""),
            ("channel", "", "", channel),
            ("scenario_model", scenario, model, ""),
        ):
            crowds[day, *group][0][subject, is_internal] += turns
            crowds[day, *group][1][subject, is_internal] += valued
    return crowds


def _crowd(turns: Counter[Row], valued: Counter[Row], kinds: list[bool]) -> tuple[int, int, int]:
    theirs: Counter[Any] = Counter()
    for (subject, is_internal), count in turns.items():
        theirs[subject] += count if is_internal in kinds else 0
    active = sorted((count for count in theirs.values() if count), reverse=True)
    pleased = {subject for (subject, is_internal), count in valued.items() if count and is_internal in kinds}
    return len(active), len(pleased), sum(active[: -(-len(active) // 100)])
