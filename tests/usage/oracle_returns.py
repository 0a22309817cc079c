"""After how many days people came back, in plain Python over the events. Shares no code with the product."""

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from tests.usage import oracle
from tests.usage.oracle import Ledger, Row
from tests.usage.oracle_people import Days

FAR = 92


def returns(ledger: Ledger, days: Days, zone: ZoneInfo) -> dict[Row, int]:
    """By (day, grouping, scenario, of value, organic, days since they were there before)."""
    came: dict[Row, set[date]] = defaultdict(set)
    for (day, subject, scenario, _, _, is_internal), (turns, valued, _) in oracle.user_days(ledger, zone).items():
        for of_value, times in ((False, turns), (True, valued)):
            for group in (("total", ""), ("scenario", scenario)):
                if times and not is_internal:
                    came[*group, of_value, subject].add(day)
    rows: Counter[Row] = Counter()
    for key, unordered in came.items():
        before: date | None = None
        for day in sorted(unordered):
            since = min(FAR, (day - before).days) if before else FAR
            rows[day, *key[:-1], days.is_organic(key[-1]), since] += 1
            before = day
    return dict(rows)
