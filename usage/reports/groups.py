"""Sums and people of the same groups, side by side."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from usage.periods import day_bounds, reporting_zone
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.headcount import columns_of, headcount
from usage.reports.measures import Key, People, Sums, read_sums
from usage.reports.query import UsageQuery


class GroupSums(NamedTuple):
    key: Key
    sums: Sums
    people: People


def sums_by_group(query: UsageQuery, *, with_latency: bool = False, with_top: bool = False) -> Iterator[GroupSums]:
    """By the values of ``query.by``, in their order; one of nothing for a whole range in which nothing happened."""
    sums = read_sums(query, columns_of(query.by), with_latency=with_latency)
    people = headcount(query, with_top=with_top)
    if not query.by:
        sums.setdefault((), Sums())
    return (GroupSums(key, sums[key], people.get(key, People())) for key in sorted(sums))


def group_of(query: UsageQuery, key: Key) -> Mapping[Dimension, GroupValue]:
    return dict(zip(query.by, key, strict=True))


def end_of_group(query: UsageQuery, key: Key) -> datetime:
    """The end of its day, or of the range."""
    day = group_of(query, key).get(Dimension.DAY, query.last_day)
    assert isinstance(day, date)
    return end_of(day)


def end_of(day: date) -> datetime:
    return day_bounds(day, reporting_zone())[1]
