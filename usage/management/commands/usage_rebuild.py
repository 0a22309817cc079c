"""``manage.py usage_rebuild [--from DAY] [--to DAY]``: recompute local days from their facts."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from usage import rollup


class Command(BaseCommand):
    help = "Recompute every rollup of these local days from facts; all recorded days if none are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first local day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last local day, included")

    def handle(self, *_: Any, first: date | None, last: date | None, **__: Any) -> None:
        days = [day for day in rollup.recorded_days() if (first or day) <= day <= (last or day)]
        rollup.mark_days(days)
        keys = rollup.drain_all(now=timezone.now())
        self.stdout.write(f"{len(days)} days, {keys} keys recomputed.")
