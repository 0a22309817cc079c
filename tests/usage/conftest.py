from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.usage.simulated import PLAN, History, simulated

pytest.register_assert_rewrite("tests.usage.exact")


@contextmanager
def empty_ledger(zone: ZoneInfo) -> Iterator[None]:
    """An example of hypothesis: its own reporting zone, and nothing left behind."""
    with override_settings(REPORTING_TIME_ZONE=zone.key), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def history(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> History:
    """Some weeks of made-up people, rolled up; taken out of the database again before anybody reads it."""
    with django_db_blocker.unblock(), override_settings(REPORTING_TIME_ZONE=PLAN.zone.key, REPORT_MIN_PEOPLE=1):
        return simulated(PLAN, tmp_path_factory.mktemp("facts"))


@pytest.fixture
def everybody_is_shown() -> Iterator[None]:
    """Suppression is tried on its own: the cast is smaller than any group that would be shown."""
    with override_settings(REPORT_MIN_PEOPLE=1):
        yield
