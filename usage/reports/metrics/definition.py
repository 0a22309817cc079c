"""What a metric is: one definition, which pages, files, the API and the data dictionary all read."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class Unit(StrEnum):
    COUNT = "count"
    PEOPLE = "people"
    TOKENS = "tokens"
    MILLISECONDS = "ms"
    MONEY = "money"
    SHARE = "share"
    """A ratio of sums, 0 to 1; files hold its numerator and denominator beside it."""
    MONEY_SHARE = "share of money"
    """Of the amounts in one currency, which stand beside it."""
    SHARE_END = "end of a share"
    """Of the interval around a share; it is no ratio of sums itself."""
    RATE = "rate"
    """A number with decimals that is no share."""
    DAYS = "days"
    SECONDS = "s"
    TEXT = "text"


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
