"""kill -9 of a real process in the middle of a rollup: its transaction is gone, its work is done by the next."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.utils import timezone

from tests.conftest import database_url
from tests.processes import ROOT, Process
from tests.usage import cast, exact
from tests.usage.cast import LI, WANG
from tests.usage.oracle import Ledger
from usage import rollup, tasks
from usage.models import Mark, RollupScan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = timezone.now()
"""A task asks the clock itself, and forgets what is older than five weeks by it."""
TALKED = [cast.ending(cast.turn(str(who), who=who, at=NOW)) for who in (LI, WANG)]
BEAT_S = 5
"""Sooner than beat's 15 s: nobody waits for it here but this test."""
PLACES = {
    "a_window": 'INSERT INTO "usage_latencywindow"',
    "what_looks_over_weeks": 'INSERT INTO "usage_cohortday"',
}


def assert_exact() -> None:
    ledger = Ledger()
    for end in TALKED:
        ledger.accepted(end.turn)
        ledger.finished(end)
    exact.assert_exact(ledger, ZoneInfo("Asia/Shanghai"))


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
    rollup.drain_all(now=NOW)
    assert_exact()


@pytest.fixture
def celery_worker(valkey: Process, folder: Path) -> Iterator[Callable[..., Process]]:
    """Starts one, of this application; all of them end with the test."""
    started: list[Process] = []
    environ = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}

    def start(application: str, **more: str) -> Process:
        command = (sys.executable, "-m", "celery", "--quiet", "-A", application, "worker", "--pool", "solo")
        started.append(Process(*command, environ={**environ, **more}, log=folder / "rollup-worker.log"))
        return started[-1]

    yield start
    for process in started:
        process.stop()
    current_app.control.purge()


@pytest.mark.usefixtures("_talked")
def test_a_celery_worker_that_is_killed_is_made_up_for_by_the_next_ones_first_beat(
    celery_worker: Callable[..., Process], tmp_path: Path
) -> None:
    """The broker hands its task out again after a quarter of an hour; beat wakes another one long before."""
    here = tmp_path / "here"
    tasks.drain_marks.delay()
    first = celery_worker(
        "tests.usage.celery_standing_still", STAND_STILL_AT=PLACES["a_window"], STANDS_STILL=str(here)
    )
    first.wait_until(here.exists)
    first.kill()
    assert Mark.objects.exists()
    second = celery_worker("app")
    tasks.drain_marks.delay()
    beaten = [time.monotonic()]

    def is_drained() -> bool:
        """It may come before PostgreSQL has seen that the first one is gone, and leave its keys to the next beat."""
        if time.monotonic() > beaten[-1] + BEAT_S:
            tasks.drain_marks.delay()
            beaten.append(time.monotonic())
        return not Mark.objects.exists()

    second.wait_until(is_drained)
    assert_exact()
