"""Every timer of a generation's life, in seconds, scaled together by ``TIMER_SCALE``.

The figures are those of the design; docs/decisions/0004 says why.
"""

from collections.abc import Set
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, TypeVar

from django.conf import settings

from conversations.inference.types import Timeouts

T = TypeVar("T", "Timing", Timeouts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    tick_s: float = 0.034
    """Between two batches to the log; below what a reader notices."""
    slow_tick_s: float = 0.04
    """The same where the ticks take more than half of the time; a reader does not see it either."""
    redis_reply_s: float = 0.1
    """How long a tick waits for the log before it goes on without."""
    renewal_s: float = 1.0
    lease_s: float = 6.0
    takeover_s: float = 1.0
    checkpoint_s: float = 3.0
    silence_s: float = 5.0
    """A follower that hears nothing for so long reads the row."""
    queue_deadline_s: float = 600.0
    admission_s: float = 0.1
    """Between two looks at the queue, in a process where somebody waits."""
    slot_lease_s: float = 6.0
    log_expiry_s: float = 600.0
    running_log_s: float = 3600.0
    """No generation lives so long; what a lost process left behind is gone by then."""
    presence_s: float = 3.0
    """Between two looks at whose account was switched off or whose session is gone."""
    stuck_s: float = 20.0
    """A reader who takes nothing for so long is let go."""
    database_s: float = 10.0
    """The longest a step waits for its transaction."""
    break_again_s: float = 1.0
    """Between two tries to wake a thread that waits for a database that is gone."""
    redis_silent_s: float = 5.0
    """After which a connection to Redis is given up."""
    end_retries_s: tuple[float, ...] = (0.2, 0.5, 1, 2, 5, 5, 10, 10, 10, 10)
    """Waits between tries to write an end while the database is away; then the lease runs out, and another ends it."""
    drain_s: float = 60.0
    """How long running answers may finish in a process that goes away. The operator's (``DRAIN_S``)."""


ABOUT_READERS = {"tick_s", "slow_tick_s", "admission_s"}
"""Not scaled: they have nothing to do with faults."""
SHORT_ALREADY = {"redis_reply_s"}
"""Nor is what a machine that is busy with other things would miss, and take its own Redis for one that is away."""


@cache
def timing() -> Timing:
    return _scaled(Timing(drain_s=settings.DRAIN_S), but=ABOUT_READERS | SHORT_ALREADY)


@cache
def upstream_timeouts() -> Timeouts:
    """Of every endpoint. Connecting is not scaled: that, too, is short already."""
    return _scaled(Timeouts(), but={"connect_s"})


def _scaled(usual: T, *, but: Set[str]) -> T:
    scaled: dict[str, Any] = {
        each.name: _times(getattr(usual, each.name)) for each in fields(usual) if each.name not in but
    }
    return replace(usual, **scaled)


def _times(seconds: float | tuple[float, ...]) -> float | tuple[float, ...]:
    factor: float = settings.TIMER_SCALE
    return tuple(each * factor for each in seconds) if isinstance(seconds, tuple) else seconds * factor


MAX_TAKEOVERS = 2
MAX_TEXT = 32_000
MAX_WAITING = 2_000
"""People in one model's queue; beyond it a turn is refused rather than left to wait for nothing."""
