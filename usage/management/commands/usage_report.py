"""``manage.py usage_report lifecycle --by week --from 2026-10-01 --format csv``: any report, as a file."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from rest_framework.utils.encoders import JSONEncoder

from usage.errors import BadQuery
from usage.export.csv import to_csv
from usage.export.document import report_document
from usage.reports.asking import answer
from usage.reports.query import PARAMETERS
from usage.reports.registry import REPORTS
from usage.reports.report import Report
from usage.reports.table import file_columns, lines

SWITCHES = ("include_internal", "organic_only", "compare")


class Command(BaseCommand):
    help = "Print a report: the definitions, rows and refusals of the pages and the API. Reports: " + ", ".join(REPORTS)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report")
        for name in PARAMETERS:
            flag = "--" + name.replace("_", "-")
            if name in SWITCHES:
                parser.add_argument(flag, dest=name, action="store_const", const="1", default="")
            else:
                parser.add_argument(flag, dest=name)
        parser.add_argument("--format", choices=("csv", "json"), default="csv")
        parser.add_argument("--bom", action="store_true", help="begin with a mark that makes Excel read UTF-8 (csv)")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of names and labels; ids never change")
        parser.add_argument("--audience", default="command", help="for whom pseudonyms are made: others get other ones")

    def handle(self, *_: Any, report: str, **options: Any) -> None:
        params = {str(name): options[name] for name in PARAMETERS if options[name]}
        with translation.override(options["language"]):
            try:
                found = answer(report, params, now=timezone.now(), audience=options["audience"])
            except BadQuery as refused:
                raise CommandError(str(refused)) from refused
            self.stdout.write(_written(found, **{name: options[name] for name in ("format", "bom")}), ending="")


def _written(report: Report[Any], *, format: str, bom: bool) -> str:  # noqa: A002 the option's name
    if format == "json":
        return json.dumps(report_document(report), cls=JSONEncoder, ensure_ascii=False, indent=1) + "\n"
    return to_csv(file_columns(report), lines(report), bom=bom)
