"""Every report there is. Pages, the API and the command know reports by this list only."""

from collections.abc import Mapping
from typing import Any

from usage.errors import UnknownReport
from usage.reports.definition import Definition
from usage.reports.kinds.active_users import ACTIVE_SPREAD, ACTIVE_USERS
from usage.reports.kinds.answer_quality import ANSWER_QUALITY
from usage.reports.kinds.capacity import CAPACITY
from usage.reports.kinds.cohort_economics import COHORT_ECONOMICS
from usage.reports.kinds.conversations import CONVERSATIONS
from usage.reports.kinds.endpoint_errors import ENDPOINT_ERRORS
from usage.reports.kinds.failover import FAILOVER
from usage.reports.kinds.latency import LATENCY
from usage.reports.kinds.lifecycle import LIFECYCLE
from usage.reports.kinds.north_star import NORTH_STAR
from usage.reports.kinds.people import PEOPLE
from usage.reports.kinds.retention import RETENTION
from usage.reports.kinds.retention_brackets import RETENTION_BRACKETS
from usage.reports.kinds.scenario_adoption import SCENARIO_ADOPTION
from usage.reports.kinds.scenario_breadth import SCENARIO_BREADTH, SCENARIO_CO_USE
from usage.reports.kinds.scenario_share import SCENARIO_SHARE
from usage.reports.kinds.sessions import SESSIONS
from usage.reports.kinds.speed import SPEED
from usage.reports.kinds.trust import TRUST
from usage.reports.kinds.unit_economics import UNIT_ECONOMICS
from usage.reports.kinds.usage import USAGE
from usage.reports.kinds.volume import VOLUME
from usage.reports.kinds.waste import WASTE

# ``Any``: each has rows of its own type, which only those who name a report need to know.
REPORTS: Mapping[str, Definition[Any]] = {
    definition.id: definition
    for definition in (
        USAGE,
        VOLUME,
        NORTH_STAR,
        ACTIVE_USERS,
        ACTIVE_SPREAD,
        SESSIONS,
        CONVERSATIONS,
        LIFECYCLE,
        RETENTION,
        RETENTION_BRACKETS,
        SCENARIO_ADOPTION,
        SCENARIO_SHARE,
        SCENARIO_BREADTH,
        SCENARIO_CO_USE,
        ANSWER_QUALITY,
        LATENCY,
        SPEED,
        CAPACITY,
        ENDPOINT_ERRORS,
        FAILOVER,
        UNIT_ECONOMICS,
        COHORT_ECONOMICS,
        WASTE,
        PEOPLE,
        TRUST,
    )
}


def find(name: str) -> Definition[Any]:
    """Raises ``UnknownReport``."""
    if name not in REPORTS:
        raise UnknownReport(name, list(REPORTS))
    return REPORTS[name]
