"""A simulated history: its raw facts as Parquet files, its rollups as rows, and the truth about it.

Made in one transaction that is taken back: nobody else sees it, and it costs its seconds once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models, transaction

from tests.usage.duckdb.parquet import write_parquet
from usage import rollup
from usage.models import Seal
from usage.reports.asking import answer
from usage.simulation import Plan, Truth, simulate

PLAN = Plan(users=60, days=64, seed=11, until=date(2026, 5, 20), zone=ZoneInfo("Asia/Shanghai"))
"""Long enough for cohorts whose 56 days are over, with both campaigns."""

REPORTS = {
    "usage": "day,scenario",
    "active_users": "day",
    "lifecycle": "week",
    "answer_quality": "day,scenario",
    "scenario_adoption": "scenario",
}
"""What each is asked to tell apart."""
SETTLED = timedelta(days=60)
"""After the end: every verdict is given and every cohort closed."""

Row = Mapping[str, Any]
"""A rollup's or a report's row, by the names of its columns. ``Any``: numbers, texts, days and moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    plan: Plan
    truth: Mapping[str, Any]
    """As ``usage_simulate --truth`` writes it."""
    rollups: Mapping[str, Sequence[Row]]
    """All rows, by the name of their model."""
    reports: Mapping[str, Sequence[Row]]
    """The rows of those in ``REPORTS``, over the whole history once nothing in it can change: groups and counts."""
    parquet: Path
    """One file for each kind of fact."""


def simulated(plan: Plan, folder: Path) -> History:
    """The caller has a database, and REPORTING_TIME_ZONE is the plan's."""
    truth = Truth(plan)
    with transaction.atomic():
        simulate(plan, witness=truth.see)
        rollup.drain_all(now=plan.end)
        rows = {model.__name__: list(model._default_manager.values()) for model in rollup_models()}
        reports = {name: list(_reported(name, by, plan)) for name, by in REPORTS.items()}
        write_parquet(folder)
        transaction.set_rollback(True)
    return History(plan=plan, truth=json.loads(truth.as_json()), rollups=rows, reports=reports, parquet=folder)


def _reported(name: str, by: str, plan: Plan) -> Iterator[Row]:
    now = plan.end + SETTLED
    rollup.drain_all(now=now)
    params = {"from": plan.date_of(0).isoformat(), "to": plan.until.isoformat(), "by": by}
    for row in answer(name, params, now=now, audience="tests").asked.rows:
        group = {dimension.value: value for dimension, value in row.group.items()}
        assert row.measures, "nothing is suppressed with REPORT_MIN_PEOPLE = 1"
        measures = {field.name: getattr(row.measures, field.name) for field in fields(row.measures)}
        yield {**group, **{name: value for name, value in measures.items() if isinstance(value, int)}}


def rollup_models() -> list[type[models.Model]]:
    """What has no id that the database gives: the key of a rollup is what it is about. Nothing is sealed here."""
    made = [model for model in apps.get_app_config("usage").get_models() if model._meta.auto_field is None]
    return [model for model in made if model is not Seal]
