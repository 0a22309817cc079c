"""What a report can be asked: a range of local days, what to tell apart, what to keep to, and whom to count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from usage.errors import (
    BadDay,
    BadRange,
    BadSwitch,
    BadZone,
    RepeatedParameter,
    UnknownGrouping,
    UnknownParameter,
    UnknownValue,
)
from usage.periods import reporting_zone, written_day
from usage.reports.dimensions import Dimension

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

MAX_DAYS = 92
DEFAULT_DAYS = 7
EARLIEST = date(1970, 1, 1)
"""Before any fact, and with room for what looks back from it."""
NONE = "-"
"""Asks for facts without a scenario or model; the empty text asks for all."""

FILTERS = (Dimension.SCENARIO, Dimension.MODEL, Dimension.CHANNEL, Dimension.ENDPOINT)
PARAMETERS = ("from", "to", "by", *FILTERS, "include_internal", "organic_only", "compare", "zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuery:
    first_day: date
    last_day: date
    """Included."""
    by: tuple[Dimension, ...] = ()
    """What rows are told apart by, in the order asked for; none: one row for the whole range."""
    scenario: str | None = None
    """None: all. Empty: those without one. So for the other three."""
    model: str | None = None
    channel: str | None = None
    endpoint: str | None = None
    include_internal: bool = False
    organic_only: bool = False
    """Only people who came of themselves, through no campaign."""
    compare: bool = False
    """With what came before: the same weekdays, or as many weeks or months."""
    zone: str = ""
    """Whose days are meant; empty: those of the reporting zone."""
    audience: str = ""
    """For whom pseudonyms are made: whoever asks. Never read from the parameters."""

    @classmethod
    def parse(
        cls,
        params: Mapping[str, str],
        *,
        today: date,
        by: tuple[Dimension, ...] = (),
        max_days: int = MAX_DAYS,
        default_days: int = DEFAULT_DAYS,
    ) -> Self:
        """From ``PARAMETERS``; the last days and ``by`` if nothing is said.

        Raises ``BadQuery`` with a sentence that says what is possible.
        """
        last = _day(params.get("to", ""), today)
        first = _day(params.get("from", ""), max(EARLIEST, last - timedelta(days=default_days - 1)))
        if first > last:
            raise BadRange.backwards(first, last)
        if last > today:
            raise BadRange.too_far(today)
        if (days := (last - first).days + 1) > max_days:
            raise BadRange.too_long(days, max_days)
        return cls(
            first_day=first,
            last_day=last,
            by=_grouping(params["by"]) if "by" in params else by,
            zone=_zone(params.get("zone", "")),
            scenario=_slug(params.get("scenario", "")),
            model=_slug(params.get("model", "")),
            channel=_slug(params.get("channel", "")),
            endpoint=_slug(params.get("endpoint", "")),
            include_internal=_switch("include_internal", params),
            organic_only=_switch("organic_only", params),
            compare=_switch("compare", params),
        )

    @property
    def filters(self) -> dict[Dimension, str]:
        """Those asked for; the empty text keeps to what has none."""
        asked = {name: getattr(self, name.value) for name in FILTERS}
        return {name: slug for name, slug in asked.items() if slug is not None}

    def during(self, first_day: date, last_day: date) -> Self:
        return replace(self, first_day=first_day, last_day=last_day)

    def matching(self, rows: "QuerySet[M, Row]") -> "QuerySet[M, Row]":
        """Those that every filter keeps; ``rows`` has a column for each of them."""
        return rows.filter(**{name.value: slug for name, slug in self.filters.items()})

    def check(self, scenarios: Collection[str], models: Collection[str]) -> None:
        """Raises ``UnknownValue`` for a scenario or model nobody ever used and the catalog does not have."""
        for name, asked, known in ((_("scenario"), self.scenario, scenarios), (_("model"), self.model, models)):
            if asked is not None and asked not in known:
                raise UnknownValue(name, asked or NONE, sorted(slug or NONE for slug in known))


def refuse_unknown(params: Collection[str]) -> None:
    """A misspelt filter must not widen a report in silence. Raises ``UnknownParameter``."""
    for name in params:
        if name not in PARAMETERS:
            raise UnknownParameter.named(name, [str(known) for known in PARAMETERS])


def each_once(params: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """What an address says. Of two values the second would hide the first in silence: raises ``RepeatedParameter``."""
    said = dict(params)
    for name, values in said.items():
        if len(values) > 1:
            raise RepeatedParameter(name)
    return {name: value for name, (value,) in said.items()}


def _day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        day = written_day(text)
    except ValueError:
        raise BadDay(text) from None
    if day < EARLIEST:
        raise BadRange.too_early(EARLIEST)
    return day


def _slug(text: str) -> str | None:
    return None if not text else "" if text == NONE else text


def _switch(name: str, params: Mapping[str, str]) -> bool:
    text = params.get(name, "")
    if text not in ("", "0", "1", "true", "false", "on"):
        raise BadSwitch(name, text)
    return text in ("1", "true", "on")


def _grouping(text: str) -> tuple[Dimension, ...]:
    """Each once; in the order given."""
    names = dict.fromkeys(name for name in text.split(",") if name and name != NONE)
    for name in names:
        if name not in set(Dimension):
            raise UnknownGrouping(name, [str(known) for known in Dimension])
    return tuple(Dimension(name) for name in names)


def _zone(text: str) -> str:
    if text and text not in available_timezones():
        raise BadZone.unknown(text, reporting_zone().key)
    return "" if not text or text == reporting_zone().key else ZoneInfo(text).key
