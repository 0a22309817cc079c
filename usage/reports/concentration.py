"""How much of the use is few people: the share of the one in a hundred with the most turns."""

from collections import defaultdict

from django.db.models import Sum

from usage.models import UserDay
from usage.reports.headcount import columns_of
from usage.reports.measures import Key
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio

ONE_IN = 100


def top_shares(query: UsageQuery) -> dict[Key, tuple[int, Ratio]]:
    """By the values of ``query.by``: how many are the top 1 % (rounded up), and their turns of all turns.

    Reads every user-day of the range once, like a count of distinct people.
    """
    by = columns_of(query.by)
    days = UserDay.objects.filter(local_day__range=(query.first_day, query.last_day), turns__gt=0)
    if not query.include_internal:
        days = days.filter(is_internal=False)
    turns: dict[Key, list[int]] = defaultdict(list)
    people = query.matching(days).values(*by, "subject").annotate(sum=Sum("turns")).order_by()
    for *key, _subject, made in people.values_list(*by, "subject", "sum"):
        turns[tuple(key)].append(int(made))
    return {key: _top(sorted(made, reverse=True)) for key, made in turns.items()}


def _top(turns: list[int]) -> tuple[int, Ratio]:
    people = -(-len(turns) // ONE_IN)
    return people, Ratio(numerator=sum(turns[:people]), denominator=sum(turns))
