"""A population that never was: people who arrive, form habits, leave and come back, in facts marked as simulated.

Everything follows from a seed, so the same plan is the same facts to the last id; who is simulated does not depend on
how many others are. The facts take the product's own write path. What should be reported of them is worked out by
``truth`` from the lives themselves, which shares nothing with the rollups and the reports.

    plan ── world ──┬─ people ── visits ── answers     lives, made a day at a time
                    └──────────────┬────────────
                            ledger │ truth             facts, and what must be said of them
"""

from usage.simulation.ledger import Written, require_no_real_facts, simulate
from usage.simulation.plan import Plan
from usage.simulation.truth import Truth

__all__ = ["Plan", "Truth", "Written", "require_no_real_facts", "simulate"]
