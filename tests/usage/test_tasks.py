"""What the worker is woken for, and the settings that say how long anything is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from tests.usage import cast
from tests.usage.retention import DAY
from usage import erasure, rollup, tasks
from usage.models import Erasure, Seal, TurnAccepted, UserDay

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
@override_settings(USAGE_RAW_DAYS=2, USAGE_USER_DAYS=4)
def test_the_purge_keeps_what_the_settings_say_and_twice_is_once() -> None:
    now = timezone.now()
    for days in (0, 3, 5):
        turn = cast.turn(str(days), at=now - days * DAY)
        cast.talk(cast.ending(turn))
    rollup.drain_all(now=now)
    tasks.purge()
    once = list(Seal.objects.order_by("ends_at").values_list())
    tasks.purge()
    assert list(Seal.objects.order_by("ends_at").values_list())[: len(once)] == once
    assert TurnAccepted.objects.count() == 1
    assert UserDay.objects.count() == 2


@pytest.mark.django_db
def test_the_worker_erases_whoever_left() -> None:
    cast.accept(cast.turn("hello"))
    erasure.request(cast.LI, now=timezone.now(), mode=Erasure.Mode.REMOVE)
    tasks.erase_people()
    tasks.erase_people()
    assert not TurnAccepted.objects.exists()


def test_beat_wakes_tasks_that_there_are() -> None:
    current_app.loader.import_default_modules()
    assert {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()} <= set(current_app.tasks)


def test_no_task_outlives_the_time_after_which_its_broker_delivers_it_again() -> None:
    """Else a second worker would begin it while the first is still at it."""
    current_app.loader.import_default_modules()
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    limits = [task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in ours]
    again_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert isinstance(again_after, int)
    assert max(limits) < again_after


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("USAGE_RAW_DAYS", "89", "at least 90"),
        ("USAGE_USER_DAYS", "241", "at least USAGE_RAW_DAYS + 62 = 242"),
        ("ERASURE", "shred", "unlink or remove"),
    ],
)
def test_a_period_that_would_make_numbers_wrong_is_refused_at_the_start(name: str, value: str, says: str) -> None:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "app.settings", name: value}
    start = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    refused = subprocess.run(start, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert refused.returncode
    assert f"ImproperlyConfigured: {name}={value}: {says}" in refused.stderr
