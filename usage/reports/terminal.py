"""How many answers the other half of the house has ended, to be held against the facts.

``app`` registers who knows: usage cannot see conversations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalGenerations:
    ended: int
    """Those that still have a row: deleted conversations take theirs along, and leave the facts."""
    without_fact: int


Count = Callable[[datetime, datetime], TerminalGenerations]
"""Of generations accepted in ``[start, end)``."""

_count: list[Count] = []


def register(count: Count) -> None:
    """Called once at start-up; the last one stands."""
    _count[:] = [count]


def terminal_generations(start: datetime, end: datetime) -> TerminalGenerations | None:
    """None if nobody knows."""
    return _count[0](start, end) if _count else None
