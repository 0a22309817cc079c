"""The product's Celery application, whose worker stands still before the first statement with these words:
``STAND_STILL_AT=WORDS celery -A tests.usage.celery_standing_still worker``.

It makes the file ``STANDS_STILL`` and waits to be killed.
"""

import os
import signal
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from app.celery import celery

__all__ = ["celery"]


def _stand_still(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if os.environ["STAND_STILL_AT"] in sql:
        Path(os.environ["STANDS_STILL"]).touch()
        signal.pause()
    return execute(sql, params, many, context)


@receiver(connection_created)
def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    connection.execute_wrappers.append(_stand_still)
