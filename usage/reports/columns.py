"""A usage report as a table. The page, the CSV file and the API show these columns and no others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from usage.reports.measures import TokenSum
from usage.reports.metrics import METRICS, Metric, Text, Unit
from usage.reports.usage_by_day import UsageReport, UsageRow

Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    id: str
    """Stable; the header of a file."""
    label: Text
    value: Callable[[UsageRow], Cell]
    metric: Metric | None = None
    currency: str = ""
    unknown: Callable[[UsageRow], int] | None = None
    """How many answers a sum of tokens does not contain; a column of its own in files, a hint on the page."""


def grain(row: UsageRow) -> str:
    """Which rows may be added to each other: those of the finest grain, and only additive metrics."""
    if row.day is None:
        return "total"
    return "day" if row.scenario is None else "day_scenario_model"


def dimension_columns(report: UsageReport) -> list[Column]:
    return [
        Column(id="grain", label=_("Grain"), value=grain),
        Column(id="local_day", label=_("Day"), value=lambda row: row.day),
        Column(id="zone", label=_("Zone"), value=lambda _row: report.zone),
        Column(id="scenario", label=_("Scenario"), value=lambda row: row.scenario),
        Column(id="scenario_name", label=_("Scenario"), value=lambda row: _name(report.scenarios, row.scenario)),
        Column(id="model", label=_("Model"), value=lambda row: row.model),
        Column(id="model_name", label=_("Model"), value=lambda row: _name(report.models, row.model)),
        Column(id="is_complete", label=_("Complete"), value=lambda row: row.is_complete),
    ]


def metric_columns(report: UsageReport) -> list[Column]:
    """In the order of the registry; money has one column per currency in the report."""
    columns: list[Column] = []
    for metric in METRICS:
        if metric.unit is Unit.MONEY:
            columns += [_money(metric, currency) for currency in report.currencies]
        else:
            columns.append(_number(metric))
    return columns


def file_columns(report: UsageReport) -> list[Column]:
    """All of them flat, with what is unknown in columns of its own."""
    columns = dimension_columns(report)
    for column in metric_columns(report):
        columns.append(column)
        if column.unknown:
            columns.append(Column(id=f"{column.id}_unknown_answers", label=column.label, value=column.unknown))
    return columns


def money(pico: int) -> Decimal:
    """Exact: 12 decimals, without trailing zeros."""
    amount = Decimal(pico).scaleb(-12)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize()


def _number(metric: Metric) -> Column:
    def measure(row: UsageRow) -> int | TokenSum | None:
        found: int | TokenSum | None = getattr(row.measures, metric.id)
        return found

    def value(row: UsageRow) -> Cell:
        found = measure(row)
        return found.sum if isinstance(found, TokenSum) else found

    def unknown(row: UsageRow) -> int:
        found = measure(row)
        return found.unknown if isinstance(found, TokenSum) else 0

    return Column(
        id=metric.id,
        label=metric.label,
        value=value,
        metric=metric,
        unknown=unknown if metric.unit is Unit.TOKENS else None,
    )


def _money(metric: Metric, currency: str) -> Column:
    def value(row: UsageRow) -> Cell:
        amounts: Mapping[str, int] = getattr(row.measures, metric.id)
        return money(amounts[currency]) if currency in amounts else None

    return Column(id=f"{metric.id}_{currency}", label=metric.label, value=value, metric=metric, currency=currency)


def _name(names: Mapping[str, str], slug: str | None) -> str | None:
    return None if slug is None else str(names.get(slug, slug))
