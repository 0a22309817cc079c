"""Moments as whole numbers, so that both databases can count with them in the same words."""

from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Func

MICROSECOND = timedelta(microseconds=1)


class Microseconds(Func):
    """Of a moment: since 1970, as a whole number."""

    output_field = BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) * 1000000 AS bigint)"  # a numeric: nothing is rounded
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Of its text, which has six digits after the point, or no point. SQLite itself would round to milliseconds."""
        template = (
            "(CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER) * 1000000"
            " + CAST(substr(%(expressions)s || '.000000', 21, 6) AS INTEGER))"
        )
        return self.as_sql(compiler, connection, template=template, **extra)


def microseconds(length: timedelta) -> int:
    return length // MICROSECOND
