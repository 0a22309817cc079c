"""Whether the numbers can be trusted: what every other report rests on, each with a light."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from usage.reports.checks import CHECKS, Checked, Days
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    status: str | None
    found: int | None
    found_of: int | None
    found_share: Ratio | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Trust]]:
    days = Days(first=query.first_day, last=query.last_day, now=moment.now)
    for name, check in CHECKS.items():
        yield Found(group={Dimension.CHECK: name}, measures=_measures(check(days)), until=None, people=None)


def _measures(checked: Checked) -> Trust:
    is_part = checked.found is not None and checked.of is not None
    return Trust(
        status=checked.light,
        found=checked.found,
        found_of=checked.of,
        found_share=Ratio(numerator=checked.found or 0, denominator=checked.of or 0) if is_part else None,
    )


TRUST = Definition(
    id="trust",
    label=_("Trust"),
    about=_("Whether the numbers can be trusted: missing and late facts, estimates, calls without a price."),
    measures=Trust,
    read=read,
    times=(frozenset(),),
    combinations=(frozenset(),),
    always=(Dimension.CHECK,),
    options=frozenset({Option.COMPARE}),
    default_by=(),
)
