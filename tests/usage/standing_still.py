"""A worker's process that stands still in the middle of its work: ``python -m tests.usage.standing_still WORDS``.

It drains. Before the first statement with these words it says so, and waits to be killed.
"""

import sys
from collections.abc import Callable
from typing import Any

import django
from django.db import connection


def stand_still(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sys.argv[1] in sql:
        print("here", flush=True)
        sys.stdin.read()
    return execute(sql, params, many, context)


if __name__ == "__main__":
    django.setup()
    from usage.tasks import drain_marks

    with connection.execute_wrapper(stand_still):
        drain_marks()
