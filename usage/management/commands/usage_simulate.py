"""``manage.py usage_simulate --users N --days D``: made-up people, in a database without real ones."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from usage import rollup
from usage.errors import RealFactsPresent
from usage.management.arguments import local_day
from usage.models import TurnAccepted
from usage.periods import day_of, reporting_zone
from usage.simulation import Plan, Truth, simulate


class Command(BaseCommand):
    help = (
        "Write the facts of made-up people, marked as simulated, into a database without real ones. "
        "The worker rolls them up."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=_whole(1_000_000), required=True, help="how many people")
        parser.add_argument("--days", type=_whole(3660), required=True, help="how many local days")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same facts (default 1)")
        parser.add_argument("--until", type=local_day, help="last local day, YYYY-MM-DD (default yesterday)")
        parser.add_argument("--truth", type=Path, help="write what the reports must say of them, as JSON")
        parser.add_argument("--roll-up", action="store_true", help="have the reports ready too, without the worker")
        parser.add_argument("--once", action="store_true", help="do nothing where people were made up before")

    def handle(self, *_: Any, **options: Any) -> None:
        yesterday = day_of(timezone.now(), reporting_zone()) - timedelta(days=1)
        until: date = options["until"] or yesterday
        if until > yesterday:
            raise CommandError(f"--until is {yesterday} at the latest: nothing may be recorded that is yet to happen")
        if options["once"] and TurnAccepted.objects.filter(simulated=True).exists():
            self.stdout.write("People were made up here before; nothing was changed.")
            return
        plan = Plan(
            users=options["users"], days=options["days"], seed=options["seed"], until=until, zone=reporting_zone()
        )
        self._simulate(plan, truth=options["truth"])
        if options["roll_up"]:
            self.stdout.write(f"{rollup.drain_all(now=timezone.now())} keys computed.")

    def _simulate(self, plan: Plan, *, truth: Path | None) -> None:
        found = Truth(plan)
        try:
            written = simulate(plan, witness=found.see)
        except RealFactsPresent as error:
            raise CommandError(f"Nothing was changed: {error}.") from error
        if truth:
            truth.write_text(found.as_json(), encoding="utf-8")
        self.stdout.write(
            f"{plan.users} people over {plan.days} days to {plan.until}: {written.total} facts "
            f"({written.turns} turns, {written.records} endings, {written.calls} calls, {written.engagements} signals)."
        )


def _whole(most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() else 0
        if not 1 <= number <= most:
            raise ArgumentTypeError(f"a whole number from 1 to {most}")
        return number

    return whole
