"""How deep conversations went, in plain Python over the events. Shares no code with the product."""

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from tests.usage import oracle
from tests.usage.oracle import Ledger, Row

FAR = 62


def conversation_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, Row]:
    """By (day, grouping, scenario, channel, days since the turn before, and the one before that): turns of others, of
    everybody."""
    turns, everybodys = (_rows(ledger, zone, kinds) for kinds in ([False], [False, True]))
    return {key: (turns[key], everybodys[key]) for key in everybodys.keys() | turns.keys()}


def _rows(ledger: Ledger, zone: ZoneInfo, kinds: list[bool]) -> Counter[Row]:
    days_of: dict[Row, list[date]] = defaultdict(list)
    for turn in ledger.turns.values():
        if turn.is_internal in kinds:
            for group in (("total", "", ""), ("scenario", turn.scenario, ""), ("channel", "", turn.channel)):
                days_of[*group, turn.conversation].append(oracle.day_of(turn.occurred_at, zone))
    rows: Counter[Row] = Counter()
    for talk, unordered in days_of.items():
        days = sorted(unordered)
        for place, day in enumerate(days):
            rows[day, *talk[:-1], *(_since(day, days, place - back) for back in (1, 2))] += 1
    return rows


def _since(day: date, days: list[date], place: int) -> int:
    return min(FAR, (day - days[place]).days) if place >= 0 else FAR
