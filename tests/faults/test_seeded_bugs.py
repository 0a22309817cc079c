"""Each bug of tests/faults/bugs is found by the judge, by the name of the invariant it breaks; without it all is well.

One web process has the bug; another one, healthy, is there to take over, to be taken over from, and to be read on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from app.accounts.models import User
from conversations.inference.types import PrefixStyle
from conversations.models import ModelEndpoint
from tests import processes
from tests.conftest import database_url, session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults import scenarios
from tests.faults.judge import Broken
from tests.faults.scenarios import Cast, Scenario
from tests.ports import reserved
from tests.processes import Process
from tests.tab import Tab

pytestmark = pytest.mark.slow

BUGS: dict[str, tuple[Scenario, str]] = {
    "the_request_id_is_ignored": (scenarios.sent_again, "I[12] "),
    "accepted_before_the_commit": (scenarios.killed_at_once, "I1 "),
    "anybody_may_follow": (scenarios.followed_by_somebody_else, "I7 "),
    "no_limit": (scenarios.in_line, "I8 "),
    "the_last_is_first": (scenarios.in_line, "first come"),
    "slots_are_kept": (scenarios.one_after_the_other, "I5 "),
    "a_snapshot_drops_text": (scenarios.read_later, "I4"),
    "without_its_log_an_answer_is_empty": (scenarios.read_later, "I4"),
    "the_log_fences_nobody": (scenarios.owner_is_replaced, "I4 "),
    "the_end_does_not_look_at_the_epoch": (scenarios.stopped_where_it_is_no_more, "I4 "),
    "a_stopped_answer_goes_on": (scenarios.stopped, "I5 "),
    "the_fact_is_missing": (scenarios.answered, "I3 "),
    "a_new_owner_counts_from_one": (scenarios.taken_over, "I[46]"),
    "words_twice": (scenarios.answered, "I4 "),
    "usage_is_summed": (scenarios.answered, "I3 "),
    "the_end_of_a_body_is_an_end": (scenarios.broken_off, "I12 "),
    "another_endpoint_goes_on": (scenarios.broken_off, "I4 "),
}
SCENARIOS = sorted({scenario for scenario, _ in BUGS.values()}, key=lambda scenario: scenario.__name__)


class Stable:
    """Web processes with a bug or a condition. The one that has neither serves one test after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = reserved()
        self._running: tuple[str, str, Process] | None = None
        self.origin = f"http://127.0.0.1:{self._port}"

    def seeded(self, bug: str, condition: str) -> Process:
        if self._running is not None:
            *what, process = self._running
            if what == [bug, condition] == ["", ""] and process.is_running:
                return process
            self.close()
        process = processes.web(
            self._port,
            self._folder,
            {
                "DATABASE_URL": database_url(),
                "DJANGO_SETTINGS_MODULE": "app.settings",
                "PUBLIC_ORIGINS": self.origin,
                "SEEDED_BUG": bug,
                "SEEDED_CONDITION": condition,
            },
            application="tests.faults.bugs.asgi:application",
        )
        self._running = bug, condition, process
        return process

    def close(self) -> None:
        """Killed: what it still has under way is the bug's."""
        if self._running is not None:
            self._running[2].kill()


@pytest.fixture(scope="module")
def stable(folder: Path) -> Iterator[Stable]:
    found = Stable(folder)
    yield found
    found.close()


@pytest.fixture
def cast(
    request: pytest.FixtureRequest,
    stable: Stable,
    web: str,
    web_process: Process,
    catalog: ModelEndpoint,
    endpoint: DemonstrationEndpoint,
    redis: "Redis",
    li: User,
    wang: User,
) -> Iterator[Cast]:
    """``param``: a bug, or none, and the scenario for which the stage is set."""
    bug, scenario = request.param
    catalog.prefix_style = PrefixStyle.PARTIAL if scenario in scenarios.GO_ON else PrefixStyle.NONE
    catalog.max_concurrency = 1 if scenario in scenarios.ONE_AT_A_TIME else 8
    catalog.save()
    yield Cast(
        endpoint=endpoint,
        redis=redis,
        li=li,
        wang=wang,
        tab=lambda user: Tab(stable.origin, lambda: session_of(user)),
        healthy_tab=lambda user: Tab(web, lambda: session_of(user)),
        process=stable.seeded(bug, "it cannot renew" if scenario in scenarios.CANNOT_RENEW else ""),
        healthy=web_process,
        patience_s=3 if bug else 15,
    )
    web_process.thaw()


@pytest.mark.parametrize(
    ("cast", "scenario"),
    [(("", scenario), scenario) for scenario in SCENARIOS],
    indirect=["cast"],
    ids=[scenario.__name__ for scenario in SCENARIOS],
)
async def test_without_a_bug_all_is_well(cast: Cast, scenario: Scenario) -> None:
    await scenario(cast)


@pytest.mark.parametrize(
    ("cast", "scenario", "invariant"),
    [((bug, scenario), scenario, invariant) for bug, (scenario, invariant) in BUGS.items()],
    indirect=["cast"],
    ids=list(BUGS),
)
async def test_the_judge_finds(cast: Cast, scenario: Scenario, invariant: str) -> None:
    with pytest.raises(Broken, match=invariant):
        await scenario(cast)
