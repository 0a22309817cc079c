"""What single people did, under pseudonyms: those with the most turns. Needs a permission of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum
from django.utils.translation import gettext_lazy as _

from usage.models import FirstDay
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of
from usage.reports.pseudonyms import pseudonym
from usage.reports.query import UsageQuery
from usage.reports.single_people import user_days

MOST = 1000
"""Rows; a report of everybody is an export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    turns: int
    valued_turns: int
    satisfied_answers: int
    active_days: int
    scenarios_used: int
    first_active: date | None
    last_active: date | None


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Person]]:
    """Not suppressed: each row is one person, which is what the permission is for."""
    people = list(user_days(query).values("subject").annotate(**_SUMS).order_by("-made", "subject")[:MOST])
    first = _first_days([row["subject"] for row in people])
    for row in people:
        yield Found(
            group={Dimension.PERSON: pseudonym(row["subject"], audience=query.audience)},
            measures=Person(
                turns=int(row["made"]),
                valued_turns=int(row["worth"]),
                satisfied_answers=int(row["liked"]),
                active_days=row["days"],
                scenarios_used=row["scenarios"],
                first_active=first.get(row["subject"]),
                last_active=row["last"],
            ),
            until=end_of(query.last_day),
            people=None,
        )


_ACTIVE = Q(turns__gt=0)
_SUMS = {
    "made": Sum("turns"),
    "worth": Sum("valued"),
    "liked": Sum("satisfied"),
    "days": Count("local_day", distinct=True, filter=_ACTIVE),
    "scenarios": Count("scenario", distinct=True, filter=_ACTIVE & ~Q(scenario="")),
    "last": Max("local_day", filter=_ACTIVE),
}


def _first_days(subjects: Sequence[UUID]) -> Mapping[UUID, date]:
    rows = FirstDay.objects.filter(grouping=FirstDay.Grouping.TOTAL, subject__in=subjects)
    return dict(rows.values_list("subject").annotate(Min("local_day")))


PEOPLE = Definition(
    id="people",
    label=_("People"),
    about=_("What single people did, under pseudonyms that hold for whoever asks: the thousand with the most turns."),
    measures=Person,
    read=read,
    times=(frozenset(),),
    combinations=tuple(
        frozenset(chosen)
        for chosen in (
            (),
            (Dimension.SCENARIO,),
            (Dimension.MODEL,),
            (Dimension.CHANNEL,),
            (Dimension.SCENARIO, Dimension.MODEL),
        )
    ),
    always=(Dimension.PERSON,),
    options=WITH_ORGANIC,
    default_by=(),
    permission="usage.view_people",
)
