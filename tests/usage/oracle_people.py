"""What every number about people must be, in plain Python over the events. Shares no code with the product.

``Days`` is all that most of it needs: who was active, got value, was satisfied, saw what, on which local day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.usage import oracle
from tests.usage.oracle import Ledger, Row

DAY = timedelta(days=1)
Activity = dict[UUID, set[date]]


@dataclass
class Days:
    active: Activity = field(default_factory=lambda: defaultdict(set))
    """Of people who are not internal; so are the others."""
    valued: Activity = field(default_factory=lambda: defaultdict(set))
    tried: dict[tuple[UUID, str], set[date]] = field(default_factory=lambda: defaultdict(set))
    satisfied: dict[tuple[UUID, str], set[date]] = field(default_factory=lambda: defaultdict(set))
    seen: dict[tuple[UUID, str], set[date]] = field(default_factory=lambda: defaultdict(set))
    firsts: dict[Row, date] = field(default_factory=dict)
    """By (subject, grouping, scenario, internal), of everybody."""
    acquired: dict[UUID, tuple[datetime, UUID, str]] = field(default_factory=dict)

    def is_organic(self, subject: UUID) -> bool:
        return subject not in self.acquired

    def first(self, day: date, *key: Any) -> None:
        self.firsts[key] = min(day, self.firsts.get(key, day))


def days_of(ledger: Ledger, zone: ZoneInfo) -> Days:
    days = Days()
    for (day, subject, scenario, _, _, internal), (turns, valued, satisfied) in oracle.user_days(ledger, zone).items():
        if turns:
            days.first(day, subject, "total", "", internal)
            if scenario:
                days.first(day, subject, "scenario", scenario, internal)
        if internal:
            continue
        if turns:
            days.active[subject].add(day)
            days.tried[subject, scenario].add(day)
        if valued:
            days.valued[subject].add(day)
        if satisfied:
            days.satisfied[subject, scenario].add(day)
    for done in ledger.engagements.values():
        day = oracle.day_of(done.occurred_at, zone)
        if done.kind in ("scenario_seen", "scenario_chosen") and done.scenario:
            days.first(day, done.subject, "seen", done.scenario, done.is_internal)
            if not done.is_internal:
                days.seen[done.subject, done.scenario].add(day)
        if done.kind == "acquired":
            told = (done.occurred_at, done.id, done.value)
            days.acquired[done.subject] = min(told, days.acquired.get(done.subject, told))
    return days


def acquisitions(days: Days) -> dict[UUID, tuple[str, datetime]]:
    return {subject: (campaign, at) for subject, (at, _, campaign) in days.acquired.items()}


def first_days(days: Days) -> dict[Row, tuple[date, bool]]:
    return {key: (day, days.is_organic(key[0])) for key, day in days.firsts.items()}


def _around(days: Iterable[date], before: int, after: int) -> set[date]:
    return {day + n * DAY for day in days for n in range(-before, after + 1)}


def _within(activity: set[date], last: date, span: int) -> int:
    return sum(last - span * DAY < day <= last for day in activity)


def active_days(days: Days) -> dict[Row, tuple[int, ...]]:
    """By (day, organic): dau, wau, mau28, mau30, and the same of value."""
    rows: dict[Row, tuple[int, ...]] = {}
    for organic in (True, False):
        both = [_of_kind(days, activity, organic) for activity in (days.active, days.valued)]
        for day in _around({day for activity in both for its in activity.values() for day in its}, 0, 29):
            rows[day, organic] = tuple(
                sum(_within(its, day, span) > 0 for its in activity.values())
                for activity in both
                for span in (1, 7, 28, 30)
            )
    return rows


def _of_kind(days: Days, activity: Activity, organic: bool) -> Activity:
    return {subject: its for subject, its in activity.items() if days.is_organic(subject) == organic}


def active_spread(days: Days) -> Counter[Row]:
    """By (day, span, of value, active days, organic)."""
    rows: Counter[Row] = Counter()
    for valued, activity in ((False, days.active), (True, days.valued)):
        for subject, its in activity.items():
            for day in _around(its, 0, 29):
                for span in (7, 28):
                    if count := _within(its, day, span):
                        rows[day, span, valued, count, days.is_organic(subject)] += 1
    return rows


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


PERIODS: dict[str, tuple[Callable[[date], date], Callable[[date], date]]] = {
    "day": (lambda day: day, lambda start: start + DAY),
    "week": (lambda day: date.fromisocalendar(*day.isocalendar()[:2], 1), lambda start: start + 7 * DAY),
    "month": (lambda day: date(day.year, day.month, 1), _next_month),
}


def lifecycle(days: Days) -> dict[Row, tuple[int, ...]]:
    """By (period, start, organic): active, new, returning, resurrecting, dormant, satisfied on two days."""
    rows: dict[Row, list[int]] = defaultdict(lambda: [0] * 6)
    for period, (start_of, after) in PERIODS.items():
        for subject, its in days.active.items():
            active = {start_of(day) for day in its}
            for start in active | {after(start) for start in active}:
                now, before = start in active, any(after(other) == start for other in active)
                is_new = start == min(active)
                kinds = (now, is_new, now and before, now and not before and not is_new, not now, False)
                row = rows[period, start, days.is_organic(subject)]
                row[:] = [count + kind for count, kind in zip(row, kinds, strict=True)]
        pleased: dict[UUID, set[date]] = defaultdict(set)
        for (subject, _), its in days.satisfied.items():
            pleased[subject] |= its
        for subject, its in pleased.items():
            for start, times in Counter(map(start_of, its)).items():
                rows[period, start, days.is_organic(subject)][5] += times >= 2
    return {key: tuple(row) for key, row in rows.items() if any(row)}


def cohort_costs(ledger: Ledger, days: Days, zone: ZoneInfo) -> dict[Row, tuple[int, int, int]]:
    """By (day, cohort, organic, currency): calls, unpriced, pico-units."""
    rows: dict[Row, list[int]] = defaultdict(lambda: [0, 0, 0])
    for call, _ in ledger.calls.values():
        day, cohort = oracle.day_of(call.started_at, zone), days.firsts.get((call.subject, "total", "", False))
        if call.subject and cohort and not call.is_internal and 0 <= (day - cohort).days <= 28:
            currency = "" if call.cost.pico is None else call.cost.currency
            row = rows[day, cohort, days.is_organic(call.subject), currency]
            row[:] = [row[0] + 1, row[1] + (call.cost.pico is None), row[2] + (call.cost.pico or 0)]
    return {key: (calls, unpriced, pico) for key, (calls, unpriced, pico) in rows.items()}


def cohorts(days: Days) -> dict[Row, tuple[int, int, int]]:
    """By (period, cohort, n, organic): members, on n, on or after n. As far as somebody came."""
    rows: dict[Row, tuple[int, int, int]] = {}
    for period, size, longest in (("day", 1, 56), ("week", 7, 8)):
        start_of = PERIODS[period][0]
        members: dict[Row, list[set[int]]] = defaultdict(list)
        for subject, its in days.active.items():
            cohort = start_of(min(its))
            came = {(start_of(day) - cohort).days // size for day in its}
            members[cohort, days.is_organic(subject)].append({n for n in came if n <= longest})
        for (cohort, organic), of_each in members.items():
            for n in range(max(max(came) for came in of_each) + 1):
                on = sum(n in came for came in of_each)
                rows[period, cohort, n, organic] = (len(of_each), on, sum(max(came) >= n for came in of_each))
    return rows


def brackets(days: Days) -> dict[Row, tuple[int, int]]:
    """By (cohort, first n, last n, organic): members, active."""
    rows: dict[Row, list[int]] = defaultdict(lambda: [0, 0])
    for subject, its in days.active.items():
        for low, high in ((1, 1), (2, 7), (8, 14), (15, 28)):
            row = rows[min(its), low, high, days.is_organic(subject)]
            row[0] += 1
            row[1] += any(low <= (day - min(its)).days <= high for day in its)
    return {key: (members, active) for key, (members, active) in rows.items()}


def adoption(days: Days) -> dict[Row, tuple[int, ...]]:
    """By (cohort, scenario, organic): saw, tried, repeated, retained, satisfied, organic_tried."""
    rows: dict[Row, list[int]] = defaultdict(lambda: [0] * 6)
    for subject, scenario in {*days.seen, *days.tried}:
        if not scenario:
            continue
        seen, used = days.seen.get((subject, scenario)), days.tried.get((subject, scenario), set())
        organic = days.is_organic(subject)
        if seen and (not used or min(seen) <= min(used)):
            tried = bool(used) and (min(used) - min(seen)).days <= 7
            came = {(day - min(used)).days for day in used} if tried else set()
            repeated = any(1 <= n <= 7 for n in came)
            retained = repeated and any(15 <= n <= 28 for n in came)
            liked = days.satisfied.get((subject, scenario), set())
            satisfied = tried and any(0 <= (day - min(used)).days <= 7 for day in liked)
            counts, cohort = [True, tried, repeated, retained, satisfied, False], min(seen)
        else:
            counts, cohort = [False] * 5 + [True], min(used)
        row = rows[cohort, scenario, organic]
        row[:] = [count + one for count, one in zip(row, counts, strict=True)]
    return {key: tuple(row) for key, row in rows.items()}


def sessions(ledger: Ledger) -> set[Row]:
    """(subject, internal, start, end, turns)."""
    over = {key: end.finished_at for key, end in ledger.endings.items()}
    turns: dict[Row, list[tuple[datetime, datetime]]] = defaultdict(list)
    for key, turn in ledger.turns.items():
        began = turn.occurred_at
        end = min(max(over.get(key, began), began), began + timedelta(minutes=30))
        turns[turn.subject, turn.is_internal].append((began, end))
    found: set[Row] = set()
    for who, theirs in turns.items():
        theirs.sort()
        while theirs:
            start, end = theirs.pop(0)
            count = 1
            while theirs and theirs[0][0] <= end + timedelta(minutes=30):
                end, count = max(end, theirs.pop(0)[1]), count + 1
            found.add((*who, start, end, count))
    return found


def session_days(ledger: Ledger, zone: ZoneInfo) -> dict[Row, tuple[int, ...]]:
    """By (day, internal): sessions, people, turns, ms, of one turn."""
    of_day: dict[Row, list[Row]] = defaultdict(list)
    for row in sessions(ledger):
        of_day[oracle.day_of(row[2], zone), row[1]].append(row)
    return {
        key: (
            len(rows),
            len({row[0] for row in rows}),
            sum(row[4] for row in rows),
            sum((row[3] - row[2]) // timedelta(milliseconds=1) for row in rows),
            sum(row[4] == 1 for row in rows),
        )
        for key, rows in of_day.items()
    }
