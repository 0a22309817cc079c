"""Reports as a test asks for them: everybody shown, all marks drained, on a Friday evening."""

from datetime import date, timedelta
from typing import Any

from tests.usage.cast import NOON
from usage import rollup
from usage.reports.query import UsageQuery
from usage.reports.registry import find
from usage.reports.report import Report, Stretch, ask

FRIDAY = date(2026, 11, 20)
NOW = NOON + timedelta(hours=6)
DAY = timedelta(days=1)


def asked(name: str, *, at: Any = NOW, **params: Any) -> Report[Any]:
    """Of that Friday alone, by the report's own grouping, if ``params`` do not say otherwise."""
    rollup.drain_all(now=at)
    query = {"first_day": FRIDAY, "last_day": FRIDAY, "by": find(name).default_by, "audience": "tests", **params}
    return ask(find(name), UsageQuery(**query), now=at)


def of(stretch: Stretch[Any]) -> list[Any]:
    """The measures of each row, none of them suppressed."""
    assert all(row.measures for row in stretch.rows)
    return [row.measures for row in stretch.rows]


def total(stretch: Stretch[Any]) -> Any:
    assert stretch.total
    assert stretch.total.measures
    return stretch.total.measures
