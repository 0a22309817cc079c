"""Distinct people of user-days, and how many of the turns are of those with the most: of a day, or of any range."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from usage.models import UserDay
from usage.rollup.statements import Rows, select

ONE_IN = 100
"""The top is one person in so many, rounded up."""

COUNTS: Mapping[str, str] = {
    "active{crowd}": "COUNT(*) FILTER (WHERE turns{crowd} > 0)",
    "valued{crowd}": "COUNT(*) FILTER (WHERE valued{crowd} > 0)",
    "top_turns{crowd}": (
        "CAST(COALESCE(SUM(turns{crowd}) FILTER "
        f"(WHERE place{{crowd}} <= (people{{crowd}} + {ONE_IN - 1}) / {ONE_IN}), 0) AS bigint)"
    ),
}
"""SQL over the rows of ``ranked``, for one of its crowds."""


def ranked(days: "QuerySet[UserDay, Any]", by: Sequence[str], crowds: Mapping[str, Q | None]) -> Rows:
    """A row for each person of each group: what they did as one of each crowd, and their place in it by turns.

    ``crowds``: which user-days count, by the end of the columns' names; None: all of them.
    """
    sums = {
        f"{name}_of{crowd}": Sum(name, filter=whom, default=0)
        for crowd, whom in crowds.items()
        for name in ("turns", "valued")
    }
    each = select(days.values(*by, "subject", "organic").annotate(**sums).values_list(*by, "subject", "organic", *sums))
    groups = "".join(f"{name}, " for name in map(connection.ops.quote_name, by))
    within = f"PARTITION BY {groups.removesuffix(', ')} " if by else ""
    told = ", ".join(
        f"turns_of{crowd} AS turns{crowd}, valued_of{crowd} AS valued{crowd}, "
        f"ROW_NUMBER() OVER ({within}ORDER BY turns_of{crowd} DESC) AS place{crowd}, "
        f"COUNT(*) FILTER (WHERE turns_of{crowd} > 0) OVER ({within}) AS people{crowd}"
        for crowd in crowds
    )
    # Names are our models' and ours; values go apart.
    return Rows(f"SELECT {groups}organic, {told} FROM ({each.sql}) AS each_person", each.params)  # noqa: S608


def counts(crowd: str = "") -> dict[str, str]:
    """The SQL of each count of a crowd, by its name."""
    return {name.format(crowd=crowd): sql.format(crowd=crowd) for name, sql in COUNTS.items()}
