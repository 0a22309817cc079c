"""Sessions: a person's times of activity, put together where no more than half an hour lies between them."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from usage.simulation.visits import Visit

GAP = timedelta(minutes=30)
LONGEST = timedelta(minutes=30)
"""Of one turn: nobody tells when the last tab left."""


class Sessions:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._times: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)

    def see(self, visit: Visit) -> None:
        if not visit.person.is_internal:
            for exchange in visit.exchanges:
                start, end = exchange.accepted.turn.occurred_at, exchange.finished.finished_at
                self._times[visit.person.subject].append((start, min(end, start + LONGEST)))

    def per_day(self) -> dict[date, dict[str, int]]:
        """Those that began on each local day, the turns in them, and how many were of one turn only."""
        found: dict[date, Counter[str]] = defaultdict(Counter)
        for times in self._times.values():
            for day, turns in self._of_one(sorted(times)):
                found[day].update(sessions=1, turns=turns, one_turn=int(turns == 1))
        return {day: dict(counts) for day, counts in found.items()}

    def _of_one(self, times: list[tuple[datetime, datetime]]) -> list[tuple[date, int]]:
        """The local day and the turns of each of one person's sessions."""
        sessions: list[tuple[date, int]] = []
        over = times[0][0] - 2 * GAP
        for start, end in times:
            if start - over > GAP:
                sessions.append((start.astimezone(self._zone).date(), 0))
            day, turns = sessions[-1]
            sessions[-1], over = (day, turns + 1), max(over, end)
        return sessions
