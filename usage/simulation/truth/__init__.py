"""What must be reported of the simulated, from their lives alone.

Plain Python over visits as they were made up. Nothing of the rollups, the reports or the facts' own helpers is used
here: a mistake there must not repeat itself here. Internal people count in costs only.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from usage.simulation.plan import Plan
from usage.simulation.truth.adoption import Adoption
from usage.simulation.truth.people import People
from usage.simulation.truth.sessions import Sessions
from usage.simulation.truth.usage import Usage
from usage.simulation.truth.waits import Waits
from usage.simulation.visits import Visit


class Truth:
    """Shown one visit after the other, in any order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.usage = Usage(plan.zone)
        self.people = People(plan.zone)
        self.sessions = Sessions(plan.zone)
        self.adoption = Adoption(plan.zone)
        self.waits = Waits(plan.zone)

    def see(self, visit: Visit) -> None:
        for part in (self.usage, self.people, self.sessions, self.adoption, self.waits):
            part.see(visit)

    def as_json(self) -> str:
        """Days as YYYY-MM-DD; money in pico-units."""
        last = self.plan.until
        return json.dumps(
            {
                "plan": {"users": self.plan.users, "days": self.plan.days, "seed": self.plan.seed, "until": last},
                "zone": self.plan.zone.key,
                "usage": _keyed(self.usage.days),
                "usage_by_scenario": _keyed(self.usage.scenarios),
                "askers_by_scenario": {_name(key): len(people) for key, people in self.usage.askers.items()},
                "first_token": _keyed(self.waits.percentiles()),
                "active": _keyed(self.people.active_users(last)),
                "lifecycle": {period: _keyed(rows) for period, rows in self.people.lifecycles(last).items()},
                "cohorts": _keyed(self.people.cohorts(last)),
                "sessions": _keyed(self.sessions.per_day()),
                "together": _keyed(self.adoption.together(last)),
                "adoption": _keyed(self.adoption.funnels()),
            },
            default=date.isoformat,
            indent=1,
            sort_keys=True,
        )


def _keyed(rows: Mapping[Any, object]) -> dict[str, object]:
    """The parts of a key are joined by a blank; of people the last one says where they came from."""
    return {_name(key): rows[key] for key in rows}


def _name(key: object) -> str:
    if isinstance(key, tuple):
        return " ".join(map(_name, key))
    if isinstance(key, bool):
        return "organic" if key else "campaign"
    return str(key)
