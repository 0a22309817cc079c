"""The usage report by day as a table: its days, scenarios and models, and every metric of usage."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from usage.reports.columns import Cell, Column, in_files, metric_columns
from usage.reports.dimensions import Dimension
from usage.reports.metrics import USAGE, Metric
from usage.reports.suppression import Group, hidden
from usage.reports.usage_by_day import UsageReport, UsageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    row: UsageRow
    is_suppressed: bool
    """Its group is too small, or would give another one away: none of its numbers is shown."""


def shown_rows(report: UsageReport) -> list[ShownRow]:
    """As a table reads: the total, then each day with its rows."""
    days = [day.subtotal for day in report.days]
    rows = [row for day in report.days for row in day.rows]
    gone = {id(row) for level in ([report.total], days, rows) for row in _suppressed(level)}
    return [ShownRow(row=row, is_suppressed=id(row) in gone) for row in report.in_order()]


def grain(row: UsageRow) -> str:
    """Which rows may be added to each other: those of the finest grain, and only additive metrics."""
    if row.day is None:
        return "total"
    return "day" if row.scenario is None else "day_scenario_model"


def page_columns(report: UsageReport) -> list[Column[ShownRow]]:
    return metric_columns(USAGE, report.currencies, _measure)


def file_columns(report: UsageReport) -> list[Column[ShownRow]]:
    return [*_dimensions(report), *in_files(page_columns(report), _measure)]


def _suppressed(level: list[UsageRow]) -> list[UsageRow]:
    """Of rows that are told apart by the same."""
    people = [row.people_behind for row in level]
    return [level[place] for place in hidden([_group(row) for row in level], people, k=settings.REPORT_MIN_PEOPLE)]


def _group(row: UsageRow) -> Group:
    parts = {Dimension.DAY: row.day, Dimension.SCENARIO: row.scenario, Dimension.MODEL: row.model}
    return {dimension: value for dimension, value in parts.items() if value is not None}


def _dimensions(report: UsageReport) -> list[Column[ShownRow]]:
    scenarios, models = report.scenarios, report.models
    return [
        Column(id="grain", label=_("Grain"), value=lambda shown: grain(shown.row)),
        Column(id="local_day", label=_("Day"), value=lambda shown: shown.row.day),
        Column(id="zone", label=_("Zone"), value=lambda _shown: report.zone),
        Column(id="scenario", label=_("Scenario"), value=lambda shown: shown.row.scenario),
        Column(id="scenario_name", label=_("Scenario"), value=lambda shown: _name(scenarios, shown.row.scenario)),
        Column(id="model", label=_("Model"), value=lambda shown: shown.row.model),
        Column(id="model_name", label=_("Model"), value=lambda shown: _name(models, shown.row.model)),
        Column(id="is_complete", label=_("Complete"), value=lambda shown: shown.row.is_complete),
        Column(id="is_suppressed", label=_("Suppressed"), value=lambda shown: shown.is_suppressed),
    ]


def _measure(shown: ShownRow, metric: Metric) -> object:
    found: object = None if shown.is_suppressed else getattr(shown.row.measures, metric.id)
    return found


def _name(names: Mapping[str, str], slug: str | None) -> Cell:
    return None if slug is None else str(names.get(slug, slug))
