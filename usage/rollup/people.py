"""People: what each subject did on a local day, and how many distinct subjects that makes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from usage.models import Acquisition, Level, Mark, PeopleDay, TurnAccepted, UsageRecord, UserDay
from usage.periods import day_bounds, day_of, reporting_zone
from usage.recording import LANES, MarkKey, put_marks
from usage.rollup import answers
from usage.rollup.acquisitions import recompute_acquisitions
from usage.rollup.crowds import counts, ranked
from usage.rollup.first_days import replace_first_days
from usage.rollup.returns import later_days
from usage.rollup.sealing import people_purged_until, whole_days_from
from usage.rollup.sessions import replace_sessions
from usage.rollup.statements import Rows, claim, insert_measures, numbers_of, select
from usage.rollup.sums import VALUED

BATCH = 500
"""Marks taken in one transaction; keeps it under 100 ms on SQLite where they are of a day or two, as facts come."""

COUNTING_PEOPLE = (
    *(Level.PEOPLE_DAY, Level.ACTIVE_DAY, Level.LIFECYCLE, Level.COHORT, Level.ADOPTION),
    Level.RETURN_DAY,
)
OF_COHORTS = (*COUNTING_PEOPLE, Level.COHORT_COST)
"""What else changes with who is in a cohort, and whether a campaign brought them."""
GROUPINGS = {
    PeopleDay.Grouping.TOTAL: (),
    PeopleDay.Grouping.SCENARIO: ("scenario",),
    PeopleDay.Grouping.MODEL: ("model",),
    PeopleDay.Grouping.CHANNEL: ("channel",),
    PeopleDay.Grouping.SCENARIO_MODEL: ("scenario", "model"),
}

CROWDS = {"": Q(is_internal=False), "_all": None}
_MEASURES = {
    **counts(),
    **counts("_all"),
    "active_organic": "COUNT(*) FILTER (WHERE turns > 0 AND organic)",
    "valued_organic": "COUNT(*) FILTER (WHERE valued > 0 AND organic)",
}

OF_USER_DAYS = ("subject", "scenario", "model", "channel", "is_internal")

# All of it comes from statements of the ORM: nothing here is anybody's text.
_DID = f"""
SELECT each_one.*, acquired.subject IS NULL AS organic
FROM (
    SELECT {{dimensions}}, 'turns' AS did FROM ({{asked}}) AS asked
    UNION ALL
    SELECT {{dimensions}}, 'valued' AS did FROM ({{valued}}) AS valued
    UNION ALL
    SELECT {{dimensions}}, 'satisfied' AS did FROM ({{judged}}) AS judged WHERE verdict = 'strict'
) AS each_one LEFT JOIN {Acquisition._meta.db_table} AS acquired ON acquired.subject = each_one.subject
"""  # noqa: S608 as said


def recompute_persons(lanes: Collection[int]) -> bool:
    """Their oldest marked user-days. Marks are deleted by id, never up to an id: ids commit out of order."""
    if not claim(Level.PERSON, lanes):
        return False
    zone = reporting_zone()
    marks = Mark.objects.filter(level=Level.PERSON, lane__in=lanes, window_start__gte=whole_days_from()).order_by("id")
    taken = list(marks.values_list("id", "window_start", "subject")[:BATCH])
    Mark.objects.filter(id__in=[mark for mark, _, _ in taken]).delete()

    subjects: dict[date, set[UUID]] = defaultdict(set)
    oldest: dict[date, datetime] = {}
    for _, window, subject in taken:
        if subject is None:
            raise ValueError("a mark of a person without a subject")
        day = day_of(window, zone)
        subjects[day].add(subject)
        oldest[day] = min(window, oldest.get(day, window))
    turned = recompute_acquisitions({subject for _, _, subject in taken if subject})
    mark_people(oldest)
    mark_people({day: day_bounds(day, zone)[0] for day in turned}, OF_COHORTS)
    for day in sorted(subjects):
        replace_people(day, subjects[day], changed=oldest[day])
    return True


def replace_people(day: date, subjects: Collection[UUID] | None, *, changed: datetime) -> None:
    """All that is known of ``subjects``, or of everybody, from facts of this day. The caller holds their lanes.

    ``changed`` is the window that the marks of this day's own rows bear.
    """
    zone = reporting_zone()
    replace_user_days(day, subjects)
    mark_people({later: day_bounds(later, zone)[0] for later in later_days(day, subjects)}, (Level.RETURN_DAY,))
    moved = {other: day_bounds(other, zone)[0] for other in replace_first_days(day, subjects)}
    mark_people({other: start for other, start in moved.items() if other != day}, OF_COHORTS)
    if day in moved:
        put_marks([MarkKey(Level.COHORT_COST, changed)])
    windows = {other: day_bounds(other, zone)[0] for other in replace_sessions(day, subjects)} | {day: changed}
    put_marks(MarkKey(Level.SESSION_DAY, window) for window in windows.values())


def mark_people(days: Mapping[date, datetime], levels: Sequence[Level] = COUNTING_PEOPLE) -> None:
    """Whatever counts people of these local days; each with the window of the fact that changed it."""
    put_marks(MarkKey(level, window) for window in days.values() for level in levels)


def replace_user_days(day: date, subjects: Collection[UUID] | None) -> None:
    """Those of ``subjects``, or of everybody. The caller holds the locks of their lanes."""
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    whose: dict[str, Any] = {} if subjects is None else {"subject__in": sorted(subjects)}
    UserDay.objects.filter(local_day=day, **whose).delete()
    insert_measures(
        UserDay,
        _what_they_did({"window_start__gte": start, "window_start__lt": end, **whose}),
        constants={"local_day": day, "zone": zone.key},
        dimensions=(*OF_USER_DAYS, "organic"),
        measures=numbers_of({did: f"did = '{did}'" for did in ("turns", "valued", "satisfied")}),
    )


def _what_they_did(within: Mapping[str, Any]) -> Rows:
    """A row for each accepted turn, each turn of value and each satisfied answer.

    Another model may have answered than the one that was asked: then these are not of the same user-day.
    """
    records = UsageRecord.objects.filter(**within)
    asked = select(TurnAccepted.objects.filter(**within).values_list(*OF_USER_DAYS))
    valued = select(records.filter(VALUED).values_list(*OF_USER_DAYS))
    judged = answers.judged(records, *OF_USER_DAYS)
    dimensions = ", ".join(OF_USER_DAYS)
    sql = _DID.format(dimensions=dimensions, asked=asked.sql, valued=valued.sql, judged=judged.sql)
    return Rows(sql, [*asked.params, *valued.params, *judged.params])


def claim_everybody() -> bool:
    return claim(Level.PERSON, range(LANES))


def recompute_people_day(day: date) -> bool:
    zone = reporting_zone()
    start, end = day_bounds(day, zone)
    if not claim(Level.PEOPLE_DAY, [day.toordinal()]) or start < people_purged_until():
        return False
    Mark.objects.filter(level=Level.PEOPLE_DAY, window_start__gte=start, window_start__lt=end).delete()
    PeopleDay.objects.filter(local_day=day).delete()
    for grouping, dimensions in GROUPINGS.items():
        by = ("local_day", *dimensions)
        insert_measures(
            PeopleDay,
            ranked(UserDay.objects.filter(local_day=day), by, CROWDS),
            constants={"zone": zone.key, "grouping": grouping.value},
            dimensions=by,
            measures=_MEASURES,
        )
    return True
