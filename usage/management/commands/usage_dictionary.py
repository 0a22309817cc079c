"""``manage.py usage_dictionary > docs/metrics.md``: every definition, in both languages, from the registries."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from usage.reports.definition import Definition
from usage.reports.dimensions import DIMENSIONS, Dimension
from usage.reports.metrics import METRICS, Metric, Text
from usage.reports.registry import REPORTS
from usage.reports.table import metrics_of

HEAD = """# Metrics

Every number of the reports comes from one definition, in `usage/reports/metrics/`; this page is made from it
(`manage.py usage_dictionary`). Days are local days of `REPORTING_TIME_ZONE`; a turn belongs to the day on which it was
accepted. NULL means "not known" and is never 0. Counts may be added over disjoint groups, people, shares and
percentiles never. Staff, test accounts and background calls are left out unless asked for; their cost counts as cost.
How to read the numbers, and where they mislead: `docs/analytics.md`.

每个数字只有一个定义。日期按 `REPORTING_TIME_ZONE`，一轮对话算在受理的那一天；NULL 表示“不知道”，从不当作 0。
次数可以相加，人数、比率和分位数不能。员工、测试账号和后台请求默认不计，成本照计。
"""

REPORTS_HEAD = """## Reports 报表

`GET /api/usage/reports/<id>/` and `manage.py usage_report <id>` give the same rows, with the same parameters:

| parameter | meaning |
|---|---|
| `from`, `to` | local days, both included; the report's own last days if nothing is said |
| `by` | what rows are told apart by, separated by commas; `-` for nothing |
| `scenario`, `model`, `channel`, `endpoint` | keep to one of them; `-` for facts that have none |
| `include_internal` | `1`: staff, tests and load tests too |
| `organic_only` | `1`: only people whom no campaign brought |
| `compare` | `1`: the elapsed days of the range, and the same weekdays a number of whole weeks before |
| `zone` | days of another zone, where nothing is about people |

What was not counted beforehand is refused with a sentence that says what was. In files and documents every row says
its `period` (`asked`; in a comparison `current` and `previous`) and its `grain` (`total` or `group`: never to be added
to each other), whether it `is_complete`, and whether it `is_suppressed`: groups of fewer than `REPORT_MIN_PEOPLE`
people are not shown, nor those from which they could be computed within the same answer (who subtracts one answer from
another is not stopped). Where nobody is known to stand behind a group (a model that only failed in place of another, or
made titles), it is taken for as many people as it has turns, endings or answers, or else calls; in days of another
`zone`, for no more than were there on the days of the reporting zone that they touch. Latencies and speeds are hidden
by answers, however few people they are of. Money and shares are exact decimals, a share with its numerator and
denominator beside it.

| id | 中文 | English | rows by | time | together with | also | days at most |
|---|---|---|---|---|---|---|---|
"""

DIMENSIONS_HEAD = """## Dimensions 维度

| id | 中文 | English |
|---|---|---|
"""

METRICS_HEAD = """## Metrics 指标

| id | 中文 | English | unit | additive | NULL | version | reports |
|---|---|---|---|---|---|---|---|
"""

LANGUAGES = ("zh-hans", "en")


class Command(BaseCommand):
    help = "Print the data dictionary as Markdown, in Chinese and English."

    def handle(self, *args: Any, **options: Any) -> None:
        tables = (
            (REPORTS_HEAD, [_report(definition) for definition in REPORTS.values()]),
            (DIMENSIONS_HEAD, [_dimension(dimension) for dimension in Dimension]),
            (METRICS_HEAD, [_metric(metric) for metric in METRICS]),
        )
        self.stdout.write(HEAD + "".join(f"\n{head}" + "\n".join(rows) + "\n" for head, rows in tables), ending="")


def _report(definition: Definition[Any]) -> str:
    return _row(
        [
            f"`{definition.id}`",
            *_in_both(definition.label, definition.about),
            ", ".join(f"`{each.value}`" for each in (*definition.default_by, *definition.always)) or "-",
            "; ".join(map(_together, definition.times)),
            _combinations(definition.combinations),
            ", ".join(f"`{option}`" for option in sorted(definition.options)) or "-",
            str(definition.max_days),
        ]
    )


def _combinations(possible: Sequence[frozenset[Dimension]]) -> str:
    every = frozenset[Dimension]().union(*possible)
    if every and len(possible) == 2 ** len(every):
        return "any of " + ", ".join(sorted(every))
    return "; ".join(map(_together, possible))


def _together(dimensions: frozenset[Dimension]) -> str:
    return " + ".join(sorted(dimensions)) or "-"


def _dimension(dimension: Dimension) -> str:
    text = DIMENSIONS[dimension]
    return _row([f"`{dimension.value}`", *_in_both(text.label, text.meaning)])


def _metric(metric: Metric) -> str:
    reports = (name for name, definition in REPORTS.items() if metric in metrics_of(definition))
    return _row(
        [
            f"`{metric.id}`",
            *_in_both(metric.label, metric.formula),
            metric.unit,
            "yes" if metric.additive else "no",
            _null(metric),
            str(metric.version),
            ", ".join(f"`{name}`" for name in reports),
        ]
    )


def _in_both(label: Text, sentence: Text) -> Iterator[str]:
    for language in LANGUAGES:
        with override(language):
            yield f"**{label}**: {sentence}"


def _null(metric: Metric) -> str:
    with override("en"):
        return str(metric.null_means) or "never"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
