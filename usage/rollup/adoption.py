"""How scenarios are taken up: saw, tried, repeated, retained, satisfied; per day of the first sight.

A person is in the cohort of their first sight if they had not used the scenario on a day before it; else their
first turn counts on its own day, as organic. Each step is of those who made the step before.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from usage.models import AdoptionDay, FirstDay, Level, UserDay
from usage.periods import reporting_zone
from usage.rollup.days import DayNumber, day_at, take
from usage.rollup.statements import Rows, counted, numbers_of, select

TRIED_WITHIN = REPEATED_WITHIN = SATISFIED_WITHIN = 7
RETAINED = (15, 28)
CLOSED_AFTER = TRIED_WITHIN + RETAINED[1]
"""Days after the first sight on which the last thing that matters can happen."""

STEPS = {
    "saw": "1 = 1",
    "tried": "has_tried",
    "repeated": "has_tried AND has_repeated",
    "retained": "has_tried AND has_repeated AND was_retained",
    "satisfied": "has_tried AND was_satisfied",
}

# Numbers are ours and the rest comes from statements of the ORM: nothing here is anybody's text.
_SIGHTS = f"""
WITH sights AS ({{sights}}), tries AS ({{tries}}), days AS ({{days}})
SELECT sights.cohort, sights.scenario, sights.organic,
    tries.tried_on <= sights.cohort + {TRIED_WITHIN} AS has_tried,
    COUNT(*) FILTER (
        WHERE days.turns > 0 AND days.day BETWEEN tries.tried_on + 1 AND tries.tried_on + {REPEATED_WITHIN}
    ) > 0 AS has_repeated,
    COUNT(*) FILTER (WHERE days.turns > 0 AND days.day >= tries.tried_on + {RETAINED[0]}) > 0 AS was_retained,
    COUNT(*) FILTER (WHERE days.satisfied > 0 AND days.day <= tries.tried_on + {SATISFIED_WITHIN}) > 0 AS was_satisfied
FROM sights
LEFT JOIN tries ON tries.subject = sights.subject AND tries.scenario = sights.scenario
LEFT JOIN days ON days.subject = sights.subject AND days.scenario = sights.scenario
    AND days.day BETWEEN tries.tried_on AND tries.tried_on + {RETAINED[1]}
WHERE tries.tried_on IS NULL OR tries.tried_on >= sights.cohort
GROUP BY sights.subject, sights.scenario, sights.organic, sights.cohort, tries.tried_on
"""  # noqa: S608 as said


def recompute_adoption(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: every cohort that was still open then."""
    since, reach = first - timedelta(days=CLOSED_AFTER), last + timedelta(days=CLOSED_AFTER)
    if not take(Level.ADOPTION, first, last, reads=(since, reach)):
        return False
    AdoptionDay.objects.filter(local_day__range=(since, last)).delete()
    rows: dict[tuple[int, str, bool], Counter[str]] = defaultdict(Counter)
    by = ("cohort", "scenario", "organic")
    for cohort, scenario, organic, *counts in counted(_sights(since, last, reach), by=by, measures=numbers_of(STEPS)):
        rows[cohort, scenario, bool(organic)].update(dict(zip(STEPS, counts, strict=True)))
    beside = {"organic_tried": "1 = 1"}
    for cohort, scenario, organic, people in counted(_without_sight(since, last), by=by, measures=numbers_of(beside)):
        rows[cohort, scenario, bool(organic)]["organic_tried"] = people
    zone = reporting_zone().key
    AdoptionDay.objects.bulk_create(
        AdoptionDay(local_day=day_at(cohort), scenario=scenario, organic=organic, zone=zone, **counts)
        for (cohort, scenario, organic), counts in sorted(rows.items())
    )
    return True


def _firsts(grouping: FirstDay.Grouping, since: date, last: date) -> "QuerySet[FirstDay]":
    return FirstDay.objects.filter(grouping=grouping, is_internal=False, local_day__range=(since, last))


def _sights(since: date, last: date, reach: date) -> Rows:
    sights = _firsts(FirstDay.Grouping.SEEN, since, last).annotate(cohort=DayNumber("local_day"))
    tries = FirstDay.objects.filter(grouping=FirstDay.Grouping.SCENARIO, is_internal=False)
    days = UserDay.objects.filter(is_internal=False, local_day__range=(since, reach)).annotate(
        day=DayNumber("local_day")
    )
    parts = {
        "sights": select(sights.values_list("subject", "scenario", "organic", "cohort")),
        "tries": select(tries.annotate(tried_on=DayNumber("local_day")).values_list("subject", "scenario", "tried_on")),
        "days": select(days.values_list("subject", "scenario", "day", "turns", "satisfied")),
    }
    sql = _SIGHTS.format(**{name: part.sql for name, part in parts.items()})
    return Rows(sql, [value for part in parts.values() for value in part.params])


def _without_sight(since: date, last: date) -> Rows:
    """The first tries of those who had not seen the scenario until then."""
    sights = FirstDay.objects.filter(
        grouping=FirstDay.Grouping.SEEN,
        is_internal=False,
        subject=OuterRef("subject"),
        scenario=OuterRef("scenario"),
        local_day__lte=OuterRef("local_day"),
    )
    tries = _firsts(FirstDay.Grouping.SCENARIO, since, last).filter(~Exists(sights))
    return select(tries.annotate(cohort=DayNumber("local_day")).values_list("cohort", "scenario", "organic"))
