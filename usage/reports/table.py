"""Any report as a table: what its rows say of themselves, then their metrics in the order of the registry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from usage.reports.columns import Cell, Column, in_files, metric_columns
from usage.reports.definition import Definition
from usage.reports.dimensions import DIMENSIONS, Dimension
from usage.reports.labels import names_of
from usage.reports.metrics import METRICS, Metric, Unit
from usage.reports.report import Report, ReportRow, Stretch

NAMED = (Dimension.SCENARIO, Dimension.MODEL)
"""Slugs with names; a file has both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row and where it stands."""

    period: str
    """``asked``, or in a comparison ``current`` and ``previous``."""
    grain: str
    """``total``, or ``group``: never to be added to each other."""
    row: ReportRow[Any]


def metrics_of(definition: Definition[Any]) -> list[Metric]:
    names = {field.name for field in fields(definition.measures)}
    return [metric for metric in METRICS if metric.id in names]


def lines(report: Report[Any]) -> Iterator[Line]:
    """As a table reads: the total first."""
    yield from _of("asked", report.asked)
    if report.comparison:
        yield from _of("current", report.comparison.current)
        yield from _of("previous", report.comparison.previous)


def columns(report: Report[Any]) -> list[Column[Line]]:
    """As a page shows them: a name stands for its slug."""
    named = [column for column in dimension_columns(report) if column.id not in NAMED]
    return [*named, *metric_columns(metrics_of(report.definition), currencies(report), measure)]


def file_columns(report: Report[Any]) -> list[Column[Line]]:
    """With all that is needed to read a row without its report."""
    return [
        Column(id="period", label=_("Period"), value=lambda line: line.period),
        Column(id="grain", label=_("Grain"), value=lambda line: line.grain),
        Column(id="zone", label=_("Zone"), value=lambda _line: report.zone),
        *dimension_columns(report),
        Column(id="is_complete", label=_("Complete"), value=lambda line: line.row.is_complete),
        Column(id="is_suppressed", label=_("Suppressed"), value=lambda line: line.row.measures is None),
        *in_files(metric_columns(metrics_of(report.definition), currencies(report), measure), measure),
    ]


def dimension_columns(report: Report[Any]) -> list[Column[Line]]:
    columns: list[Column[Line]] = []
    for dimension in (*report.query.by, *(each for each in report.definition.always if each not in report.query.by)):
        columns.append(_group(dimension))
        if dimension in NAMED:
            columns.append(_named(dimension, names_of(dimension)))
    return columns


def currencies(report: Report[Any]) -> list[str]:
    """Those that any row has money in."""
    money = [metric.id for metric in metrics_of(report.definition) if metric.unit is Unit.MONEY]
    rows = [line.row.measures for line in lines(report) if line.row.measures is not None]
    return sorted({currency for measures in rows for name in money for currency in getattr(measures, name)})


def measure(line: Line, metric: Metric) -> object:
    found: object = None if line.row.measures is None else getattr(line.row.measures, metric.id)
    return found


def records(report: Report[Any]) -> Iterator[Mapping[str, Cell]]:
    """Every line by the ids of its columns."""
    known = file_columns(report)
    return ({column.id: column.value(line) for column in known} for line in lines(report))


def _of(period: str, stretch: Stretch[Any]) -> Iterator[Line]:
    if stretch.total:
        yield Line(period=period, grain="total", row=stretch.total)
    yield from _groups(period, stretch.rows)


def _groups(period: str, rows: Iterable[ReportRow[Any]]) -> Iterator[Line]:
    return (Line(period=period, grain="group", row=row) for row in rows)


def _group(dimension: Dimension) -> Column[Line]:
    return Column(
        id=dimension.value, label=DIMENSIONS[dimension].label, value=lambda line: line.row.group.get(dimension)
    )


def _named(dimension: Dimension, names: Mapping[str, str]) -> Column[Line]:
    def value(line: Line) -> Cell:
        slug = line.row.group.get(dimension)
        return None if slug is None else str(names.get(str(slug), slug))

    return Column(id=f"{dimension.value}_name", label=DIMENSIONS[dimension].label, value=value)
