"""Everything about one number of facts, in this process's database, which is empty at first."""

from pathlib import Path

import msgspec

from tests.load.ledger.asking import ask_all
from tests.load.ledger.filling import analyze, fill
from tests.load.ledger.found import Ledger
from tests.load.ledger.freshness import freshness
from tests.load.ledger.rebuilding import compared, rebuilt
from tests.load.ledger.turns import added


def run(file: Path, *, facts: int, seconds: float, facts_per_s: float, turns: int) -> None:
    """What was found goes to ``file`` as JSON. ``seconds`` and ``facts_per_s`` are of the facts that arrive."""
    count = fill(facts)
    analyze()
    from_nothing = rebuilt()
    analyze()
    rebuild = compared()
    analyze()
    found = Ledger(
        facts=count,
        from_nothing=from_nothing,
        rebuild=rebuild,
        reports=tuple(ask_all()),
        freshness=freshness(seconds=seconds, facts_per_s=facts_per_s),
        added=added(turns),
    )
    file.write_bytes(msgspec.json.encode(found))
