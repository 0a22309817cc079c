"""Find marked keys and recompute each in a transaction of its own, level by level."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models import Count, Max
from django.db.models.functions import Greatest
from django.utils import timezone

from usage.errors import RollupIncomplete
from usage.models import Level, Mark, RollupScan
from usage.periods import WINDOW, day_of, reporting_zone
from usage.rollup.active import recompute_active_days
from usage.rollup.adoption import recompute_adoption
from usage.rollup.calls import recompute_call_day
from usage.rollup.cohort_costs import recompute_cohort_costs
from usage.rollup.cohorts import recompute_cohorts
from usage.rollup.conversations import recompute_conversation_day
from usage.rollup.days import runs
from usage.rollup.late import late_windows, settle_late
from usage.rollup.latency import forget_latency_windows, recompute_latency_day
from usage.rollup.lifecycle import recompute_lifecycle
from usage.rollup.people import BATCH, recompute_people_day, recompute_persons
from usage.rollup.rebuild import rebuild_day
from usage.rollup.returns import recompute_return_day
from usage.rollup.sessions import recompute_session_day
from usage.rollup.sums import recompute_usage_day, recompute_windows

LONGEST_RUN = 28
"""Days recomputed in one transaction."""
LONGEST_SPAN = 4
"""Windows."""
PAUSE_S = 0.2
"""After a pass in which every key was another worker's, who needs less than that for one."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    run: Callable[[], bool]
    """False if another worker holds the key; its marks stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    recomputed: int
    left: int
    """Keys found and not recomputed: held by another worker, or out of time."""


def drain(*, now: datetime, budget_s: float = 40.0) -> Drained:
    """One pass over all levels. Safe to run twice at once, to be killed anywhere, and to be repeated.

    Every level gets an equal share of the time that is left, so that a backlog of old windows
    cannot keep today's days stale. The newest keys come first, but for rebuilds.

    Raises ``RollupIncomplete`` at the end if the database refused a key.
    """
    deadline = time.monotonic() + budget_s
    recomputed = left = 0
    failed: list[str] = []
    for place, level in enumerate(LEVELS):
        steps = level()
        share = (deadline - time.monotonic()) / (len(LEVELS) - place)
        until = time.monotonic() + share
        for number, step in enumerate(steps):
            if time.monotonic() >= until:
                left += len(steps) - number
                break
            try:
                done = _run(step)
            except DatabaseError:
                logger.exception("could not recompute %s", step.name)
                failed.append(step.name)
                continue
            recomputed += done
            left += not done
    if failed:
        raise RollupIncomplete(failed)
    if not left:
        forget_latency_windows(now)
        _note_scan(now)
    return Drained(recomputed=recomputed, left=left)


def _pause() -> None:
    time.sleep(PAUSE_S)


def drain_all(*, now: datetime, wait: Callable[[], None] = _pause) -> int:
    """Pass after pass until the marks of the beginning are gone, and those they made above them; for commands and
    tests. Returns the keys recomputed.

    Facts may arrive all the while: theirs are taken too, and not waited for. Each pass takes its time: a level that
    is cut short is computed again when the rest has come up from below. Levels come in the order in which they mark
    each other, so that a pass which leaves no key is the last. Keys that another worker holds are waited for, and
    then what that worker marked above them: once for each level at most.
    """
    recomputed = 0
    for _ in LEVELS:
        newest = Mark.objects.aggregate(newest=Max("id", default=0))["newest"]
        is_waiting = True
        while is_waiting:
            drained = drain(now=now, budget_s=math.inf)
            recomputed += drained.recomputed
            if not drained.left:
                return recomputed
            is_waiting = Mark.objects.filter(id__lte=newest).exists()
            if is_waiting and not drained.recomputed:
                wait()
    return recomputed


def _run(step: Step) -> bool:
    with transaction.atomic():
        return step.run()


def _late() -> list[Step]:
    now = timezone.now()
    return [Step(f"late for {start.isoformat()}", partial(settle_late, start, now=now)) for start in late_windows()]


def _rebuilds() -> list[Step]:
    """The oldest first: a person's first day is then found once, and does not move with each day that is rebuilt."""
    return [Step(f"rebuild {day}", partial(rebuild_day, day)) for day in reversed(_marked_days(Level.REBUILD))]


def _windows() -> list[Step]:
    """Those next to each other together: one alone takes hardly less than four, in a dozen statements."""
    spans: list[list[datetime]] = []
    for start in _marked_windows(Level.WINDOW):
        if spans and len(spans[-1]) < LONGEST_SPAN and spans[-1][-1] - start == WINDOW:
            spans[-1].append(start)
        else:
            spans.append([start])
    return [
        Step(f"windows from {span[-1].isoformat()}", partial(recompute_windows, span[-1], span[0] + WINDOW))
        for span in spans
    ]


def _persons() -> list[Step]:
    """A lane comes as often as its marks fill batches, and those after it come into what is left of the last one."""
    lanes = Mark.objects.filter(level=Level.PERSON).values_list("lane").annotate(Count("id")).order_by("lane")
    batches: list[list[int]] = []
    room = 0
    for lane, marks in lanes:
        if marks > room:
            batches += [[lane] for _ in range(math.ceil(marks / BATCH))]
            room = -marks % BATCH
        else:
            batches[-1].append(lane)
            room -= marks
    return [Step(f"lanes {batch}", partial(recompute_persons, batch)) for batch in batches]


def _usage_days() -> list[Step]:
    return [Step(f"usage day {day}", partial(recompute_usage_day, day)) for day in _marked_days(Level.USAGE_DAY)]


def _latency_days() -> list[Step]:
    return [Step(f"latency day {day}", partial(recompute_latency_day, day)) for day in _marked_days(Level.LATENCY_DAY)]


def _call_days() -> list[Step]:
    return [Step(f"call day {day}", partial(recompute_call_day, day)) for day in _marked_days(Level.CALL_DAY)]


def _conversation_days() -> list[Step]:
    days = _marked_days(Level.CONVERSATION_DAY)
    return [Step(f"conversation day {day}", partial(recompute_conversation_day, day)) for day in days]


def _return_days() -> list[Step]:
    return [Step(f"return day {day}", partial(recompute_return_day, day)) for day in _marked_days(Level.RETURN_DAY)]


def _people_days() -> list[Step]:
    return [Step(f"people day {day}", partial(recompute_people_day, day)) for day in _marked_days(Level.PEOPLE_DAY)]


def _session_days() -> list[Step]:
    return [Step(f"session day {day}", partial(recompute_session_day, day)) for day in _marked_days(Level.SESSION_DAY)]


def _over_days(level: Level, name: str, recompute: Callable[[date, date], bool]) -> Callable[[], list[Step]]:
    """A run of days costs hardly more than one of them: what is read for one reaches weeks around it."""

    def steps() -> list[Step]:
        found = reversed(runs(_marked_days(level), longest=LONGEST_RUN))
        return [Step(f"{name} {first} to {last}", partial(recompute, first, last)) for first, last in found]

    return steps


LEVELS: tuple[Callable[[], list[Step]], ...] = (
    _late,
    _rebuilds,
    _persons,
    _windows,
    _usage_days,
    _latency_days,
    _people_days,
    _session_days,
    _over_days(Level.ACTIVE_DAY, "active days", recompute_active_days),
    _over_days(Level.LIFECYCLE, "lifecycle", recompute_lifecycle),
    _over_days(Level.COHORT, "cohorts", recompute_cohorts),
    _over_days(Level.ADOPTION, "adoption", recompute_adoption),
    _over_days(Level.COHORT_COST, "cohort costs", recompute_cohort_costs),
    _call_days,
    _conversation_days,
    _return_days,
)


def _marked_windows(level: Level) -> Iterable[datetime]:
    marks = Mark.objects.filter(level=level, lane=0)
    return marks.values_list("window_start", flat=True).distinct().order_by("-window_start")


def _marked_days(level: Level) -> list[date]:
    zone = reporting_zone()
    return sorted({day_of(window, zone) for window in _marked_windows(level)}, reverse=True)


def _note_scan(now: datetime) -> None:
    if not RollupScan.objects.filter(pk=1).update(scanned_at=Greatest("scanned_at", now)):
        RollupScan.objects.bulk_create([RollupScan(pk=1, scanned_at=now)], ignore_conflicts=True)
