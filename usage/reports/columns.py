"""Values of metrics as flat cells: the page, the files, the API and the command show these and no others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from usage.reports.measures import TokenSum
from usage.reports.metrics import Metric, Text, Unit
from usage.reports.ratios import Ratio

R = TypeVar("R")

Cell = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    id: str
    """Stable; the header of a file."""
    label: Text
    value: Callable[[R], Cell]
    metric: Metric | None = None
    currency: str = ""
    unknown: Callable[[R], int] | None = None
    """How many answers a sum of tokens does not contain; a column of its own in files, a hint on the page."""


def metric_columns(
    metrics: Sequence[Metric], currencies: Sequence[str], measure: Callable[[R, Metric], object]
) -> list[Column[R]]:
    """In the order of the metrics; money has one column per currency.

    ``measure`` finds the value of a metric in a row; None where it is not known, or not to be seen.
    """
    columns: list[Column[R]] = []
    for metric in metrics:
        if metric.unit in (Unit.MONEY, Unit.MONEY_SHARE):
            columns += [_money(metric, currency, measure) for currency in currencies]
        else:
            columns.append(_number(metric, measure))
    return columns


def in_files(columns: Sequence[Column[R]], measure: Callable[[R, Metric], object]) -> list[Column[R]]:
    """All flat: what is unknown, and what a share is of, in columns of their own."""
    flat: list[Column[R]] = []
    for column in columns:
        flat.append(column)
        if column.unknown:
            flat.append(Column(id=f"{column.id}_unknown_answers", label=column.label, value=column.unknown))
        if column.metric and column.metric.unit is Unit.SHARE:
            flat += _parts(column.metric, measure)
    return flat


def money(pico: int) -> Decimal:
    """Exact: 12 decimals, without trailing zeros."""
    amount = Decimal(pico).scaleb(-12)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize()


def _number(metric: Metric, measure: Callable[[R, Metric], object]) -> Column[R]:
    def value(row: R) -> Cell:
        match measure(row, metric):
            case TokenSum(sum=found) | Ratio(value=found):
                return found
            case None | str() | int() | Decimal() | date() as found:
                return found
        raise TypeError(f"{metric.id} is no value of a cell")

    def unknown(row: R) -> int:
        found = measure(row, metric)
        return found.unknown if isinstance(found, TokenSum) else 0

    return Column(
        id=metric.id,
        label=metric.label,
        value=value,
        metric=metric,
        unknown=unknown if metric.unit is Unit.TOKENS else None,
    )


def _money(metric: Metric, currency: str, measure: Callable[[R, Metric], object]) -> Column[R]:
    def value(row: R) -> Cell:
        amounts = measure(row, metric)
        if not isinstance(amounts, Mapping) or currency not in amounts:
            return None
        found = amounts[currency]
        return found.value if isinstance(found, Ratio) else money(found)

    return Column(id=f"{metric.id}_{currency}", label=metric.label, value=value, metric=metric, currency=currency)


def _parts(metric: Metric, measure: Callable[[R, Metric], object]) -> Iterator[Column[R]]:
    def numerator(row: R) -> Cell:
        found = measure(row, metric)
        return found.numerator if isinstance(found, Ratio) else None

    def denominator(row: R) -> Cell:
        found = measure(row, metric)
        return found.denominator if isinstance(found, Ratio) else None

    yield Column(id=f"{metric.id}_numerator", label=metric.label, value=numerator)
    yield Column(id=f"{metric.id}_denominator", label=metric.label, value=denominator)
