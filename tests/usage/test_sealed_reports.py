"""What a report said of a range it says again when the facts of that range are gone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.usage.retention import rows
from tests.usage.simulated import PLAN
from usage import rollup
from usage.models import TurnAccepted
from usage.periods import day_of
from usage.reports.asking import answer
from usage.reports.registry import REPORTS
from usage.rollup import sealing
from usage.simulation import Plan, simulate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_is_shown")]

SMALL = Plan(users=8, days=40, seed=7, until=PLAN.until, zone=PLAN.zone)
KEEP = 180
LAST = SMALL.until - timedelta(days=8)
DAYS = 31


def said(report: str) -> Any:
    """The trust report counts the facts that are there: of it, the lights."""
    first = LAST - timedelta(days=min(DAYS, REPORTS[report].max_days) - 1)
    asked = {"from": first.isoformat(), "to": LAST.isoformat()}
    found = answer(report, asked, now=SMALL.end, audience="test")
    rows = [row.measures and row.measures.status for row in found.asked.rows] if report == "trust" else found.asked
    return rows, found.complete_through


def test_every_report_and_every_row_stays_also_when_the_rest_is_rebuilt() -> None:
    simulate(SMALL, witness=lambda _: None)
    rollup.drain_all(now=SMALL.end)
    reports, before = {name: said(name) for name in REPORTS}, rows()
    sealing.seal_days(now=SMALL.end + timedelta(days=KEEP - 7), keep_days=KEEP)
    rollup.mark_days(rollup.recorded_days())
    rollup.drain_all(now=SMALL.end)
    assert day_of(sealing.sealed_until(), SMALL.zone) > SMALL.until - timedelta(days=8)
    assert TurnAccepted.objects.exists()
    assert rows() == before
    assert {name: said(name) for name in REPORTS} == reports
