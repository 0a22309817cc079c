"""What was measured. Read by the load generator too, which knows no Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One rollup. ``plain_s`` is None where nobody wrote a plain statement for it."""

    name: str
    rows: int
    rebuild_s: float
    """Of the statements that delete and insert its rows."""
    plain_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    tables: tuple[Table, ...]
    whole_s: float
    """With locks, marks, and everything that is read and counted in Python."""

    @property
    def rows_per_s(self) -> float:
        return sum(table.rows for table in self.tables) / self.whole_s

    @property
    def share_of_plain(self) -> float:
        """Rows per second of the tables that have a plain statement, against the plain statements' own."""
        compared = [table for table in self.tables if table.plain_s is not None]
        return sum(table.plain_s or 0 for table in compared) / sum(table.rebuild_s for table in compared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    report: str
    days: int
    rows: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    facts: int
    facts_per_s: float
    passes: int
    p50_s: float
    p95_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Milliseconds per turn, medians: what the two transactions take more than empty ones."""

    facts_ms: float
    marks_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    facts: int
    rebuild: Rebuild
    reports: tuple[Asked, ...]
    freshness: Freshness
    added: Added
