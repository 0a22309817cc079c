"""F20: pages that stop reading cost a bounded amount, are let go after a while, and hold nobody else up."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.presence import MAX_TABS
from conversations.timing import timing
from tests.conftest import session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.faults.judge import judge_everything, settled
from tests.faults.memory import resident_mb
from tests.faults.sizes import SIZES
from tests.faults.slow_reader import SlowReader, held
from tests.processes import Process
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F20")]

OpenTab = Callable[[User], Tab]

SLOW = MAX_TABS - 1
"""As many tabs as one person may have, but for the one that reads. Every second one takes 100 B/s."""
WORDS = (json.dumps("long " * 1200),) * 100
"""Together 600 kB: far more than the buffers between the server and such a page hold, the kernel's included."""
EACH_MB = 1.5
GAP_S = 1.0
"""How long somebody else's answer may stand still. Not scaled: it is about people."""
FILL_S = 5.0
"""In which the last of them has had more of the answer than the buffers hold, and is waited for from then on."""
LET_GO_S = 60.0


@dataclass(slots=True)
class Silence:
    """The longest that a tab was shown nothing of an answer that goes on."""

    worst_s: float = 0.0

    async def listen(self, tab: Tab, generation: UUID) -> None:
        while True:
            shown, since = len(tab.of(generation).text), time.monotonic()
            await tab.until(lambda: len(tab.of(generation).text) > shown, timeout_s=LET_GO_S)  # noqa: B023
            self.worst_s = max(self.worst_s, time.monotonic() - since)


async def test_who_does_not_read_is_let_go_and_the_others_get_every_word(
    web: str,
    web_process: Process,
    tab_of: OpenTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    gauges: Gauges,
) -> None:
    endpoint.script(Script(contains="长篇", literals=WORDS, tokens_per_s=100))
    endpoint.script(Script(contains="nonce=wang", tokens_per_s=100))
    people = [li, *await in_database(_more_people)]
    async with AsyncExitStack() as stack:
        his = await stack.enter_async_context(tab_of(wang))
        tabs = [await stack.enter_async_context(tab_of(person)) for person in people]
        theirs = await his.ask("nonce=wang tokens=30000")
        await tabs[0].finished((await tabs[0].ask("长篇")).generation)  # what one such answer takes, it has taken
        before, silence = resident_mb(web_process), Silence()
        slow: list[SlowReader] = []
        async with asyncio.TaskGroup() as meanwhile:
            tasks = [meanwhile.create_task(silence.listen(his, theirs.generation))]
            for tab, person in zip(tabs, people, strict=True):
                session = await in_database(session_of, person)
                accepted = await tab.ask("长篇")
                mine = [await stack.enter_async_context(SlowReader(web, session)) for _ in range(SLOW)]
                for reader in mine:
                    await reader.say(json.dumps({"type": "follow", "generation": str(accepted.generation), "after": 0}))
                tasks += [meanwhile.create_task(reader.sip()) for reader in mine[::2]]
                slow += mine
            began = time.monotonic()

            async def gone() -> bool:
                each = (resident_mb(web_process) - before) / len(slow)
                gauges.saw(f"memory of the process for each of {len(slow)} readers", each, unit="MB", bound=EACH_MB)
                return not await in_database(held, slow)

            await eventually(gone, timeout_s=LET_GO_S)
            patience_s = timing().stuck_s + FILL_S
            gauges.saw("until the last of them is gone", time.monotonic() - began, unit="s", bound=patience_s)
            for task in tasks:
                task.cancel()
        gauges.saw("longest silence in somebody else's answer", silence.worst_s, unit="s", bound=GAP_S)
        await his.say("stop", generation=theirs.generation)
        await settled()
        for tab in (*tabs, his):
            await tab.until(lambda tab=tab: all(seen.finished for seen in tab.seen.values()))  # type: ignore[misc]
            assert tab.gaps == 0
        await judge_everything([*tabs, his])


def _more_people() -> list[User]:
    names = [f"p{number}@example.com" for number in range(1, SIZES.slow_people)]
    return [User.objects.create_user(name, "p-knows-this") for name in names]
