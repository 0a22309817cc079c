"""How long people waited for the first token, exactly: reports know it from histograms, within 2 %."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from usage.simulation.visits import Visit


class Waits:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._first_token_ms: dict[tuple[date, str], list[int]] = defaultdict(list)

    def see(self, visit: Visit) -> None:
        if visit.person.is_internal:
            return
        for exchange in visit.exchanges:
            ended = exchange.finished
            if ended.first_token_ms is not None:
                day = ended.turn.occurred_at.astimezone(self._zone).date()
                self._first_token_ms[day, ended.endpoint].append(ended.first_token_ms)

    def percentiles(self) -> Mapping[tuple[date, str], Mapping[str, int]]:
        """By day and endpoint: the shortest wait that so many of a hundred were no longer than."""
        return {
            key: {f"p{percent}_ms": sorted(waits)[-(-percent * len(waits) // 100) - 1] for percent in (50, 95)}
            for key, waits in self._first_token_ms.items()
        }
