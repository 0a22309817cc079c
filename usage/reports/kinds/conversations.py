"""How deep conversations go. From raw facts: which turn was in which conversation is in no rollup."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from usage.models import TurnAccepted
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.facts import MAX_DAYS, asked_for, columns_of
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import headcount
from usage.reports.measures import Key, People
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    conversations: int
    conversation_turns: int
    turns_per_conversation: Decimal | None
    one_turn_conversation_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Conversations]]:
    people = headcount(query)
    for key, depths in sorted(_depths(query).items()):
        count, turns = depths.total(), sum(depth * count for depth, count in depths.items())
        yield Found(
            group=group_of(query, key),
            measures=Conversations(
                conversations=count,
                conversation_turns=turns,
                turns_per_conversation=decimal(turns, count),
                one_turn_conversation_share=Ratio(numerator=depths[1], denominator=count),
            ),
            until=end_of_group(query, key),
            people=people.get(key, People()).known,
        )


def _depths(query: UsageQuery) -> dict[Key, Counter[int]]:
    """How many conversations had how many turns. Turns unlinked by an erasure are in none."""
    by = columns_of(query.by)
    turns = asked_for(TurnAccepted.objects.exclude(conversation=None), query)
    counted = turns.values(*by, "conversation").annotate(depth=Count("id")).values_list(*by, "depth")
    found: dict[Key, Counter[int]] = defaultdict(Counter)
    for *key, depth in counted.iterator():
        found[tuple(key)][depth] += 1
    return found


CONVERSATIONS = Definition(
    id="conversations",
    label=_("Conversations"),
    about=_("How many turns conversations have, within a day or within the range."),
    measures=Conversations,
    read=read,
    combinations=(frozenset(), frozenset({Dimension.SCENARIO}), frozenset({Dimension.CHANNEL})),
    options=frozenset({Option.INCLUDE_INTERNAL}),
    max_days=MAX_DAYS,
    reads_facts=True,
)
