"""Every report as a page of the admin: the rows of the API and the command, drawn as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import DATETIME_CLASSES, SELECT_CLASSES, SWITCH_CLASSES

from usage.errors import BadQuery
from usage.periods import day_of, reporting_zone
from usage.reports.asking import answer
from usage.reports.columns import Cell, Column
from usage.reports.definition import Definition, Option
from usage.reports.dimensions import DIMENSIONS, Dimension
from usage.reports.metrics import Unit
from usage.reports.query import NONE, each_once
from usage.reports.registry import REPORTS
from usage.reports.report import Report
from usage.reports.table import Line, columns, lines

SWITCHES = {
    Option.COMPARE: gettext_lazy("Compare"),
    Option.ORGANIC_ONLY: gettext_lazy("Organic only"),
    Option.INCLUDE_INTERNAL: gettext_lazy("Include internal"),
}
PERIODS = {"current": gettext_lazy("Elapsed"), "previous": gettext_lazy("Before")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    line: Line
    period: str
    cells: list[tuple[str, str, bool]]
    """What is shown, the hint on it, and whether it is a number."""


class ReportsPage(UnfoldModelAdminViewMixin, TemplateView):  # type: ignore[misc]
    title = gettext_lazy("All reports")
    permission_required = "usage.view_report"
    template_name = "usage/reports.html"

    def get(self, request: HttpRequest, report: str = "usage", **_: Any) -> HttpResponse:
        seen = {name: each for name, each in REPORTS.items() if _may_see(request, each)}
        if report not in seen:
            raise PermissionDenied
        now, found, error = timezone.now(), None, ""
        try:
            found = answer(report, _params(request), now=now, audience=f"account {request.user.pk}")
        except BadQuery as refused:
            error = str(refused)
        context = self.get_context_data(
            definition=seen[report],
            definitions=seen.values(),
            report=found,
            error=error,
            form=_form(request, seen[report], found, now),
            columns=columns(found) if found else [],
            rows=_rows(found) if found else [],
            complete_through=_local(found.complete_through) if found and found.complete_through else "",
            zone=reporting_zone().key,
            is_fullwidth="1",
        )
        return self.render_to_response(context, status=400 if error else 200)


def _may_see(request: HttpRequest, definition: Definition[Any]) -> bool:
    return isinstance(request.user, PermissionsMixin) and request.user.has_perm(definition.permission)


def _params(request: HttpRequest) -> Mapping[str, str]:
    return {name: text for name, text in each_once(request.GET.lists()).items() if text}


def _form(request: HttpRequest, definition: Definition[Any], found: Report[Any] | None, now: datetime) -> Any:
    """What was asked, said back as it was, also when it was refused."""
    asked = request.GET
    query = found.query if found else None
    by = frozenset(query.by if query else ())
    return {
        "first": query.first_day.isoformat() if query else asked.get("from", ""),
        "last": query.last_day.isoformat() if query else asked.get("to", ""),
        "today": day_of(now, reporting_zone()).isoformat(),
        "groupings": [
            (
                ",".join(dimension.value for dimension in _in_order(each)) or NONE,
                " + ".join(str(DIMENSIONS[dimension].label) for dimension in _in_order(each)) or _("(whole range)"),
                each == by,
            )
            for each in (time | others for time in definition.times for others in definition.combinations)
        ],
        "switches": [
            (option.value, label, bool(asked.get(option.value)))
            for option, label in SWITCHES.items()
            if option in definition.options
        ],
        "date_classes": " ".join(DATETIME_CLASSES),
        "select_classes": " ".join(SELECT_CLASSES),
        "switch_classes": " ".join(SWITCH_CLASSES),
    }


def _in_order(dimensions: frozenset[Dimension]) -> list[Dimension]:
    """As they are listed: time first."""
    return [each for each in Dimension if each in dimensions]


def _rows(report: Report[Any]) -> list[ShownLine]:
    known = columns(report)
    return [
        ShownLine(
            line=line,
            period=str(PERIODS.get(line.period, "")),
            cells=[
                (_shown(column, column.value(line)), _hint(column, line), column.metric is not None) for column in known
            ],
        )
        for line in lines(report)
    ]


def _shown(column: Column[Line], value: Cell) -> str:
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        if column.metric and column.metric.unit in (Unit.SHARE, Unit.MONEY_SHARE, Unit.SHARE_END):
            return f"{value:.1%}"
        return f"{value:,.4f}" if value else "0"
    return f"{value:,}" if isinstance(value, int) and column.metric else str(value)


def _hint(column: Column[Line], line: Line) -> str:
    if not column.metric or column.value(line) is not None:
        return ""
    if line.row.measures is None:
        return _("Too few people to be shown, or so many more that they cannot be computed.")
    return str(column.metric.null_means)


def _local(moment: datetime) -> str:
    return moment.astimezone(reporting_zone()).strftime("%Y-%m-%d %H:%M")
