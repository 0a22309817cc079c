"""What may be added: turns, endings, verdicts, tokens, cost, by local day, and by local day and scenario."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from conversations.events import GenerationFinished, UpstreamCallEnded
from usage.simulation.reactions import Sign, Then
from usage.simulation.visits import Exchange, Visit

Counts = Counter[str]
EARLY = 200
"""Visible characters of an answer under which a stop says that it was no good."""


class Usage:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.days: dict[date, Counts] = defaultdict(Counter)
        self.scenarios: dict[tuple[date, str], Counts] = defaultdict(Counter)
        self.askers: dict[tuple[date, str], set[UUID]] = defaultdict(set)
        """Who asked in a scenario on a day."""

    def see(self, visit: Visit) -> None:
        for exchange in visit.exchanges:
            turn = exchange.accepted.turn
            day = turn.occurred_at.astimezone(self._zone).date()
            if not visit.person.is_internal:
                self._add(day, turn.scenario, Counter(_counted(exchange)))
                self.askers[day, turn.scenario].add(turn.subject)
            for call in _calls(exchange):
                self._add(call.started_at.astimezone(self._zone).date(), turn.scenario, Counter(_spent(call)))

    def _add(self, day: date, scenario: str, counts: Counts) -> None:
        self.days[day].update(counts)
        self.scenarios[day, scenario].update(counts)


def _counted(exchange: Exchange) -> Iterator[str]:
    ended = exchange.finished
    yield "turns"
    yield ended.outcome
    if ended.outcome == "completed" and ended.visible_characters:
        yield "valued"
    if ended.turn.kind != "continue":
        yield "answers"
        yield verdict(exchange)


def verdict(exchange: Exchange) -> str:
    """As the person meant it: the vote, then what shows that it was no good, then its use, then going on."""
    if exchange.sign in (Sign.UP, Sign.UP_AFTER_DOWN):
        return "satisfied_strict"
    if exchange.sign is Sign.DOWN or _is_no_good(exchange.finished):
        return "unsatisfied"
    if exchange.then in (Then.REGENERATE, Then.SAME_AGAIN):
        return "unsatisfied"
    if exchange.sign in (Sign.COPIED, Sign.SHARED, Sign.EXPORTED):
        return "satisfied_strict"
    return "satisfied_broad" if exchange.then is Then.SOMETHING_ELSE else "quality_unknown"


def _is_no_good(ended: GenerationFinished) -> bool:
    cut_short = ended.outcome == "stopped" and ended.visible_characters < EARLY
    return cut_short or ended.outcome in ("failed", "expired")


def _calls(exchange: Exchange) -> Iterator[UpstreamCallEnded]:
    yield from exchange.finished.calls
    if exchange.title:
        yield exchange.title


def _spent(call: UpstreamCallEnded) -> dict[str, int]:
    spent = {"calls": 1}
    if call.cost.pico is None:
        return {**spent, "unpriced": 1}
    return {**spent, f"cost_{call.cost.currency}": call.cost.pico}
