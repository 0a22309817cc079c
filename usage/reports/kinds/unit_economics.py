"""What use costs: per person, turn and satisfied answer, and how much of it is few people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from usage.models import CountedSince
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.groups import end_of_group, group_of, sums_by_group
from usage.reports.measures import People, Sums
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, per
from usage.rollup.answers import HORIZON

UNPRICED_AT_MOST_PER = 100
"""With more than one call in so many without a price, a cost per something would be a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEconomics:
    """Money in pico-units, by currency; empty where it is not known."""

    active_users: int
    turns: int
    satisfied_answers: int | None
    calls: int
    unpriced_calls: int
    unpriced_share: Ratio
    cost: Mapping[str, int]
    cost_internal: Mapping[str, int]
    cost_wasted: Mapping[str, int]
    cost_per_active_user: Mapping[str, int]
    cost_per_turn: Mapping[str, int]
    cost_per_satisfied_answer: Mapping[str, int]
    top_people: int
    top_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[UnitEconomics]]:
    for key, sums, people in sums_by_group(query, with_top=True):
        until = end_of_group(query, key) + HORIZON
        yield Found(
            group=group_of(query, key),
            measures=_measures(sums, people, is_judged=moment.has_passed(until)),
            until=until,
            people=people.behind(sums.counts),
        )


def _measures(sums: Sums, people: People, *, is_judged: bool) -> UnitEconomics:
    counts = sums.counts
    satisfied = counts["satisfied_strict"] if is_judged else None
    cost = cost_if_priced(sums)
    return UnitEconomics(
        active_users=people.active,
        turns=counts["turns"],
        satisfied_answers=satisfied,
        calls=counts["calls"],
        unpriced_calls=counts["unpriced"],
        unpriced_share=Ratio(numerator=counts["unpriced"], denominator=counts["calls"]),
        cost=dict(sums.cost),
        cost_internal=dict(sums.cost_internal),
        cost_wasted=dict(sums.cost_wasted),
        cost_per_active_user=per(cost, people.active),
        cost_per_turn=per(cost, counts["turns"]),
        cost_per_satisfied_answer=per(cost, satisfied or 0),
        top_people=people.top,
        top_share=top_share(people, counts["turns"]),
    )


def cost_if_priced(sums: Sums) -> Mapping[str, int]:
    """Nothing if too many calls had no price."""
    counts = sums.counts
    return sums.cost if counts["unpriced"] * UNPRICED_AT_MOST_PER <= counts["calls"] else {}


def top_share(people: People, turns: int) -> Ratio:
    """Of nothing where it was not counted."""
    if people.top_turns is None:
        return Ratio(numerator=0, denominator=0)
    return Ratio(numerator=people.top_turns, denominator=turns)


UNIT_ECONOMICS = Definition(
    id="unit_economics",
    label=_("Unit economics"),
    about=_("What use costs: per person, turn and satisfied answer, and on how few people it rests."),
    measures=UnitEconomics,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    options=WITH_ORGANIC,
    settles_after=HORIZON,
)
