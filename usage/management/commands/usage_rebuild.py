"""``manage.py usage_rebuild [--from DAY] [--to DAY] [--check]``: recompute local days from their facts, or compare."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from usage import rollup
from usage.management.arguments import local_day
from usage.models import LateAdjustment
from usage.rollup import Difference, check_day
from usage.rollup.sealing import with_all_facts

SHOWN = 20
"""Differences printed of one day; their number is printed in any case."""


class Command(BaseCommand):
    help = "Recompute every rollup of these local days from facts; all recorded days if none are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=local_day, help="first local day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=local_day, help="last local day, included")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit with 1 if a row is not what the facts say"
        )

    def handle(self, *_: Any, first: date | None, last: date | None, check: bool, **__: Any) -> None:
        asked = _recorded(first, last)
        days = with_all_facts(asked)
        if check:
            self._tell_of_sealed(asked[: len(asked) - len(days)])
            self._check(days)
            return
        rollup.mark_days(days)
        keys = rollup.drain_all(now=timezone.now())
        self._tell_of_sealed(asked[: len(asked) - len(days)])
        self.stdout.write(f"{len(days)} days, {keys} keys recomputed.")

    def _tell_of_sealed(self, days: Sequence[date]) -> None:
        if days:
            late = LateAdjustment.objects.filter(local_day__range=(days[0], days[-1])).count()
            self.stdout.write(f"{len(days)} days are sealed and stay as they are; {late} facts came too late for them.")

    def _check(self, days: Sequence[date]) -> None:
        different = unsettled = 0
        for day in days:
            found = check_day(day)
            unsettled += not found.is_settled
            different += len(found.differences)
            if not found.is_settled:
                self.stdout.write(f"{day}  stale, not compared: drain its marks and check again")
            elif not found.is_settled_around:
                self.stdout.write(f"{day}  days near it are stale: what looks beyond the day was not compared")
            for difference in found.differences[:SHOWN]:
                self.stdout.write(_line(day, difference))
            if (more := len(found.differences) - SHOWN) > 0:
                self.stdout.write(f"{day}  and {more} more")
        self.stdout.write(f"{len(days)} days, {unsettled} not compared, {different} rows differ.")
        if different:
            raise CommandError("the stored rows are not what the facts say", returncode=1)


def _recorded(first: date | None, last: date | None) -> list[date]:
    """The recorded days from ``first`` to ``last``. A range without any is a mistake, if there are recorded days."""
    if first and last and first > last:
        raise CommandError(f"The range ends ({last}) before it starts ({first}). Nothing was changed.")
    recorded = rollup.recorded_days()
    asked = [each for each in recorded if (first or each) <= each <= (last or each)]
    if recorded and not asked:
        raise CommandError(f"Nothing is recorded of these days. Possible: {recorded[0]} to {recorded[-1]}.")
    return asked


def _line(day: date, difference: Difference) -> str:
    key = " ".join(str(part) or "-" for part in difference.key)
    return (
        f"{day}  {difference.table}  {key}: stored {_values(difference.stored)}, facts {_values(difference.recomputed)}"
    )


def _values(row: Any) -> str:
    return "no row" if row is None else ", ".join(f"{name}={value}" for name, value in row.items())
