"""Addresses for Celery. Marks are the work; a task only says that it is time to look."""

from celery import shared_task
from django.utils import timezone

from usage import rollup


@shared_task(soft_time_limit=55, time_limit=60)
def drain_marks() -> None:
    """Every 15 s by beat. Twice, late, or at once with another: the locks on the keys sort it out."""
    rollup.drain(now=timezone.now(), budget_s=40)
