"""The one call of every edge: a name and parameters as text, to the report they ask for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from usage.errors import UnknownParameter
from usage.periods import day_of, reporting_zone
from usage.reports.query import UsageQuery, refuse_unknown
from usage.reports.registry import find
from usage.reports.report import Report, ask
from usage.reports.table import metrics_of

METRIC = {"metric", "metrics"}
"""What somebody might ask by who wants some numbers of a report only."""


def answer(name: str, params: Mapping[str, str], *, now: datetime, audience: str) -> Report[Any]:
    """``params`` as ``usage.reports.query`` reads them; what is not said is the report's own default.

    Raises ``BadQuery`` with a sentence that says what is possible. Whether the one who asks may see the report
    is for the edge to know: ``Definition.permission``.
    """
    definition = find(name)
    if asked := METRIC & params.keys():
        raise UnknownParameter.metric(min(asked), definition.id, [metric.id for metric in metrics_of(definition)])
    refuse_unknown(params)
    query = UsageQuery.parse(
        params,
        today=day_of(now, reporting_zone()),
        by=definition.default_by,
        max_days=definition.max_days,
        default_days=definition.default_days,
    )
    return ask(definition, replace(query, audience=audience), now=now)
