"""What part of use each scenario is: by turns, tokens and cost, which add up to all of it, and by people."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from usage.models import CountedSince
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of, sums_by_group
from usage.reports.headcount import headcount
from usage.reports.measures import Key, People, Sums, TokenSum
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio
from usage.rollup.sums import TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioShare:
    """Money in pico-units, by currency."""

    turns: int
    turns_share: Ratio
    tokens: TokenSum
    tokens_share: Ratio
    calls: int
    unpriced_calls: int
    cost: Mapping[str, int]
    cost_share: Mapping[str, Ratio]
    active_users: int
    users_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[ScenarioShare]]:
    """Of everything in the range (or the day), also where it is kept to one scenario."""
    everything = replace(query, scenario=None)
    by_scenario = replace(everything, by=(*query.by, Dimension.SCENARIO))
    found = list(sums_by_group(by_scenario))
    wholes: dict[Key, list[Sums]] = defaultdict(list)
    for key, sums, _people in found:
        wholes[key[:-1]].append(sums)
    whole, everybody = {key: Sums.of(parts) for key, parts in wholes.items()}, headcount(everything)
    for key, sums, people in found:
        if query.scenario in (None, key[-1]):
            yield Found(
                group=group_of(by_scenario, key),
                measures=_measures(sums, people, whole[key[:-1]], everybody.get(key[:-1], People())),
                until=end_of_group(by_scenario, key),
                people=people.behind(sums.counts),
            )


def _measures(sums: Sums, people: People, whole: Sums, everybody: People) -> ScenarioShare:
    turns, tokens = sums.counts["turns"], _tokens(sums)
    return ScenarioShare(
        turns=turns,
        turns_share=Ratio(numerator=turns, denominator=whole.counts["turns"]),
        tokens=tokens,
        tokens_share=Ratio(numerator=tokens.sum or 0, denominator=_tokens(whole).sum or 0),
        calls=sums.counts["calls"],
        unpriced_calls=sums.counts["unpriced"],
        cost=dict(sums.cost),
        cost_share={
            currency: Ratio(numerator=pico, denominator=whole.cost[currency]) for currency, pico in sums.cost.items()
        },
        active_users=people.active,
        users_share=Ratio(numerator=people.active, denominator=everybody.active),
    )


def _tokens(sums: Sums) -> TokenSum:
    """Of all four kinds, which are disjoint; an answer is known if each of its kinds is."""
    counts = sums.counts
    known = min(counts[f"{name}_known"] for name in TOKENS)
    is_known = any(counts[f"{name}_known"] for name in TOKENS) or not counts["endings"]
    return TokenSum(sum=sum(counts[name] for name in TOKENS) if is_known else None, unknown=counts["endings"] - known)


SCENARIO_SHARE = Definition(
    id="scenario_share",
    label=_("Scenario shares"),
    about=_("What part of turns, tokens and cost each scenario is; of people, who use several, the shares do not add."),
    measures=ScenarioShare,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    options=WITH_ORGANIC,
    combinations=(frozenset(),),
    always=(Dimension.SCENARIO,),
    default_by=(),
)
