"""kill -9 of a real process in the middle of a rollup: its transaction is gone, its work is done by the next."""

import os
import subprocess
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import database_url
from tests.processes import ROOT
from tests.usage import cast, exact
from tests.usage.cast import LI, NOON, WANG
from tests.usage.oracle import Ledger
from usage import rollup
from usage.models import Mark, RollupScan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TALKED = [cast.ending(cast.turn(str(who), who=who)) for who in (LI, WANG)]
PLACES = {
    "a_window": 'INSERT INTO "usage_latencywindow"',
    "what_looks_over_weeks": 'INSERT INTO "usage_cohortday"',
}


@pytest.fixture
def worker(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """In the middle of ``param``."""
    environ = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    command = [sys.executable, "-m", "tests.usage.standing_still", request.param]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


@pytest.fixture
def _talked(transactional_db: None) -> None:
    cast.talk(*TALKED)


@pytest.mark.usefixtures("_talked")
@pytest.mark.parametrize("worker", PLACES.values(), ids=PLACES, indirect=True)
def test_a_worker_killed_in_the_middle_of(worker: "subprocess.Popen[str]") -> None:
    worker.kill()
    worker.wait()
    assert Mark.objects.exists()
    assert not RollupScan.objects.exists()
    rollup.drain_all(now=NOON)
    ledger = Ledger()
    for end in TALKED:
        ledger.accepted(end.turn)
        ledger.finished(end)
    exact.assert_exact(ledger, ZoneInfo("Asia/Shanghai"))
