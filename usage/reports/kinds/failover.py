"""How often another endpoint had to be asked. From raw facts: which call followed which is in no rollup."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conversations.events import CallPurpose
from usage.models import UpstreamCall
from usage.reports.definition import Definition, Found, Moment
from usage.reports.dimensions import Dimension
from usage.reports.facts import MAX_DAYS, columns_of, during
from usage.reports.groups import end_of_group, group_of
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
    first = during(UpstreamCall.objects.filter(purpose=CallPurpose.ANSWER, attempt=1), query.first_day, query.last_day)
    elsewhere = UpstreamCall.objects.filter(call_of=OuterRef("call_of"), epoch=OuterRef("epoch"), attempt__gt=1)
    elsewhere = elsewhere.exclude(endpoint=OuterRef("endpoint"))
    asked = query.matching(first).annotate(went_on=Exists(elsewhere), was_answered=Exists(elsewhere.filter(error="")))
    counted = asked.values(*by, "endpoint").annotate(
        asked=Count("id"),
        went=Count("id", filter=Q(went_on=True)),
        answered=Count("id", filter=Q(was_answered=True)),
    )
    for *key, endpoint, count, went, answered in counted.order_by(*by, "endpoint").values_list(
        *by, "endpoint", "asked", "went", "answered"
    ):
        yield Found(
            group={**group_of(query, tuple(key)), Dimension.ENDPOINT: endpoint},
            measures=Failover(
                asked_first=count,
                failed_over=went,
                failover_rate=Ratio(numerator=went, denominator=count),
                answered_elsewhere=answered,
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
    options=frozenset(),
    default_by=(),
    max_days=MAX_DAYS,
    reads_facts=True,
)
