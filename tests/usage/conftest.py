from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import transaction
from django.test import override_settings


@contextmanager
def empty_ledger(zone: ZoneInfo) -> Iterator[None]:
    """An example of hypothesis: its own reporting zone, and nothing left behind."""
    with override_settings(REPORTING_TIME_ZONE=zone.key), transaction.atomic():
        yield
        transaction.set_rollback(True)
