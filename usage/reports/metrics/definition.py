"""What a metric is: one definition, which pages, files, the API and the data dictionary all read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Unit(StrEnum):
    COUNT = "count"
    PEOPLE = "people"
    TOKENS = "tokens"
    MILLISECONDS = "ms"
    MONEY = "money"
    SHARE = "share"
    MONEY_SHARE = "share of money"
    SHARE_END = "end of a share"
    RATE = "rate"
    DAYS = "days"
    SECONDS = "s"
    TEXT = "text"


UNITS: Mapping[Unit, Text] = {
    Unit.COUNT: _("How many."),
    Unit.PEOPLE: _("How many different people."),
    Unit.TOKENS: _("How many tokens."),
    Unit.MILLISECONDS: _("Milliseconds."),
    Unit.MONEY: _("An amount of each currency; currencies are never added."),
    Unit.SHARE: _(
        "A part of a whole, both sums: from 0 to 1, and more where a limit is exceeded. Files have both beside it."
    ),
    Unit.MONEY_SHARE: _("A part of the amount in one currency, which stands beside it."),
    Unit.SHARE_END: _("An end of the interval around a share; it is no part of a whole itself."),
    Unit.RATE: _("A number with decimals that is no share."),
    Unit.DAYS: _("Days."),
    Unit.SECONDS: _("Seconds."),
    Unit.TEXT: _("Words."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    id: str
    label: Text
    unit: Unit
    formula: Text
    additive: bool = True
    """Whether values of disjoint groups may be added: true of counts, never of people, shares or percentiles."""
    null_means: Text = ""
    """Empty where the metric is always known."""
    version: int = 1
