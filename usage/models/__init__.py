from usage.models.engagement import EngagementEvent
from usage.models.facts import TurnAccepted, UpstreamCall, UsageRecord
from usage.models.reports import Report
from usage.models.rollups import (
    LatencyDay,
    Level,
    Mark,
    PeopleDay,
    RollupScan,
    Source,
    UsageDay,
    UsageWindow,
    UserDay,
)

__all__ = [
    "EngagementEvent",
    "LatencyDay",
    "Level",
    "Mark",
    "PeopleDay",
    "Report",
    "RollupScan",
    "Source",
    "TurnAccepted",
    "UpstreamCall",
    "UsageDay",
    "UsageRecord",
    "UsageWindow",
    "UserDay",
]
