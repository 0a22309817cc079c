"""How much of a fault: a taste of it in `run.py test`, as much as is promised in `run.py faults` (FAULT_SIZE=real)."""

import os
from dataclasses import dataclass

from conversations.timing import timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    database_s: float
    """For which it is away. Longer than a lease in any case."""
    redis_paused_s: float
    """Besides the time in which one answer ends and one goes on."""
    redis_refused_s: float
    frozen_s: float
    """Besides the time in which another process answers for it."""
    people: int
    """Whose sockets are dropped, ten of each."""
    drops: int
    slow_people: int
    """With so many pages that read nothing, or next to nothing, as each may have."""
    answer_s: float
    """Of answers that are under way while their processes are replaced."""
    at_once: int
    """Answers of a process that is killed at its fullest."""
    frames: int
    """Of an answer, after each of which its page is cut off ..."""
    frame_step: int
    """... or after every so many of them."""


SHORT = Sizes(
    database_s=1.3 * timing().lease_s,
    redis_paused_s=0,
    redis_refused_s=0,
    frozen_s=0,
    people=6,
    drops=2,
    slow_people=1,
    answer_s=3,
    at_once=30,
    frames=40,
    frame_step=8,
)
REAL = Sizes(
    database_s=20,
    redis_paused_s=20,
    redis_refused_s=60,
    frozen_s=30,
    people=30,
    drops=5,
    slow_people=6,
    answer_s=30,
    at_once=100,
    frames=200,
    frame_step=1,
)
"""In seconds of the clock, whatever the timers are scaled by."""

SIZES = REAL if os.environ.get("FAULT_SIZE") == "real" else SHORT
