from datetime import date
from zoneinfo import ZoneInfo

from usage.simulation import Plan
from usage.simulation.visits import Visit

SPRING = date(2026, 5, 20)


def a_plan(
    *, users: int = 12, days: int = 20, seed: int = 7, until: date = SPRING, zone: str = "Asia/Shanghai"
) -> Plan:
    return Plan(users=users, days=days, seed=seed, until=until, zone=ZoneInfo(zone))


def nobody(_: Visit) -> None:
    """Looks on."""
