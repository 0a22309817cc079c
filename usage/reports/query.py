"""What a report can be asked: a range of local days, one scenario, one model, and whom to count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from usage.errors import BadDay, BadRange, BadSwitch, UnknownValue

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

MAX_DAYS = 92
DEFAULT_DAYS = 7
NONE = "-"
"""Asks for facts without a scenario or model; the empty text asks for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuery:
    first_day: date
    last_day: date
    """Included."""
    scenario: str | None = None
    """None: all. Empty: those without one."""
    model: str | None = None
    include_internal: bool = False

    @classmethod
    def parse(cls, params: Mapping[str, str], *, today: date) -> Self:
        """From ``from``, ``to``, ``scenario``, ``model``, ``include_internal``; the last 7 days if nothing is said.

        Raises ``BadQuery`` with a sentence that says what is possible.
        """
        last = _day(params.get("to", ""), today)
        first = _day(params.get("from", ""), last - timedelta(days=DEFAULT_DAYS - 1))
        if first > last:
            raise BadRange.backwards(first, last)
        if last > today:
            raise BadRange.too_far(today)
        if (days := (last - first).days + 1) > MAX_DAYS:
            raise BadRange.too_long(days, MAX_DAYS)
        return cls(
            first_day=first,
            last_day=last,
            scenario=_slug(params.get("scenario", "")),
            model=_slug(params.get("model", "")),
            include_internal=_switch("include_internal", params.get("include_internal", "")),
        )

    def matching(self, rows: "QuerySet[M, Row]") -> "QuerySet[M, Row]":
        """Those of the scenario and model asked for; ``rows`` has both columns."""
        if self.scenario is not None:
            rows = rows.filter(scenario=self.scenario)
        return rows if self.model is None else rows.filter(model=self.model)

    def check(self, scenarios: Collection[str], models: Collection[str]) -> None:
        """Raises ``UnknownValue`` for a scenario or model nobody ever used and the catalog does not have."""
        for name, asked, known in ((_("scenario"), self.scenario, scenarios), (_("model"), self.model, models)):
            if asked is not None and asked not in known:
                raise UnknownValue(name, asked or NONE, sorted(slug or NONE for slug in known))


def _day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay(text) from None


def _slug(text: str) -> str | None:
    return None if not text else "" if text == NONE else text


def _switch(name: str, text: str) -> bool:
    if text not in ("", "0", "1", "true", "false", "on"):
        raise BadSwitch(name, text)
    return text in ("1", "true", "on")
