"""What a report is: how it reads, what it can be asked, and what it must refuse."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from usage.errors import BadZone, NotCounted
from usage.models import CountedSince
from usage.periods import reporting_zone
from usage.reports.dimensions import Dimension, GroupValue
from usage.reports.metrics import Text
from usage.reports.query import DEFAULT_DAYS, MAX_DAYS, UsageQuery

M = TypeVar("M")

PEOPLE = (
    frozenset[Dimension](),
    frozenset({Dimension.SCENARIO}),
    frozenset({Dimension.MODEL}),
    frozenset({Dimension.CHANNEL}),
    frozenset({Dimension.SCENARIO, Dimension.MODEL}),
)
"""For what distinct people are counted beforehand (``PeopleDay.Grouping``)."""


IN_ANY_ZONE = ("volume", "capacity")
"""The reports of what may be added by windows of 15 minutes."""


class Option(StrEnum):
    """The parameters that not every report knows."""

    INCLUDE_INTERNAL = "include_internal"
    ORGANIC_ONLY = "organic_only"
    COMPARE = "compare"
    ZONE = "zone"


WITH_ORGANIC = frozenset({Option.INCLUDE_INTERNAL, Option.ORGANIC_ONLY, Option.COMPARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    now: datetime
    complete: datetime | None
    """Everything before it is counted; None: nothing is."""

    def has_passed(self, until: datetime | None) -> bool:
        """``until`` None: no fact to come can change it."""
        return until is None or (self.complete is not None and self.complete >= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[M]):
    """One group, as its report read it."""

    group: Mapping[Dimension, GroupValue]
    measures: M
    until: datetime | None
    """Once all before this moment is counted, nothing more is added to it. None: it is as final as it gets."""
    people: int | None
    """How many distinct people it is about, for suppression; None: it is not about people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Generic[M]):
    id: str
    label: Text
    about: Text
    measures: type[M]
    """A dataclass; the names of its fields are ids of metrics."""
    read: Callable[[UsageQuery, Moment], Iterable[Found[M]]]
    """Called inside a snapshot, with a query that was not refused. In the order in which rows are read."""
    times: tuple[frozenset[Dimension], ...] = (frozenset({Dimension.DAY}), frozenset())
    """By which parts of time it is counted; the empty one: the range as a whole."""
    combinations: tuple[frozenset[Dimension], ...] = PEOPLE
    """By what else, whether rows are told apart by it or kept to it."""
    always: tuple[Dimension, ...] = ()
    """What every row says of itself, asked or not."""
    options: frozenset[Option] = frozenset({Option.INCLUDE_INTERNAL, Option.COMPARE})
    default_by: tuple[Dimension, ...] = (Dimension.DAY,)
    default_days: int = DEFAULT_DAYS
    max_days: int = MAX_DAYS
    settles_after: timedelta = timedelta(0)
    """How long after its end a day may still change without a late fact."""
    permission: str = "usage.view_report"
    counted_since: CountedSince.What | None = None
    """What of it was not counted from the beginning: days of before are refused, and do not read like a quiet time."""
    organic_since: CountedSince.What | None = None
    """The same, where only organic people are asked for. Internal ones are not told apart by it."""

    def refuse(self, query: UsageQuery) -> None:
        """Raises ``BadQuery`` for what was not counted beforehand, and says what was."""
        every_time = frozenset[Dimension]().union(*self.times)
        asked = {*query.by, *query.filters}
        time, others = asked & every_time, asked - every_time - set(self.always)
        if time not in self.times or others not in self.combinations:
            raise NotCounted.together(self.id, sorted(asked), self.possible())
        for option in (Option.INCLUDE_INTERNAL, Option.ORGANIC_ONLY, Option.COMPARE):
            if getattr(query, option) and option not in self.options:
                raise NotCounted.option(self.id, option, sorted(self.options))
        if self.organic_since and query.organic_only and query.include_internal:
            apart = [Option.INCLUDE_INTERNAL.value, Option.ORGANIC_ONLY.value]
            raise NotCounted.together(self.id, apart, apart)
        if query.zone and Option.ZONE not in self.options:
            raise BadZone.only(reporting_zone().key, IN_ANY_ZONE)

    def possible(self) -> list[str]:
        return [
            " + ".join([*sorted(time), *sorted(others)]) or "—" for time in self.times for others in self.combinations
        ]

    @property
    def has_total(self) -> bool:
        """Whether the range as a whole is one row."""
        return not self.always and frozenset() in self.times and frozenset() in self.combinations
