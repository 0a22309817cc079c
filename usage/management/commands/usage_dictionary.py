"""``manage.py usage_dictionary > docs/metrics.md``: every definition, in both languages, from the registries."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from usage.reports.definition import Definition
from usage.reports.dimensions import DIMENSIONS, Dimension
from usage.reports.metrics import METRICS, UNITS, Metric, Text, Unit
from usage.reports.registry import REPORTS
from usage.reports.table import metrics_of

HEAD = """# Metrics 指标

Every number of the reports comes from one definition, in `usage/reports/metrics/`; this page is made from it
(`manage.py usage_dictionary`). Days are local days of `REPORTING_TIME_ZONE`; a turn belongs to the day on which it was
accepted. NULL means "not known" and is never 0. Counts may be added over disjoint groups, people, shares and
percentiles never. Staff, test accounts and load tests are left out of turns, answers and people; `include_internal`
asks for them, where a report has it. Calls and their cost are of whatever was called: also by internal people, and for
titles of conversations, which are nobody's turn. How to read the numbers, and where they mislead: `docs/analytics.md`.

报表中的每个数字只有一个定义，在 `usage/reports/metrics/`，本页由它生成（`manage.py usage_dictionary`）。
日期按 `REPORTING_TIME_ZONE`，一轮对话算在受理的那一天。NULL 表示“不知道”，从不当作 0。不相交的分组之间，次数可以相加，
人数、占比和分位数不能。对话轮、回答和人数不含员工、测试账号和压力测试；在有 `include_internal` 的报表里，可以加上它们。
调用及其成本算的是全部调用：也包括内部人员的，以及为对话起标题的，它不属于任何人的对话轮。
怎样读这些数字、它们在哪里会误导人：`docs/analytics.md`。
"""

REPORTS_HEAD = """## Reports 报表

`GET /api/usage/reports/<id>/` and `manage.py usage_report <id>` give the same rows, with the same parameters.

`GET /api/usage/reports/<id>/` 与 `manage.py usage_report <id>` 给出相同的行，参数也相同。

| parameter 参数 | 中文 | English |
|---|---|---|
| `from`, `to` | 当地日期，首尾都含；不写则为报表自己的最近若干天 | local days, both included; \
the report's own last days if nothing is said |
| `by` | 各行按什么区分，以逗号隔开；`-` 表示不区分 | what rows are told apart by, separated by commas; \
`-` for nothing |
| `scenario`, `model`, `channel`, `endpoint` | 只看其中一个；`-` 表示没有这一项的事实 | keep to one of them; `-` for \
facts that have none |
| `include_internal` | `1`：也算员工、测试与压力测试 | `1`: staff, tests and load tests too |
| `organic_only` | `1`：只算不是由推广活动带来的人 | `1`: only people whom no campaign brought |
| `compare` | `1`：范围内已过去的日子，以及整数周之前的相同星期几；按周或按月时，则为已结束的周或月，\
以及之前同样多的周或月 | `1`: the elapsed days of the range, and the same weekdays a number of whole weeks before; \
by week or month those that are over, and as many before |
| `zone` | 另一个时区的日期，用于与人数无关的报表 | days of another zone, where nothing is about people |

What was not counted beforehand is refused with a sentence that says what was. In files and documents every row says
its `period` (`asked`; in a comparison `current` and `previous`) and its `grain` (`total` or `group`: never to be added
to each other), whether it `is_complete`, and whether it `is_suppressed`: groups of fewer than `REPORT_MIN_PEOPLE`
people are not shown, nor those from which they could be computed within the same answer (who subtracts one answer from
another is not stopped); of latencies and speeds, groups of as few answers. Money and shares are exact decimals, a share
with its numerator and denominator beside it.

没有预先统计的组合会被拒绝，并说明可以问什么。在文件和文档里，每一行都写明自己的 `period`（`asked`；对比时为
`current` 与 `previous`）、`grain`（`total` 或 `group`：两者从不相加）、是否已经完整（`is_complete`）、是否被隐藏
（`is_suppressed`）：少于 `REPORT_MIN_PEOPLE` 人的分组不显示，在同一份答案里能据以推算出它们的分组也不显示
（用一份答案减去另一份，则不拦）；延迟与速度则看回答的条数。金额与占比是精确的小数，占比旁边有分子和分母。

In “together with”, `*` means any of them, together or alone. 在“组合”一栏里，`*` 表示其中任意几项。

| id | 中文 | English | rows by 分行 | time 时间 | together with 组合 | also 选项 | days at most 最多天数 |
|---|---|---|---|---|---|---|---|
"""

DIMENSIONS_HEAD = """## Dimensions 维度

| id | 中文 | English |
|---|---|---|
"""

UNITS_HEAD = """## Units 单位

| id | 中文 | English |
|---|---|---|
"""

METRICS_HEAD = """## Metrics 指标

| id | 中文 | English | unit 单位 | additive 可相加 | NULL 中文 | NULL English | version 版本 | reports 报表 |
|---|---|---|---|---|---|---|---|---|
"""

LANGUAGES = ("zh-hans", "en")
NEVER = _("never")


class Command(BaseCommand):
    help = "Print the data dictionary as Markdown, in Chinese and English."

    def handle(self, *args: Any, **options: Any) -> None:
        tables = (
            (REPORTS_HEAD, [_report(definition) for definition in REPORTS.values()]),
            (DIMENSIONS_HEAD, [_dimension(dimension) for dimension in Dimension]),
            (UNITS_HEAD, [_unit(unit) for unit in Unit]),
            (METRICS_HEAD, [_metric(metric) for metric in METRICS]),
        )
        self.stdout.write(HEAD + "".join(f"\n{head}" + "\n".join(rows) + "\n" for head, rows in tables), ending="")


def _report(definition: Definition[Any]) -> str:
    return _row(
        [
            f"`{definition.id}`",
            *_named(definition.label, definition.about),
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
        return "`*` " + ", ".join(sorted(every))
    return "; ".join(map(_together, possible))


def _together(dimensions: frozenset[Dimension]) -> str:
    return " + ".join(sorted(dimensions)) or "-"


def _dimension(dimension: Dimension) -> str:
    text = DIMENSIONS[dimension]
    return _row([f"`{dimension.value}`", *_named(text.label, text.meaning)])


def _unit(unit: Unit) -> str:
    return _row([f"`{unit.value}`", *_in_both(UNITS[unit])])


def _metric(metric: Metric) -> str:
    reports = (name for name, definition in REPORTS.items() if metric in metrics_of(definition))
    return _row(
        [
            f"`{metric.id}`",
            *_named(metric.label, metric.formula),
            f"`{metric.unit.value}`",
            "yes 是" if metric.additive else "no 否",
            *_in_both(metric.null_means or NEVER),
            str(metric.version),
            ", ".join(f"`{name}`" for name in reports),
        ]
    )


def _named(label: Text, sentence: Text) -> Iterator[str]:
    """In Chinese, then in English."""
    for name, meaning in zip(_in_both(label), _in_both(sentence), strict=True):
        yield f"**{name}**: {meaning}"


def _in_both(text: Text) -> Iterator[str]:
    for language in LANGUAGES:
        with override(language):
            yield str(text)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
