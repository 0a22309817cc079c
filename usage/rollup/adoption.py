"""How scenarios are taken up: saw, tried, repeated, retained, satisfied; per day of the first sight.

A person is in the cohort of their first sight if they had not used the scenario on a day before it; else their
first turn counts on its own day, as organic. Each step is of those who made the step before.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from usage.models import AdoptionDay, FirstDay, Level, UserDay
from usage.periods import reporting_zone
from usage.rollup.active import ACTIVE
from usage.rollup.days import DayNumber, day_at, take
from usage.rollup.statements import counted

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


def recompute_adoption(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: every cohort that was still open then."""
    since, reach = first - timedelta(days=CLOSED_AFTER), last + timedelta(days=CLOSED_AFTER)
    if not take(Level.ADOPTION, first, last, reads=(since, reach)):
        return False
    AdoptionDay.objects.filter(local_day__range=(since, last)).delete()
    rows: dict[tuple[int, str, bool], Counter[str]] = defaultdict(Counter)
    by = ("cohort", "scenario", "organic")
    for cohort, scenario, organic, *counts in counted(_sights(since, last), by=by, conditions=STEPS):
        rows[cohort, scenario, bool(organic)].update(dict(zip(STEPS, counts, strict=True)))
    beside = {"organic_tried": "1 = 1"}
    for cohort, scenario, organic, people in counted(_without_sight(since, last), by=by, conditions=beside):
        rows[cohort, scenario, bool(organic)]["organic_tried"] = people
    zone = reporting_zone().key
    AdoptionDay.objects.bulk_create(
        AdoptionDay(local_day=day_at(cohort), scenario=scenario, organic=organic, zone=zone, **counts)
        for (cohort, scenario, organic), counts in sorted(rows.items())
    )
    return True


def _firsts(grouping: FirstDay.Grouping, since: date, last: date) -> "QuerySet[FirstDay]":
    return FirstDay.objects.filter(grouping=grouping, is_internal=False, local_day__range=(since, last))


def _other(grouping: FirstDay.Grouping) -> "QuerySet[FirstDay]":
    """The other first of the same person in the same scenario."""
    return FirstDay.objects.filter(
        grouping=grouping, is_internal=False, subject=OuterRef("subject"), scenario=OuterRef("scenario")
    )


def _sights(since: date, last: date) -> "QuerySet[FirstDay, tuple[object, ...]]":
    tries = _other(FirstDay.Grouping.SCENARIO).annotate(day=DayNumber("local_day"))
    sights = _firsts(FirstDay.Grouping.SEEN, since, last)
    sights = sights.filter(~Exists(tries.filter(local_day__lt=OuterRef("local_day"))))
    tried_on = Subquery(tries.values("day"), output_field=IntegerField())
    steps = {
        "has_tried": Q(tried_on__isnull=False, tried_on__lte=F("cohort") + TRIED_WITHIN),
        "has_repeated": _on_some_day(ACTIVE, 1, REPEATED_WITHIN),
        "was_retained": _on_some_day(ACTIVE, *RETAINED),
        "was_satisfied": _on_some_day(Q(satisfied__gt=0, is_internal=False), 0, SATISFIED_WITHIN),
    }
    dated = sights.annotate(cohort=DayNumber("local_day"), tried_on=tried_on).annotate(**steps)
    return dated.values_list("cohort", "scenario", "organic", *steps)


def _without_sight(since: date, last: date) -> "QuerySet[FirstDay, tuple[object, ...]]":
    sights = _other(FirstDay.Grouping.SEEN).filter(local_day__lte=OuterRef("local_day"))
    tries = _firsts(FirstDay.Grouping.SCENARIO, since, last).filter(~Exists(sights))
    return tries.annotate(cohort=DayNumber("local_day")).values_list("cohort", "scenario", "organic")


def _on_some_day(what: Q, low: int, high: int) -> Combinable:
    """Whether they have such a user-day in the scenario, ``low`` to ``high`` days after their first turn in it."""
    days = UserDay.objects.filter(what, subject=OuterRef("subject"), scenario=OuterRef("scenario"))
    days = days.annotate(day=DayNumber("local_day"))
    return Exists(days.filter(day__gte=OuterRef("tried_on") + low, day__lte=OuterRef("tried_on") + high))
