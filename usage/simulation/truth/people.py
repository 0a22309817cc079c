"""Who was active when: active users, lifecycle, retention. From each person's set of active local days.

Every number is said twice: of those whom a campaign brought, and of the others, who are organic.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from usage.simulation.truth.usage import verdict
from usage.simulation.visits import Visit

HORIZON = 56
"""Days over which "on or after" looks."""
SPANS = {"dau": 1, "wau": 7, "mau28": 28, "mau30": 30}
BRACKETS = ((1, 1), (2, 7), (8, 14), (15, 28))

Period = Callable[[date], date]
"""The first day of the period that a day lies in."""
Row = tuple[date, bool]
"""A day or the first day of a period, and whether it is said of organic people."""


@dataclass(slots=True)
class _Life:
    is_organic: bool
    active: set[date] = field(default_factory=set)
    valued: set[date] = field(default_factory=set)
    satisfied: set[date] = field(default_factory=set)


class People:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._lives: dict[UUID, _Life] = {}

    def see(self, visit: Visit) -> None:
        if visit.person.is_internal:
            return
        for exchange in visit.exchanges:
            life = self._lives.setdefault(visit.person.subject, _Life(visit.person.campaign == ""))
            day = exchange.accepted.turn.occurred_at.astimezone(self._zone).date()
            life.active.add(day)
            if exchange.finished.outcome == "completed" and exchange.finished.visible_characters:
                life.valued.add(day)
            if exchange.accepted.turn.kind != "continue" and verdict(exchange) == "satisfied_strict":
                life.satisfied.add(day)

    def active_users(self, last: date) -> dict[Row, dict[str, int]]:
        """Distinct people over the trailing days; no person is counted twice in a span."""
        found: dict[Row, Counter[str]] = defaultdict(Counter)
        for life in self._lives.values():
            for prefix, days in (("", life.active), ("valued_", life.valued)):
                for name, span in SPANS.items():
                    for day in {day + timedelta(days=n) for day in days for n in range(span)}:
                        found[day, life.is_organic][prefix + name] += 1
        names = [prefix + name for prefix in ("", "valued_") for name in SPANS]
        return {row: {name: found[row][name] for name in names} for row in found if row[0] <= last}

    def lifecycles(self, last: date) -> dict[str, dict[Row, dict[str, int]]]:
        return {name: self._lifecycle(first_of, last) for name, first_of in PERIODS.items()}

    def _lifecycle(self, first_of: Period, last: date) -> dict[Row, dict[str, int]]:
        found: dict[Row, Counter[str]] = defaultdict(Counter)
        for life in self._lives.values():
            for period, state in _states({first_of(day) for day in life.active}, first_of):
                found[period, life.is_organic][state] += 1
            for period, days in Counter(map(first_of, life.satisfied)).items():
                found[period, life.is_organic]["satisfied_twice"] += days >= 2
        states = ("new", "returning", "resurrecting", "dormant", "satisfied_twice")
        return {row: {state: found[row][state] for state in states} for row in found if row[0] <= last}

    def cohorts(self, last: date) -> dict[Row, dict[str, object]]:
        """By first active day: its members, and of them those active n days later, later than that, in brackets.

        None where the days to look at are not over.
        """
        found: dict[Row, list[set[date]]] = defaultdict(list)
        for life in self._lives.values():
            found[min(life.active), life.is_organic].append(life.active)
        return {row: _cohort(row[0], members, last) for row, members in found.items()}


def _states(periods: Collection[date], first_of: Period) -> Iterator[tuple[date, str]]:
    first = min(periods)
    for period in periods:
        before, after = first_of(period - timedelta(days=1)), _next(period, first_of)
        if period == first:
            yield period, "new"
        else:
            yield period, "returning" if before in periods else "resurrecting"
        if after not in periods:
            yield after, "dormant"


def _next(period: date, first_of: Period) -> date:
    day = period
    while first_of(day) == period:
        day += timedelta(days=1)
    return day


def _cohort(first: date, members: list[set[date]], last: date) -> dict[str, object]:
    """Counted in days after ``first``."""
    lives = [{(day - first).days for day in active if day <= last} for active in members]
    over = (last - first).days
    return {
        "members": len(members),
        "on": [sum(n in active for active in lives) if n <= over else None for n in range(HORIZON + 1)],
        "on_or_after": [
            sum(any(n <= day <= HORIZON for day in active) for active in lives) if over >= HORIZON else None
            for n in range(HORIZON + 1)
        ],
        "brackets": [
            sum(any(start <= day <= end for day in active) for active in lives) if over >= end else None
            for start, end in BRACKETS
        ],
    }


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


PERIODS: dict[str, Period] = {"day": lambda day: day, "week": _week, "month": _month}
