"""How deep conversations go. From raw facts: which turn was in which conversation is in no rollup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

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
from usage.rollup.statements import counted, select


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    conversations: int
    conversation_turns: int
    turns_per_conversation: Decimal | None
    one_turn_conversation_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Conversations]]:
    people = headcount(query)
    for key, depths in sorted(_depths(query).items()):
        yield Found(
            group=group_of(query, key),
            measures=Conversations(
                conversations=depths.conversations,
                conversation_turns=depths.turns,
                turns_per_conversation=decimal(depths.turns, depths.conversations),
                one_turn_conversation_share=Ratio(numerator=depths.of_one_turn, denominator=depths.conversations),
            ),
            until=end_of_group(query, key),
            people=people.get(key, People()).known,
        )


class _Depths(NamedTuple):
    conversations: int
    turns: int
    of_one_turn: int


_COUNTS = {
    "conversations": "COUNT(*)",
    "turns": "CAST(SUM(depth) AS bigint)",
    "of_one_turn": "COUNT(*) FILTER (WHERE depth = 1)",
}


def _depths(query: UsageQuery) -> dict[Key, _Depths]:
    """Counted by the database: of a month there may be a million. Turns unlinked by an erasure are in none."""
    by = columns_of(query.by)
    turns = asked_for(TurnAccepted.objects.exclude(conversation=None), query)
    each = select(turns.values(*by, "conversation").annotate(depth=Count("id")).values_list(*by, "depth"))
    groups = counted(each, by=by, measures=_COUNTS)
    return {_key(query, row): _Depths(*row[len(by) :]) for row in groups if row[len(by)]}


def _key(query: UsageQuery, row: Sequence[Any]) -> Key:
    """SQLite has days as text."""
    values = zip(query.by, row, strict=False)
    return tuple(date.fromisoformat(str(it)) if dimension is Dimension.DAY else it for dimension, it in values)


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
