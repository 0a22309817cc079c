"""How deep conversations go, within a day or within a range."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from usage.models import ConversationDay, CountedSince
from usage.reports.definition import Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of, headcount
from usage.reports.measures import People
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio, decimal
from usage.rollup.conversations import LONGEST_RANGE
from usage.rollup.days import DayNumber, number_of

Grouping = ConversationDay.Grouping
GROUPINGS = {
    frozenset[Dimension](): Grouping.TOTAL,
    frozenset({Dimension.SCENARIO}): Grouping.SCENARIO,
    frozenset({Dimension.CHANNEL}): Grouping.CHANNEL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    conversations: int
    conversation_turns: int
    turns_per_conversation: Decimal | None
    one_turn_conversation_share: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Conversations]]:
    by, people = columns_of(query.by), headcount(query)
    for *values, turns, first, second in _counted(query).order_by(*by).values_list(*by, "all", "first", "second"):
        key = tuple(values)
        if not turns:  # those of internal people alone
            continue
        yield Found(
            group=group_of(query, key),
            measures=Conversations(
                conversations=int(first),
                conversation_turns=int(turns),
                turns_per_conversation=decimal(int(turns), int(first)),
                one_turn_conversation_share=Ratio(numerator=int(first - second), denominator=int(first)),
            ),
            until=end_of_group(query, key),
            people=people.get(key, People()).behind({"turns": int(turns)}),
        )


def _counted(query: UsageQuery) -> "QuerySet[ConversationDay, Any]":
    """Turns: all of them, and how many are the first, and the second, of their conversation since the range began."""
    turns = "turns_all" if query.include_internal else "turns"
    grouping = GROUPINGS[frozenset({*query.by, *query.filters} - {Dimension.DAY})]
    days = ConversationDay.objects.filter(grouping=grouping, local_day__range=(query.first_day, query.last_day))
    begun = Value(0) if Dimension.DAY in query.by else DayNumber("local_day") - number_of(query.first_day)
    is_first, is_second = Q(since_last__gt=F("days")), Q(since_last__lte=F("days"), since_second_last__gt=F("days"))
    # With a constant in it, grouping by nothing is grouping still.
    groups = query.matching(days).annotate(days=begun).values(*columns_of(query.by), everything=Value(1))
    found: QuerySet[ConversationDay, Any] = groups.annotate(
        all=Sum(turns), first=Sum(turns, filter=is_first, default=0), second=Sum(turns, filter=is_second, default=0)
    )
    return found


CONVERSATIONS = Definition(
    id="conversations",
    label=_("Conversations"),
    about=_("How many turns conversations have, within a day or within the range."),
    measures=Conversations,
    read=read,
    combinations=tuple(GROUPINGS),
    max_days=LONGEST_RANGE,
    counted_since=CountedSince.What.CONVERSATIONS,
)
