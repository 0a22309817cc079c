"""What was measured. Read by the load generator too, which knows no Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds until it was done, and of CPU, which bears disturbance: the database server's, of a whole ours too."""

    wall_s: float = 0.0
    cpu_s: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(wall_s=self.wall_s + other.wall_s, cpu_s=self.cpu_s + other.cpu_s)

    def over(self, other: "Cost") -> "Cost":
        """What part of the other it is: 1 is the whole of it."""
        return Cost(wall_s=self.wall_s / other.wall_s, cpu_s=self.cpu_s / other.cpu_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One rollup."""

    name: str
    rows: int
    rebuilt: Cost
    """Of the statements that delete and insert its rows."""
    plain: Cost
    """Of its plain statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    tables: tuple[Table, ...]
    whole: Cost
    """With locks, marks, and everything that is read and counted in Python."""

    @property
    def rows_per_s(self) -> float:
        return sum(table.rows for table in self.tables) / self.whole.wall_s

    @property
    def plain(self) -> Cost:
        """Of all plain statements, one after the other."""
        return sum((table.plain for table in self.tables), Cost())

    @property
    def written(self) -> Cost:
        """Of the statements alone that delete and insert the rows."""
        return sum((table.rebuilt for table in self.tables), Cost())

    @property
    def share_of_plain(self) -> Cost:
        """Rows per second of the whole rebuild, against those of all plain statements."""
        return self.plain.over(self.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    report: str
    days: int
    rows: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    """The least of all times, of ours and the database server's: what it takes when nobody disturbs it."""


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
    from_nothing: Cost
    """Of the rebuild that finds no rows: it inserts as the plain statements do, and deletes nothing."""
    rebuild: Rebuild
    reports: tuple[Asked, ...]
    freshness: Freshness
    added: Added
