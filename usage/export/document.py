"""A report as one JSON document: what was asked, what its columns mean, and the rows a CSV file has."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from usage.reports.columns import Cell, Column
from usage.reports.definition import Definition
from usage.reports.report import Report, Stretch
from usage.reports.table import Line, file_columns, metrics_of, records


class ColumnDocument(TypedDict):
    id: str
    label: str
    metric: str
    """Empty for what a row says of itself; else an id of docs/metrics.md."""
    unit: str
    currency: str
    additive: bool
    null_means: str
    version: int


class PeriodDocument(TypedDict):
    first_day: date
    last_day: date


class ComparisonDocument(TypedDict):
    shift_days: int
    current: PeriodDocument
    previous: PeriodDocument


class ReportDocument(TypedDict):
    report: str
    label: str
    about: str
    first_day: date
    last_day: date
    by: Sequence[str]
    filters: Mapping[str, str]
    include_internal: bool
    organic_only: bool
    zone: str
    min_people: int
    generated_at: datetime
    complete_through: datetime | None
    erased_since: datetime | None
    comparison: ComparisonDocument | None
    columns: Sequence[ColumnDocument]
    rows: Sequence[Mapping[str, Cell]]


class DefinitionDocument(TypedDict):
    """What can be asked of a report."""

    report: str
    label: str
    about: str
    by: Sequence[str]
    options: Sequence[str]
    default_by: Sequence[str]
    default_days: int
    max_days: int
    metrics: Sequence[str]


def report_document(report: Report[Any]) -> ReportDocument:
    """Decimals are text, so that no reader of JSON makes a binary fraction of them."""
    query, definition = report.query, report.definition
    return ReportDocument(
        report=definition.id,
        label=str(definition.label),
        about=str(definition.about),
        first_day=query.first_day,
        last_day=query.last_day,
        by=[dimension.value for dimension in query.by],
        filters={dimension.value: slug for dimension, slug in query.filters.items()},
        include_internal=query.include_internal,
        organic_only=query.organic_only,
        zone=report.zone,
        min_people=report.min_people,
        generated_at=report.generated_at,
        complete_through=report.complete_through,
        erased_since=report.erased_since,
        comparison=_comparison(report),
        columns=[_column(column) for column in file_columns(report)],
        rows=[{name: _plain(value) for name, value in record.items()} for record in records(report)],
    )


def definition_document(definition: Definition[Any]) -> DefinitionDocument:
    return DefinitionDocument(
        report=definition.id,
        label=str(definition.label),
        about=str(definition.about),
        by=definition.possible(),
        options=sorted(definition.options),
        default_by=[dimension.value for dimension in definition.default_by],
        default_days=definition.default_days,
        max_days=definition.max_days,
        metrics=[metric.id for metric in metrics_of(definition)],
    )


def _plain(value: Cell) -> Cell:
    return format(value, "f") if isinstance(value, Decimal) else value


def _comparison(report: Report[Any]) -> ComparisonDocument | None:
    found = report.comparison
    if found is None:
        return None
    return ComparisonDocument(
        shift_days=found.shift_days, current=_period(found.current), previous=_period(found.previous)
    )


def _period(stretch: Stretch[Any]) -> PeriodDocument:
    return PeriodDocument(first_day=stretch.first_day, last_day=stretch.last_day)


def _column(column: Column[Line]) -> ColumnDocument:
    metric = column.metric
    return ColumnDocument(
        id=column.id,
        label=str(column.label),
        metric=metric.id if metric else "",
        unit=metric.unit.value if metric else "",
        currency=column.currency,
        additive=metric.additive if metric else False,
        null_means=str(metric.null_means) if metric else "",
        version=metric.version if metric else 0,
    )
