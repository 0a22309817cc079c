"""CSV by RFC 4180: comma, CRLF, quotes doubled, UTF-8."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import TypeVar

from usage.reports.columns import Cell, Column

R = TypeVar("R")

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the local code page, and Chinese names come out broken."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(columns: Sequence[Column[R]], rows: Iterable[R], *, bom: bool) -> str:
    """Unknown is an empty field, never 0. The ids of the columns are the header."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.id for column in columns])
    writer.writerows([cell(column.value(row)) for column in columns] for row in rows)
    return (BOM if bom else "") + file.getvalue()


def cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else guard(value)


def guard(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
