"""A simulated history: its raw facts as Parquet files, its rollups as rows, and the truth about it.

Made in one transaction that is taken back: nobody else sees it, and it costs its seconds once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models, transaction

from tests.usage.duckdb.parquet import write_parquet
from usage import rollup
from usage.models import CountedSince, Seal
from usage.reports.asking import answer
from usage.reports.query import NONE
from usage.reports.table import records
from usage.simulation import Plan, Truth, simulate

PLAN = Plan(users=60, days=64, seed=16, until=date(2026, 5, 20), zone=ZoneInfo("Asia/Shanghai"))
"""Long enough for cohorts whose 56 days are over, with both campaigns; of a seed that meets every border."""

SETTLED = timedelta(days=60)
"""After the end: every verdict is given and every cohort closed."""
AUDIENCE = "tests"
OF_ROWS = {"period", "grain", "zone", "is_complete", "is_suppressed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a report is asked."""

    report: str = ""
    """Empty: the one of the question's own name."""
    params: Mapping[str, str] = field(default_factory=dict)
    """What it is kept to."""
    by: str = ""
    always: str = ""
    """What its rows are told apart by besides."""
    days: int | None = None
    """The last ones of the history; None: all of them."""
    zone: str = ""
    """Whose days are meant; empty: those of the plan."""
    after: timedelta = SETTLED
    """How long after the last day; nothing in it can change by then."""
    empty: frozenset[str] = frozenset()
    """Columns in which this history has nothing."""

    @property
    def key(self) -> list[str]:
        return [name for name in (*self.by.split(","), *self.always.split(",")) if name]


QUESTIONS: Mapping[str, Question] = {
    "usage": Question(by="day,scenario", empty=frozenset({"unfinished", "cost_internal_USD"})),
    "usage_of_organic_people": Question(
        report="usage",
        by="model",
        params={"organic_only": "1"},
        # After a failover, turns and endings of a model are not of the same answers.
        empty=frozenset({"unfinished", "cost_internal_USD"}),
    ),
    "volume": Question(by="day", days=28, zone="America/New_York", empty=frozenset({"cost_internal_USD"})),
    "north_star": Question(
        by="week",
        # In every week more than one call in a hundred has no price.
        empty=frozenset({f"cost_per_satisfied_answer_{currency}" for currency in ("CNY", "USD")}),
    ),
    "active_users": Question(by="day"),
    "active_spread": Question(by="day", always="span,active_days"),
    "sessions": Question(by="day"),
    "conversations": Question(by="day", days=28),
    "lifecycle": Question(by="week"),
    "retention": Question(by="cohort", always="offset"),
    "retention_brackets": Question(by="cohort", always="bracket"),
    "scenario_adoption": Question(always="scenario"),
    "scenario_share": Question(always="scenario"),
    "scenario_breadth": Question(days=28),
    "scenario_co_use": Question(always="scenario,beside", days=28),
    "answer_quality": Question(by="day,scenario"),
    "latency": Question(by="day,endpoint", always="measure"),
    "latency_of_writing": Question(
        report="latency",
        by="day",
        always="measure",
        params={"scenario": "write", "channel": "web", "endpoint": "cloud"},
    ),
    "speed": Question(by="endpoint", days=28),
    "capacity": Question(
        by="day",
        always="endpoint",
        after=timedelta(0),
        empty=frozenset({"endpoint_limit", "mean_of_limit", "peak_of_limit_numerator", "peak_of_limit_denominator"}),
    ),
    "endpoint_errors": Question(by="day", always="endpoint,error"),
    "failover": Question(always="endpoint", days=28),
    "unit_economics": Question(
        by="day,scenario",
        # Whoever is answered abroad was refused at home: such a call is without a price, and a day has few.
        empty=frozenset({"cost_internal_USD", "cost_wasted_USD"})
        | {f"cost_per_{what}_USD" for what in ("active_user", "turn", "satisfied_answer")},
    ),
    "cohort_economics": Question(by="cohort", days=56, empty=frozenset({"cost_per_retained_user_USD"})),
    "waste": Question(by="scenario", days=28, empty=frozenset({"cost_failed_USD"})),
    "people": Question(always="person"),
    "trust": Question(always="check"),
}

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
    """The rows that answer each question: what they are about, and every number."""
    parquet: Path
    """One file for each kind of fact."""


def simulated(plan: Plan, folder: Path) -> History:
    """The caller has a database, and REPORTING_TIME_ZONE is the plan's."""
    truth = Truth(plan)
    with transaction.atomic():
        simulate(plan, witness=truth.see)
        rollup.drain_all(now=plan.end)
        rows = {model.__name__: list(model._default_manager.values()) for model in rollup_models()}
        reports = _asked(plan)
        write_parquet(folder)
        transaction.set_rollback(True)
    return History(plan=plan, truth=json.loads(truth.as_json()), rollups=rows, reports=reports, parquet=folder)


def _asked(plan: Plan) -> Mapping[str, Sequence[Row]]:
    """Those asked soonest come first: some rollups are forgotten as time goes on."""
    questions = sorted(QUESTIONS.items(), key=lambda question: question[1].after)
    return {name: list(_reported(name, question, plan)) for name, question in questions}


def _reported(name: str, question: Question, plan: Plan) -> Iterator[Row]:
    """As a file holds it, without what a row says of itself."""
    now = plan.end + question.after
    rollup.drain_all(now=now)
    first = plan.date_of(plan.days - (question.days or plan.days))
    params = {"from": first.isoformat(), "to": plan.until.isoformat(), "by": question.by or NONE, "zone": question.zone}
    found = answer(question.report or name, {**params, **question.params}, now=now, audience=AUDIENCE)
    for record in records(found):
        assert not record["is_suppressed"], "nothing is with REPORT_MIN_PEOPLE = 1"
        if record["grain"] == "group":
            yield {column: value for column, value in record.items() if _is_counted(column, record)}


def _is_counted(column: str, record: Row) -> bool:
    """Names are the catalog's, and a share follows from its two parts."""
    return column not in OF_ROWS and not column.endswith("_name") and f"{column}_numerator" not in record


def rollup_models() -> list[type[models.Model]]:
    """What has no id that the database gives: the key of a rollup is what it is about. Nothing is sealed here."""
    made = [model for model in apps.get_app_config("usage").get_models() if model._meta.auto_field is None]
    return [model for model in made if model not in (Seal, CountedSince)]
