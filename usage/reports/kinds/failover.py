"""How often another endpoint had to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from usage.models import CallDay, CountedSince
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Failover:
    asked_first: int
    failed_over: int
    failover_rate: Ratio
    answered_elsewhere: int


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[Failover]]:
    """Of answers of everybody: internal people take a place like others. By the endpoint that was asked first."""
    by = columns_of(query.by)
    days = CallDay.objects.filter(local_day__range=(query.first_day, query.last_day), asked_first__gt=0)
    counted = query.matching(days).values(*by, "endpoint").order_by(*by, "endpoint")
    for *key, endpoint, asked, went, answered in counted.values_list(
        *by, "endpoint", Sum("asked_first"), Sum("failed_over"), Sum("answered_elsewhere")
    ):
        yield Found(
            group={**group_of(query, tuple(key)), Dimension.ENDPOINT: endpoint},
            measures=Failover(
                asked_first=int(asked),
                failed_over=int(went),
                failover_rate=Ratio(numerator=int(went), denominator=int(asked)),
                answered_elsewhere=int(answered),
            ),
            until=end_of_group(query, tuple(key)),
            people=None,
        )


FAILOVER = Definition(
    id="failover",
    label=_("Failover"),
    about=_("How often an endpoint that was asked first did not answer, and another one was asked."),
    measures=Failover,
    read=read,
    times=(frozenset({Dimension.DAY}), frozenset()),
    combinations=(frozenset(),),
    always=(Dimension.ENDPOINT,),
    options=frozenset({Option.COMPARE}),
    default_by=(),
    counted_since=CountedSince.What.CALLS,
)
