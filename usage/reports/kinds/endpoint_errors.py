"""What went wrong with endpoints, by class of error."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from usage.models import Source, UsageDay
from usage.reports.definition import Definition, Found, Moment, Option
from usage.reports.dimensions import Dimension
from usage.reports.groups import end_of_group, group_of
from usage.reports.headcount import columns_of
from usage.reports.measures import Key
from usage.reports.query import UsageQuery
from usage.reports.ratios import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointErrors:
    calls: int
    share_of_calls: Ratio


def read(query: UsageQuery, moment: Moment) -> Iterator[Found[EndpointErrors]]:
    """Every call of everybody, background ones too; those that came to their end under the empty class."""
    by = columns_of(query.by)
    calls: Counter[Key] = Counter()
    of_endpoint: Counter[Key] = Counter()
    for *key, error, begun in _called(query).values_list(*by, "endpoint", "outcome").annotate(begun=Sum("calls")):
        calls[*key, error] += int(begun)
        of_endpoint[tuple(key)] += int(begun)
    for *key, error in sorted(calls):
        group = group_of(query, tuple(key[:-1]))
        count = calls[*key, error]
        yield Found(
            group={**group, Dimension.ENDPOINT: key[-1], Dimension.ERROR: error},
            measures=EndpointErrors(
                calls=count, share_of_calls=Ratio(numerator=count, denominator=of_endpoint[tuple(key)])
            ),
            until=end_of_group(query, tuple(key[:-1])),
            people=None,
        )


def _called(query: UsageQuery) -> "QuerySet[Any, Any]":
    days = UsageDay.objects.filter(source=Source.CALLED, local_day__range=(query.first_day, query.last_day))
    return query.matching(days)


ENDPOINT_ERRORS = Definition(
    id="endpoint_errors",
    label=_("Endpoint errors"),
    about=_("Calls of each endpoint by how they ended."),
    measures=EndpointErrors,
    read=read,
    times=(frozenset({Dimension.DAY}), frozenset()),
    combinations=(frozenset(),),
    always=(Dimension.ENDPOINT, Dimension.ERROR),
    options=frozenset({Option.COMPARE}),
    default_by=(),
)
