"""Groups of fewer than k people are not shown, nor can they be computed from what is shown beside them.

At presentation only, by the denominator: how many people a group is about, not how large a number in it is.
Within one answer: whoever may ask many questions and subtracts one answer from another is not stopped by this.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from usage.reports.dimensions import Dimension, GroupValue

Group = Mapping[Dimension, GroupValue]


def hidden(groups: Sequence[Group], people: Sequence[int | None], *, k: int) -> frozenset[int]:
    """The places of the groups that may not be shown.

    Those of 1 to k - 1 people, and so many more that along every dimension no group is hidden alone, and every
    line of hidden ones holds one of at least k people: what is left of a subtotal is then never a small group.
    Groups of nobody, and those that are not about people (None), are always shown.
    """
    gone = {place for place, count in enumerate(people) if count and count < k}
    lines = list(_lines(groups))
    while found := {place for line in lines if (place := _one_more(line, people, gone, k)) is not None}:
        gone |= found
    return frozenset(gone)


def _one_more(line: Sequence[int], people: Sequence[int | None], gone: set[int], k: int) -> int | None:
    """The smallest shown group of the line, if those hidden in it can be told without it."""
    away = [place for place in line if place in gone]
    if not away or (len(away) > 1 and any((people[place] or 0) >= k for place in away)):
        return None
    shown = [place for place in line if place not in gone and people[place]]
    return min(shown, key=lambda place: (people[place] or 0, place), default=None)


def _lines(groups: Sequence[Group]) -> Iterator[list[int]]:
    """Along each dimension: the places of the groups that are alike in all others."""
    dimensions = sorted({dimension for group in groups for dimension in group})
    for along in dimensions:
        lines: dict[tuple[GroupValue, ...], list[int]] = defaultdict(list)
        for place, group in enumerate(groups):
            lines[tuple(group[other] for other in dimensions if other != along)].append(place)
        yield from lines.values()
