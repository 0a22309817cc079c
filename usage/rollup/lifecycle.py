"""New, returning, resurrecting, dormant: each period against the one before it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Q

from usage.models import FirstDay, Level, LifecycleDay, Period, UserDay
from usage.periods import days_between, reporting_zone
from usage.rollup.active import ACTIVE
from usage.rollup.days import take
from usage.rollup.statements import counted, numbers_of, select

DAY = timedelta(days=1)
STATES = {
    "active": "now > 0",
    "returning": "now > 0 AND past > 0",
    "dormant": "now = 0 AND past > 0",
    "satisfied_twice": "satisfied_days > 1",
}
"""Of people: how often they came in a period and in the one before, on how many days of it they were satisfied."""


def recompute_lifecycle(first: date, last: date) -> bool:
    """``first`` to ``last`` changed: every period they are in, and the one after it."""
    periods = sorted({each for day in days_between(first, last) for each in _periods(day)})
    reads = (min(p.before(start) for p, start in periods), max(p.after(start) for p, start in periods))
    if not take(Level.LIFECYCLE, first, last, reads=reads):
        return False
    for kind in Period:
        starts = [start for period, start in periods if period is kind]
        LifecycleDay.objects.filter(period=kind, period_start__in=starts).delete()
    newcomers = _newcomers(*reads)
    LifecycleDay.objects.bulk_create([row for period, start in periods for row in _rows(period, start, newcomers)])
    return True


def _newcomers(first: date, last: date) -> Counter[tuple[date, bool]]:
    """How many people were active for the first time ever, by day and whether they are organic."""
    firsts = FirstDay.objects.filter(grouping=FirstDay.Grouping.TOTAL, is_internal=False)
    counts = firsts.filter(local_day__range=(first, last)).values_list("local_day", "organic")
    return Counter({(day, organic): people for day, organic, people in counts.annotate(people=Count("subject"))})


def _periods(day: date) -> Iterator[tuple[Period, date]]:
    for period in Period:
        start = period.start_of(day)
        yield period, start
        yield period, period.after(start)


def _rows(period: Period, start: date, newcomers: Counter[tuple[date, bool]]) -> Iterator[LifecycleDay]:
    before, after = period.before(start), period.after(start)
    days = UserDay.objects.filter(is_internal=False, local_day__gte=before, local_day__lt=after)
    here, then = Q(local_day__gte=start), Q(local_day__lt=start)
    people = days.values("subject", "organic").annotate(
        now=Count("local_day", filter=ACTIVE & here),
        past=Count("local_day", filter=ACTIVE & then),
        satisfied_days=Count("local_day", filter=Q(satisfied__gt=0) & here, distinct=True),
    )
    for organic, *counts in counted(select(people), by=("organic",), measures=numbers_of(STATES)):
        if not any(counts):  # of somebody with answers only, whose turns another model was asked for
            continue
        active, returning, dormant, satisfied_twice = counts
        new = sum(newcomers[day, bool(organic)] for day in days_between(start, after - DAY))
        yield LifecycleDay(
            period=period,
            period_start=start,
            organic=bool(organic),
            zone=reporting_zone().key,
            active=active,
            new=new,
            returning=returning,
            resurrecting=active - returning - new,
            dormant=dormant,
            satisfied_twice=satisfied_twice,
        )
