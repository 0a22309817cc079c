"""What the product wrote, in the shape of the oracle."""

from typing import Any

from django.db import models

from tests.usage.oracle import SUMS, Row
from usage.models import LatencyDay, PeopleDay, UsageDay, UsageWindow, UserDay

DIMENSIONS = ("source", "scenario", "model", "endpoint", "channel", "kind", "outcome", "currency", "is_internal")


def usage_windows() -> dict[Row, dict[str, int]]:
    return _sums(UsageWindow.objects.values(), "window_start")


def usage_days() -> dict[Row, dict[str, int]]:
    return _sums(UsageDay.objects.values(), "local_day")


def _dicts(table: models.Manager[Any]) -> list[dict[str, Any]]:
    return list(table.values())


def _sums(rows: Any, when: str) -> dict[Row, dict[str, int]]:
    found: dict[Row, dict[str, int]] = {}
    for row in rows:
        row["pico"] = row["cost_units"] * 10**12 + row["cost_rest_pico"]
        assert 0 <= row["cost_rest_pico"] < 10**12
        found[row[when], *(row[name] for name in DIMENSIONS)] = {name: row[name] for name in SUMS}
    return found


def latency_days() -> dict[Row, int]:
    where = ("local_day", "measure", "scenario", "model", "endpoint", "channel", "is_internal", "bucket")
    return {tuple(row[name] for name in where): row["generations"] for row in _dicts(LatencyDay.objects)}


def user_days() -> dict[Row, tuple[int, int, int]]:
    where = ("local_day", "subject", "scenario", "model", "channel", "is_internal")
    return {
        tuple(row[name] for name in where): (row["turns"], row["valued"], row["satisfied"])
        for row in _dicts(UserDay.objects)
    }


def people_days() -> dict[Row, tuple[int, int, int, int]]:
    where = ("local_day", "grouping", "scenario", "model", "channel")
    return {
        tuple(row[name] for name in where): (row["active"], row["valued"], row["active_all"], row["valued_all"])
        for row in _dicts(PeopleDay.objects)
    }


def everything() -> list[list[Row]]:
    """All rollup rows, byte for byte."""
    tables = (UsageWindow, UsageDay, LatencyDay, UserDay, PeopleDay)
    return [sorted((tuple(row.items()) for row in table.objects.values()), key=repr) for table in tables]
