"""Turns, people, answers, calls, cost and tokens."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from usage.models import CountedSince
from usage.reports.definition import WITH_ORGANIC, Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of, sums_by_group
from usage.reports.measures import Measures
from usage.reports.query import UsageQuery
from usage.rollup.answers import HORIZON


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Measures]]:
    by_model = Dimension.MODEL in (*query.by, *query.filters)
    for key, sums, people in sums_by_group(query, with_latency=True):
        until = end_of_group(query, key)
        yield Found(
            group=group_of(query, key),
            measures=sums.measures(people, by_model=by_model, is_judged=moment.has_passed(until + HORIZON)),
            until=until,
            people=people.behind(sums.counts),
        )


USAGE = Definition(
    id="usage",
    label=_("Usage"),
    about=_("Turns, people, answers, calls, cost and tokens."),
    measures=Measures,
    read=read,
    organic_since=CountedSince.What.ORGANIC,
    options=WITH_ORGANIC,
)
