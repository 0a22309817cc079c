"""Beat fires twice, the broker delivers a task twice, two workers meet at one key: everything is counted, and once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from tests.usage import cast, exact
from tests.usage.cast import LI, WANG, ZHAO
from tests.usage.interference import Held, at_once
from tests.usage.oracle import Ledger
from usage import erasure, rollup, tasks
from usage.models import Erasure, Level, Mark, TurnAccepted
from usage.periods import window_number, window_of
from usage.rollup.statements import claim

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
TALKED = [
    cast.ending(cast.turn(f"{who} {days}", who=who, at=NOW - timedelta(days=days)))
    for who in (LI, WANG, ZHAO)
    for days in (1, 2)
]


@pytest.fixture(autouse=True)
def _talked() -> Iterator[None]:
    cast.talk(*TALKED)
    yield
    close_old_connections()


def assert_exact(*, without: UUID | None = None) -> None:
    rollup.drain_all(now=NOW)
    ledger = Ledger()
    for end in TALKED:
        if end.turn.subject != without:
            ledger.accepted(end.turn)
            ledger.finished(end)
    exact.assert_exact(ledger, ZoneInfo("Asia/Shanghai"))


def test_a_task_that_is_delivered_twice_at_once_counts_once() -> None:
    at_once(tasks.drain_marks, tasks.drain_marks)
    assert_exact()


def beat() -> list[Callable[[], object]]:
    """All that beat wakes here, at one moment."""
    current_app.loader.import_default_modules()
    names = [str(each["task"]) for each in settings.CELERY_BEAT_SCHEDULE.values()]
    return [current_app.tasks[name] for name in names if name.startswith("usage.")]


def test_two_beats_at_once_are_as_good_as_one() -> None:
    """While there are marks, and somebody has left. Two purges at once: ``test_purge_under_interference``."""
    erasure.request(WANG, now=NOW, mode=Erasure.Mode.REMOVE)
    at_once(*beat(), *beat())
    tasks.erase_people()  # of those who were left to another worker
    assert not TurnAccepted.objects.filter(subject=WANG).exists()
    assert Erasure.objects.get().facts == 6
    assert_exact(without=WANG)


KEYS = [
    (Level.WINDOW, window_number(window_of(TALKED[0].turn.occurred_at))),
    (Level.PERSON, LI.int % 64),
    (Level.USAGE_DAY, TALKED[0].turn.occurred_at.astimezone(ZoneInfo("Asia/Shanghai")).toordinal()),
]


@pytest.mark.on_postgresql  # on SQLite the second waits: it has one writer
@pytest.mark.parametrize(("level", "key"), KEYS, ids=lambda part: str(part) if isinstance(part, Level) else "")
def test_a_key_that_another_worker_holds_is_left_to_them(level: Level, key: int) -> None:
    other = Held(partial(claim, level, [key]))
    other.begin()
    drained = rollup.drain(now=NOW)
    assert drained.left == 1
    assert Mark.objects.filter(level=level).exists()
    other.commit()
    assert_exact()


@pytest.mark.on_postgresql  # as above
def test_whoever_wants_all_of_it_waits_for_the_other_worker_and_not_in_haste() -> None:
    """The other one commits when it is waited for, and not before."""
    level, key = KEYS[0]
    other = Held(partial(claim, level, [key]))
    other.begin()
    rollup.drain_all(now=NOW, wait=other.commit)
    assert_exact()
