"""Everything about one number of facts, in this process's database, which is empty at first."""

from pathlib import Path

import msgspec
from django.utils import timezone

from tests.load.ledger.asking import ask_all
from tests.load.ledger.filling import analyze, fill
from tests.load.ledger.found import Ledger
from tests.load.ledger.freshness import freshness
from tests.load.ledger.rebuilding import rebuild
from tests.load.ledger.turns import added
from usage import rollup


def run(file: Path, *, facts: int, seconds: float, facts_per_s: float, turns: int) -> None:
    """What was found goes to ``file`` as JSON. ``seconds`` and ``facts_per_s`` are of the facts that arrive."""
    count = fill(facts)
    analyze()
    rollup.mark_days(rollup.recorded_days())
    rollup.drain_all(now=timezone.now())
    analyze()
    rebuilt = rebuild()
    analyze()
    found = Ledger(
        facts=count,
        rebuild=rebuilt,
        reports=tuple(ask_all()),
        freshness=freshness(seconds=seconds, facts_per_s=facts_per_s),
        added=added(turns),
    )
    file.write_bytes(msgspec.json.encode(found))
