"""Hurrying Celery about rows that already say what is due: one message for many rows, and none that must arrive."""

import logging
from threading import Lock, Timer
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

WAKE_S = 0.5
"""How long keys are gathered for one message: to publish one takes about 1 ms of the processor."""


class Wake:
    """Of one task, which takes a list of keys. A message that is lost leaves them to the task's sweep."""

    def __init__(self, task: "Task[Any, Any]") -> None:
        self._task = task
        self._keys: list[str] = []
        self._lock = Lock()

    def about(self, key: str) -> None:
        """Returns at once, Redis or no Redis."""
        with self._lock:
            self._keys.append(key)
            if len(self._keys) > 1:
                return
        timer = Timer(WAKE_S, self._send)
        timer.daemon = True  # the end of the process does not wait for a hint
        timer.start()

    def _send(self) -> None:
        with self._lock:
            keys, self._keys = self._keys, []
        try:
            self._task.apply_async(args=(keys,), retry=False, ignore_result=True)
        except OperationalError as error:
            logger.warning("%s waits for its sweep: %s", self._task.name, error)
