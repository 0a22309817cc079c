"""Rows of single people. They do not stay for ever, and what is counted from a part of them would be too few."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from usage.errors import BadRange
from usage.models import Session, UserDay
from usage.reports.measures import organic_if_asked_for
from usage.reports.query import UsageQuery
from usage.rollup.sealing import people_known_from


def user_days(query: UsageQuery) -> "QuerySet[UserDay, Any]":
    """Of those whom the query counts. Raises ``BadRange`` if those of a day of its range are purged."""
    _refuse_forgotten(query)
    days = query.matching(UserDay.objects.filter(local_day__range=(query.first_day, query.last_day)))
    days = organic_if_asked_for(days, query)
    return days if query.include_internal else days.filter(is_internal=False)


def sessions(query: UsageQuery) -> "QuerySet[Session]":
    """Of nobody internal. Raises as ``user_days``."""
    _refuse_forgotten(query)
    return Session.objects.filter(local_day__range=(query.first_day, query.last_day), is_internal=False)


def kept_only_from(query: UsageQuery) -> date | None:
    """The first day that can be asked; None: all of the range is there."""
    since = people_known_from()
    return since if since and query.first_day < since else None


def _refuse_forgotten(query: UsageQuery) -> None:
    if since := kept_only_from(query):
        raise BadRange.forgotten(since)
