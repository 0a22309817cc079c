"""What was measured. Read by the load generator too, which knows no Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of statements: seconds until they were answered, and of the database server's CPU, which bears disturbance."""

    wall_s: float = 0.0
    cpu_s: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(wall_s=self.wall_s + other.wall_s, cpu_s=self.cpu_s + other.cpu_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One rollup. ``plain`` is None where nobody wrote a plain statement for it."""

    name: str
    rows: int
    rebuilt: Cost
    """Of the statements that delete and insert its rows."""
    plain: Cost | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    tables: tuple[Table, ...]
    whole_s: float
    """With locks, marks, and everything that is read and counted in Python."""

    @property
    def rows_per_s(self) -> float:
        return sum(table.rows for table in self.tables) / self.whole_s

    @property
    def share_of_plain(self) -> Cost:
        """Rows per second of the tables that have a plain statement, against the plain statements' own."""
        plain = sum((table.plain for table in self.tables if table.plain), Cost())
        rebuilt = sum((table.rebuilt for table in self.tables if table.plain), Cost())
        return Cost(wall_s=plain.wall_s / rebuilt.wall_s, cpu_s=plain.cpu_s / rebuilt.cpu_s)


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
