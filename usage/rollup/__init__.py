"""Facts to rollups: mark and recompute. Always replace, never add.

A fact's own transaction marks every key it can change (``usage.recording``). ``drain`` takes
each marked key, or a few that lie next to each other, in a transaction of its own, in separate
statements, in this order:

1. lock the key, or leave it to whoever holds it;
2. delete its marks;
3. delete its rows;
4. insert them from the level below;
5. mark the keys of the next level.

Marks go before anything is read: a fact committed after (2) brings a mark of its own, so it is
either in the rows of (4) or leaves a mark behind. Lock and delete are two statements because one
statement would see the data as of before it got the lock. READ COMMITTED is assumed, and is the
default. SQLite has one writer: BEGIN IMMEDIATE is the lock there.

``usage_rebuild --check`` recomputes days by the same steps, compares, and takes it back.

    facts ─┬─ WINDOW ──┬─ USAGE_DAY      (REBUILD = all windows and persons of a local day at once)
           │           ├─ LATENCY_DAY    (reads facts again: finer histograms are as many as facts)
           │           ├─ COHORT_COST    (so does this, and first days)
           │           ├─ CALL_DAY       (so does this: which call came after which, and what was said of their answers)
           │           └─ CONVERSATION_DAY (and this: how long ago the turns before were)
           └─ PERSON ──┬─ PEOPLE_DAY     (with it: first days, sessions, who was brought by a campaign)
                       ├─ SESSION_DAY
                       ├─ RETURN_DAY     (also of days on which the same people came back)
                       └─ ACTIVE_DAY, LIFECYCLE, COHORT, ADOPTION, COHORT_COST

ACTIVE_DAY and those beside it are marked with a local day that changed; what is computed is every row that reads
it, up to 56 days around, for a run of such days in one transaction (``days.take``). A first day that moves marks the
day it leaves.
"""

from usage.rollup.check import DayCheck, Difference, check_day
from usage.rollup.drain import Drained, drain, drain_all
from usage.rollup.rebuild import mark_days, recorded_days

__all__ = [
    "DayCheck",
    "Difference",
    "Drained",
    "check_day",
    "drain",
    "drain_all",
    "mark_days",
    "recorded_days",
]
