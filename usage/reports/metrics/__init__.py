"""One definition per metric; pages, exports and the data dictionary all read it here.

A formula changes with its ``version``, never silently. The ids are the names of the fields of the reports'
typed rows, and the columns of their files: the same id is the same number everywhere.
"""

from usage.reports.metrics.adoption import ADOPTION
from usage.reports.metrics.capacity import CAPACITY, FAILOVER
from usage.reports.metrics.definition import UNITS, Metric, Text, Unit
from usage.reports.metrics.economics import COHORTS, ECONOMICS, WASTE
from usage.reports.metrics.latency import LATENCY, SPEED
from usage.reports.metrics.people import ACTIVE, LIFECYCLE, PERSON, RETENTION
from usage.reports.metrics.quality import QUALITY
from usage.reports.metrics.scenarios import SCENARIOS
from usage.reports.metrics.sessions import CONVERSATIONS, SESSIONS
from usage.reports.metrics.trust import TRUST
from usage.reports.metrics.usage import USAGE

__all__ = ["METRIC", "METRICS", "UNITS", "USAGE", "Metric", "Text", "Unit"]

METRICS = (
    *USAGE,
    *ACTIVE,
    *SESSIONS,
    *CONVERSATIONS,
    *LIFECYCLE,
    *RETENTION,
    *ADOPTION,
    *SCENARIOS,
    *QUALITY,
    *LATENCY,
    *SPEED,
    *CAPACITY,
    *FAILOVER,
    *ECONOMICS,
    *WASTE,
    *COHORTS,
    *PERSON,
    *TRUST,
)

METRIC = {metric.id: metric for metric in METRICS}
