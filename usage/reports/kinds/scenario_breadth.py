"""How many scenarios people use, and which of them together. Counted once over the range, from user-days."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from usage.models import UserDay
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, decimal
from usage.reports.single_people import user_days
from usage.rollup.statements import counted, select

TRAILING = 28
SEVERAL = 3
HOW_MANY = {"people": "COUNT(*)"}


# All of it comes from statements of the ORM: nothing here is anybody's text.
_TOGETHER = """
WITH used AS ({used})
SELECT one.scenario AS scenario, other.scenario AS beside
FROM used AS one JOIN used AS other ON other.subject = one.subject
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadth:
    active_users: int
    scenarios_per_user: Decimal | None
    one_scenario_share: Ratio
    several_scenarios_share: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class CoUse:
    scenario_users: int
    both_users: int
    co_use_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Breadth]]:
    each = _active(query).values("subject")
    used = each.annotate(scenarios=Count("scenario", distinct=True, filter=~Q(scenario="")))
    people: dict[int, int] = dict(counted(select(used), by=("scenarios",), measures=HOW_MANY))
    everybody = sum(people.values())
    several = sum(count for scenarios, count in people.items() if scenarios >= SEVERAL)
    yield Found(
        group={},
        measures=Breadth(
            active_users=everybody,
            scenarios_per_user=decimal(sum(scenarios * count for scenarios, count in people.items()), everybody),
            one_scenario_share=Ratio(numerator=people.get(1, 0), denominator=everybody),
            several_scenarios_share=Ratio(numerator=several, denominator=everybody),
        ),
        until=end_of(query.last_day),
        people=everybody,
    )


def read_co_use(query: UsageQuery, moment: Moment) -> Iterator[Found[CoUse]]:
    """Both ways: of those who used the one, how many used the other."""
    used = select(_active(query).exclude(scenario="").values_list("subject", "scenario").distinct())
    pairs = used._replace(sql=_TOGETHER.format(used=used.sql))
    by = ("scenario", "beside")
    people = Counter({(one, other): count for one, other, count in counted(pairs, by=by, measures=HOW_MANY)})
    for one, other in sorted(people):
        if one != other and query.scenario in (None, one):
            both = people[one, other]
            yield Found(
                group={Dimension.SCENARIO: one, Dimension.BESIDE: other},
                measures=CoUse(
                    scenario_users=people[one, one],
                    both_users=both,
                    co_use_share=Ratio(numerator=both, denominator=people[one, one]),
                ),
                until=end_of(query.last_day),
                people=both,
            )


def _active(query: UsageQuery) -> "QuerySet[UserDay, Any]":
    return user_days(query).filter(turns__gt=0)


SCENARIO_BREADTH = Definition(
    id="scenario_breadth",
    label=_("Breadth"),
    about=_("How many different scenarios an active person uses."),
    measures=Breadth,
    read=read,
    times=(frozenset(),),
    combinations=(frozenset(),),
    options=frozenset(Option) - {Option.ZONE},
    default_by=(),
    default_days=TRAILING,
    max_days=TRAILING,
)
SCENARIO_CO_USE = Definition(
    id="scenario_co_use",
    label=_("Used together"),
    about=_("Of those who use a scenario, how many use another one too."),
    measures=CoUse,
    read=read_co_use,
    times=(frozenset(),),
    combinations=(frozenset(),),
    always=(Dimension.SCENARIO, Dimension.BESIDE),
    options=frozenset(Option) - {Option.ZONE},
    default_by=(),
    default_days=TRAILING,
    max_days=TRAILING,
)
