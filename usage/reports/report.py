"""One answer to one question: rows and completeness of one moment, a comparison, and what may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from django.conf import settings

from usage.errors import BadRange, UnknownValue
from usage.models import CountedSince, UsageDay
from usage.periods import reporting_zone
from usage.reports.definition import Definition, Found, Moment
from usage.reports.dimensions import DIMENSIONS, Dimension, GroupValue
from usage.reports.elapsed import elapsed
from usage.reports.labels import names_of
from usage.reports.query import NONE, UsageQuery
from usage.reports.snapshot import complete_through, erased_since, snapshot
from usage.reports.suppression import hidden

M = TypeVar("M")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow(Generic[M]):
    group: Mapping[Dimension, GroupValue]
    measures: M | None
    """None: suppressed, since the group is too small or would give another one away."""
    is_complete: bool
    """Nothing more will be added, late facts apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch(Generic[M]):
    """The rows of some days, both ends included."""

    first_day: date
    last_day: date
    rows: tuple[ReportRow[M], ...]
    total: ReportRow[M] | None
    """None where the range as a whole has no meaning, is what was asked for, or can no longer be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Generic[M]):
    """What of the range is over, beside what was ``shift_days`` before: equally many periods, equally whole."""

    shift_days: int
    current: Stretch[M]
    previous: Stretch[M]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Generic[M]):
    definition: Definition[M]
    query: UsageQuery
    zone: str
    min_people: int
    generated_at: datetime
    complete_through: datetime | None
    erased_since: datetime | None
    """When people were last taken out of numbers that had been told of this range."""
    asked: Stretch[M]
    comparison: Comparison[M] | None
    """None unless asked for; None too while no period of the range is over."""


def ask(definition: Definition[M], query: UsageQuery, *, now: datetime) -> Report[M]:
    """Raises ``BadQuery`` for a question it has no answer to."""
    definition.refuse(query)
    query = replace(query, by=tuple(each for each in query.by if each not in definition.always))
    with snapshot():
        check_known(query)
        refuse_uncounted(definition, query)
        moment = Moment(now=now, complete=complete_through(now))
        asked = _stretch(definition, query, moment)
        erased = erased_since(query.first_day, query.last_day)
        comparison = _compared(definition, query, moment, asked) if query.compare else None
    return Report(
        definition=definition,
        query=query,
        zone=query.zone or reporting_zone().key,
        min_people=settings.REPORT_MIN_PEOPLE,
        generated_at=now,
        complete_through=moment.complete,
        erased_since=erased,
        asked=asked,
        comparison=comparison,
    )


def check_known(query: UsageQuery) -> None:
    """Raises ``UnknownValue`` for what nobody ever used and no catalog names."""
    for dimension, asked in query.filters.items():
        used = UsageDay.objects.values_list(dimension.value, flat=True).distinct()
        known = {*names_of(dimension), *used}
        if asked not in known:
            raise UnknownValue(
                str(DIMENSIONS[dimension].label).lower(), asked or NONE, sorted(slug or NONE for slug in known)
            )


def refuse_uncounted(definition: Definition[M], query: UsageQuery) -> None:
    """Raises ``BadRange`` for days that were over before its rows were counted at all."""
    asked = (definition.counted_since, definition.organic_since if query.organic_only else None)
    since = max(filter(None, (CountedSince.first_day(what) for what in asked if what)), default=None)
    if since and query.first_day < since:
        raise BadRange.uncounted(since)


def _compared(definition: Definition[M], query: UsageQuery, moment: Moment, asked: Stretch[M]) -> Comparison[M] | None:
    beside = elapsed(query, moment, definition.settles_after)
    if beside is None:
        return None
    whole = (beside.first_day, beside.last_day)
    is_asked = whole == (query.first_day, query.last_day)
    before = query.during(*beside.before)
    refuse_uncounted(definition, before)
    return Comparison(
        shift_days=(beside.first_day - before.first_day).days,
        current=asked if is_asked else _stretch(definition, query.during(*whole), moment),
        previous=_stretch(definition, before, moment),
    )


def _stretch(definition: Definition[M], query: UsageQuery, moment: Moment) -> Stretch[M]:
    return Stretch(
        first_day=query.first_day,
        last_day=query.last_day,
        rows=_shown(list(definition.read(query, moment)), moment),
        total=next(iter(_shown(_whole(definition, query, moment), moment)), None),
    )


def _whole(definition: Definition[M], query: UsageQuery, moment: Moment) -> list[Found[M]]:
    """The range in one row. Of people who are purged there may be counts of days and none of the range."""
    if not query.by or not definition.has_total:
        return []
    try:
        return list(definition.read(replace(query, by=()), moment))
    except BadRange:
        return []


def _shown(found: Sequence[Found[M]], moment: Moment) -> tuple[ReportRow[M], ...]:
    gone = hidden([row.group for row in found], [row.people for row in found], k=settings.REPORT_MIN_PEOPLE)
    return tuple(
        ReportRow(
            group=row.group,
            measures=None if place in gone else row.measures,
            is_complete=moment.has_passed(row.until),
        )
        for place, row in enumerate(found)
    )
