"""Addresses for Celery. Marks, days and requests are the work; a task only says that it is time to look."""

import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from usage import erasure, rollup
from usage.rollup import sealing

PURGE_BUDGET_S = 600.0


@shared_task(soft_time_limit=55, time_limit=60)
def drain_marks() -> None:
    """Every 15 s by beat. Twice, late, or at once with another: the locks on the keys sort it out."""
    rollup.drain(now=timezone.now(), budget_s=40)


@shared_task(soft_time_limit=780, time_limit=840)
def purge() -> None:
    """Once a day by beat. A day that cannot be purged now is due tomorrow too; a second worker finds it done."""
    now, until = timezone.now(), time.monotonic() + PURGE_BUDGET_S
    for purge_days, keep_days in (
        (sealing.seal_days, settings.USAGE_RAW_DAYS),
        (sealing.purge_people, settings.USAGE_USER_DAYS),
    ):
        purge_days(now=now, keep_days=keep_days, goes_on=lambda: time.monotonic() < until)


@shared_task(soft_time_limit=240, time_limit=270)
def erase_people() -> None:
    """Every minute by beat: those whose accounts were deleted. Twice is once."""
    erasure.erase_due(now=timezone.now())
