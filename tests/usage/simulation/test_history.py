"""What ``run.py --with-history`` shows, in small: its commands, and every report about what they made."""

from collections.abc import Iterator
from csv import DictReader
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from app.launch.database import HISTORY
from usage.models import Mark
from usage.periods import day_of, reporting_zone
from usage.reports.definition import Definition
from usage.reports.registry import REPORTS
from usage.reports.table import metrics_of

DAYS = 70
"""Enough for cohorts whose 56 days are over, and for steps of adoption that take 35."""
SMALL = ("--users", "30", "--days", str(DAYS))
"""Of two sizes that are given, the last one counts."""


def run(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("everybody_is_shown")
def test_every_report_says_something_of_the_made_up_people() -> None:
    run("usage_simulate", *HISTORY, *SMALL, "--once", "--roll-up")
    assert not Mark.objects.exists()
    yesterday = day_of(timezone.now(), reporting_zone()) - timedelta(days=1)
    silent = [name for name, definition in REPORTS.items() if not any(said_by(definition, yesterday))]
    assert silent == []


def said_by(definition: Definition[object], last: date) -> Iterator[str]:
    """What is neither empty nor 0, in the rows of as much of the history as one report holds."""
    first = last - timedelta(days=min(DAYS, definition.max_days) - 1)
    file = run("usage_report", definition.id, f"--from={first}", f"--to={last}")
    numbers = [metric.id for metric in metrics_of(definition)]
    for row in DictReader(StringIO(file)):
        if row["grain"] == "group":
            yield from (
                value for column, value in row.items() if column.startswith(tuple(numbers)) and value.strip("0.")
            )
