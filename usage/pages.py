"""The usage report as a page of the admin, and as a file with exactly the numbers of that page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import DATETIME_CLASSES, SELECT_CLASSES, SWITCH_CLASSES

from usage.errors import BadQuery
from usage.export.csv import to_csv
from usage.periods import day_of, reporting_zone
from usage.reports.by_day_columns import ShownRow, file_columns, grain, page_columns, shown_rows
from usage.reports.columns import Cell, Column
from usage.reports.metrics import USAGE
from usage.reports.query import NONE, UsageQuery, each_once
from usage.reports.usage_by_day import UsageReport, UsageRow, usage_by_day

HEADINGS = {
    "turns": gettext_lazy("Activity"),
    "completed": gettext_lazy("Answers"),
    "first_token_p50_ms": gettext_lazy("First token, ms"),
    "answers": gettext_lazy("What became of answers"),
    "calls": gettext_lazy("Calls and cost"),
    "input_uncached_tokens": gettext_lazy("Tokens of answers"),
}
"""Over the columns, from the metric with which each group begins."""


class ReportPage(UnfoldModelAdminViewMixin, TemplateView):  # type: ignore[misc]
    title = gettext_lazy("Usage by day")
    permission_required = "usage.view_report"
    template_name = "usage/report.html"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        now = timezone.now()
        report, error = None, ""
        try:
            report = _report(request, now)
        except BadQuery as refused:
            error = str(refused)
        context = self.get_context_data(
            report=report,
            error=error,
            form=_form(request, report, now),
            table=_table(report) if report else None,
            zone=reporting_zone().key,
            complete_through=_local(report.complete_through) if report and report.complete_through else "",
            erased_since=_local(report.erased_since) if report and report.erased_since else "",
            export=_params(report.query) if report and request.user.has_perm("usage.export_report") else "",
            metrics=USAGE,
            is_fullwidth="1",
        )
        return self.render_to_response(context, status=400 if error else 200)


class ReportFile(PermissionRequiredMixin, View):
    permission_required = ("usage.view_report", "usage.export_report")
    raise_exception = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """``bom=0`` leaves out the mark that makes Excel read UTF-8."""
        try:
            report = _report(request, timezone.now())
        except BadQuery as refused:
            return HttpResponse(str(refused), status=400, content_type="text/plain; charset=utf-8")
        text = to_csv(file_columns(report), shown_rows(report), bom=request.GET.get("bom") != "0")
        name = f"usage-by-day_{report.query.first_day}_{report.query.last_day}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        if report.complete_through:
            headers["X-Complete-Through"] = report.complete_through.isoformat()
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    text: str
    exact: str
    """What a file holds for it."""
    hint: str = ""
    is_faint: bool = False
    """Nothing to see: zero or unknown."""
    starts_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    row: UsageRow
    grain: str
    scenario: str
    model: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    headings: list[tuple[str, int]]
    """Each with the number of columns under it."""
    columns: list[Column[ShownRow]]
    first_ids: frozenset[str]
    """Columns that are the first under their heading."""
    rows: list[TableRow]


ASKED = ("from", "to", "scenario", "model", "include_internal")
"""What this page knows of a query; it has rows by scenario and model only."""


def _report(request: HttpRequest, now: datetime) -> UsageReport:
    params = each_once((name, values) for name, values in request.GET.lists() if name in ASKED)
    return usage_by_day(UsageQuery.parse(params, today=day_of(now, reporting_zone())), now=now)


def _table(report: UsageReport) -> Table:
    columns = page_columns(report)
    return Table(
        headings=list(_headings(columns)),
        columns=columns,
        first_ids=frozenset(HEADINGS),
        rows=[
            TableRow(
                row=shown.row,
                grain=grain(shown.row),
                scenario=str(report.scenarios.get(shown.row.scenario or "", shown.row.scenario)),
                model=str(report.models.get(shown.row.model or "", shown.row.model)),
                numbers=[_number(column, shown) for column in columns],
            )
            for shown in shown_rows(report)
        ],
    )


def _headings(columns: Sequence[Column[ShownRow]]) -> Iterator[tuple[str, int]]:
    starts = [place for place, column in enumerate(columns) if column.id in HEADINGS]
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        yield str(HEADINGS[columns[start].id]), end - start


def _number(column: Column[ShownRow], shown: ShownRow) -> Number:
    value = column.value(shown)
    unknown = column.unknown(shown) if column.unknown else 0
    hint = ""
    if shown.is_suppressed:
        hint = _("Too few people to be shown, or so many more that they cannot be computed.")
    elif value is None and column.metric:
        hint = str(column.metric.null_means)
    elif unknown:
        hint = ngettext("Not known for %(n)d answer.", "Not known for %(n)d answers.", unknown) % {"n": unknown}
    elif isinstance(value, Decimal):
        hint = f"{value:f} {column.currency}"
    return Number(
        text=("≥ " if unknown and value is not None else "") + _shown(value),
        exact="" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value),
        hint=hint,
        is_faint=not value,
        starts_group=column.id in HEADINGS,
    )


def _shown(value: Cell) -> str:
    """Money with four decimals; the exact amount is in the hint and in the file."""
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        return "<0.0001" if 0 < value < Decimal("0.0001") else f"{value:,.4f}" if value else "0"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _form(request: HttpRequest, report: UsageReport | None, now: datetime) -> dict[str, Any]:
    """What was asked, said back as it was, also when it was refused."""
    asked = request.GET
    query = report.query if report else None
    return {
        "first": query.first_day.isoformat() if query else asked.get("from", ""),
        "last": query.last_day.isoformat() if query else asked.get("to", ""),
        "today": day_of(now, reporting_zone()).isoformat(),
        "selects": [
            _select("scenario", _("Scenario"), report.scenarios if report else {}, asked.get("scenario", "")),
            _select("model", _("Model"), report.models if report else {}, asked.get("model", "")),
        ],
        "include_internal": query.include_internal if query else False,
        "date_classes": " ".join(DATETIME_CLASSES),
        "select_classes": " ".join(SELECT_CLASSES),
        "switch_classes": " ".join(SWITCH_CLASSES),
    }


def _select(name: str, label: str, names: Any, asked: str) -> dict[str, Any]:
    options = [("", _("All"), not asked)]
    options += [(slug or NONE, text, (slug or NONE) == asked) for slug, text in names.items()]
    return {"name": name, "label": label, "options": options}


def _params(query: UsageQuery) -> str:
    params = {"from": query.first_day.isoformat(), "to": query.last_day.isoformat()}
    if query.scenario is not None:
        params["scenario"] = query.scenario or NONE
    if query.model is not None:
        params["model"] = query.model or NONE
    if query.include_internal:
        params["include_internal"] = "1"
    return urlencode(params)


def _local(moment: datetime) -> str:
    return moment.astimezone(reporting_zone()).strftime("%Y-%m-%d %H:%M")
