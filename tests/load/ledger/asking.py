"""How long every report takes, over its usual range and over the longest one it allows."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from tests.load.ledger.found import Asked
from tests.load.ledger.spending import meter
from tests.load.meter import percentile
from usage.periods import day_of, reporting_zone
from usage.reports.asking import answer
from usage.reports.definition import Definition
from usage.reports.registry import REPORTS

TIMES = 20
ENOUGH_TIMES = 5
"""Of a report that takes long: ten million facts are asked about in minutes then."""
LONG_S = 5.0


def ask_all() -> list[Asked]:
    return [asked for definition in REPORTS.values() for asked in _asked(definition)]


def _asked(definition: Definition[object]) -> Iterator[Asked]:
    now = timezone.now()
    yesterday = day_of(now, reporting_zone()) - timedelta(days=1)
    for days in sorted({definition.default_days, definition.max_days}):
        params = {"from": (yesterday - timedelta(days=days - 1)).isoformat(), "to": yesterday.isoformat()}
        costs, rows = [], 0
        began = time.perf_counter()
        for number in range(TIMES):
            if number >= ENOUGH_TIMES and time.perf_counter() - began > LONG_S:
                break
            spent = meter(with_ours=True)
            rows = len(answer(definition.id, params, now=now, audience="load").asked.rows)
            costs.append(spent())
        p50, p95 = (percentile([cost.wall_s for cost in costs], percent) * 1000 for percent in (50, 95))
        cpu = min(cost.cpu_s for cost in costs) * 1000
        yield Asked(report=definition.id, days=days, rows=rows, p50_ms=p50, p95_ms=p95, cpu_ms=cpu)
