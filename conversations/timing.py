"""Every timer of a generation's life, in seconds, scaled together by ``TIMER_SCALE``.

The figures are those of the design; docs/decisions/0004 says why.
"""

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Self

from django.conf import settings

from conversations.inference.types import Timeouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    tick_s: float = 0.025
    """Between two batches to the log; below what a reader notices."""
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
    presence_s: float = 3.0
    """Between two looks at whose account was switched off or whose session is gone."""
    stuck_s: float = 20.0
    """A reader who takes nothing for so long is let go."""
    database_s: float = 10.0
    """The longest a step waits for its transaction."""

    def scaled(self, factor: float) -> Self:
        return type(self)(**{field.name: getattr(self, field.name) * factor for field in fields(self)})


@cache
def timing() -> Timing:
    """The tick is not scaled: it is about readers, not about faults."""
    scaled = Timing().scaled(settings.TIMER_SCALE)
    unscaled = Timing()
    return Timing(
        **{
            field.name: getattr(unscaled if field.name in {"tick_s", "admission_s"} else scaled, field.name)
            for field in fields(Timing)
        }
    )


@cache
def upstream_timeouts() -> Timeouts:
    """Of every endpoint. Connecting is not scaled: it is short already for a machine that is busy with other things."""
    usual, factor = Timeouts(), settings.TIMER_SCALE
    return replace(
        usual,
        first_token_s=usual.first_token_s * factor,
        gap_s=usual.gap_s * factor,
        whole_s=usual.whole_s * factor,
    )


MAX_TAKEOVERS = 2
MAX_TEXT = 32_000
MAX_WAITING = 2_000
"""People in one model's queue; beyond it a turn is refused rather than left to wait for nothing."""
