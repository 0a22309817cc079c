"""``manage.py usage_dictionary > docs/metrics.md``: every metric's definition, in both languages, from the registry."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from usage.reports.metrics import METRICS, Metric

HEAD = """# Metrics

Every number of the reports comes from one definition, in `usage/reports/metrics.py`; this page is made from it
(`manage.py usage_dictionary`). Days are local days of `REPORTING_TIME_ZONE`; a turn belongs to the day on which it was
accepted. NULL means "not known" and is never 0. Counts may be added over disjoint groups, people and percentiles never.
Staff, test accounts and background calls are left out unless asked for; their cost counts as cost.

每个数字只有一个定义。日期按 `REPORTING_TIME_ZONE`，一轮对话算在受理的那一天；NULL 表示“不知道”，从不当作 0。
次数可以相加，人数和分位数不能。员工、测试账号和后台请求默认不计，成本照计。

| id | 中文 | English | unit | additive | NULL | version |
|---|---|---|---|---|---|---|"""


class Command(BaseCommand):
    help = "Print the data dictionary as Markdown, in Chinese and English."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join([HEAD, *(_row(metric) for metric in METRICS)]))


def _row(metric: Metric) -> str:
    cells = [
        f"`{metric.id}`",
        *(_in(language, metric) for language in ("zh-hans", "en")),
        metric.unit,
        "yes" if metric.additive else "no",
        _null(metric),
        str(metric.version),
    ]
    return "| " + " | ".join(cells) + " |"


def _in(language: str, metric: Metric) -> str:
    with override(language):
        return f"**{metric.label}**: {metric.formula}"


def _null(metric: Metric) -> str:
    with override("en"):
        return str(metric.null_means) or "never"
