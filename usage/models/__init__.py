from usage.models.engagement import EngagementEvent
from usage.models.facts import TurnAccepted, UpstreamCall, UsageRecord
from usage.models.people import (
    Acquisition,
    ActiveDay,
    ActiveSpread,
    AdoptionDay,
    CohortBracket,
    CohortCost,
    CohortDay,
    FirstDay,
    LifecycleDay,
    Period,
    Session,
    SessionDay,
)
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
from usage.models.sealing import Erasure, LateAdjustment, Seal
from usage.models.windows import BusyWindow, LatencyWindow

__all__ = [
    "Acquisition",
    "ActiveDay",
    "ActiveSpread",
    "AdoptionDay",
    "BusyWindow",
    "CohortBracket",
    "CohortCost",
    "CohortDay",
    "EngagementEvent",
    "Erasure",
    "FirstDay",
    "LateAdjustment",
    "LatencyDay",
    "LatencyWindow",
    "Level",
    "LifecycleDay",
    "Mark",
    "PeopleDay",
    "Period",
    "Report",
    "RollupScan",
    "Seal",
    "Session",
    "SessionDay",
    "Source",
    "TurnAccepted",
    "UpstreamCall",
    "UsageDay",
    "UsageRecord",
    "UsageWindow",
    "UserDay",
]
