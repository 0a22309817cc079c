"""F20: pages that stop reading cost a bounded amount, are let go after a while, and hold nobody else up."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conftest import session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judged
from tests.faults.slow_reader import SlowReader
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.serial, pytest.mark.fault("F20", bound_s=20)]

OpenTab = Callable[[User], Tab]

SLOW = 8
"""As many tabs as one person may have, but for the one that reads."""
WORDS = (json.dumps("long " * 1200),) * 800
"""Together nearly 5 MB: an answer that fills every buffer between the server and a page, the kernel's included."""
LET_GO_S = 45.0
"""Patience for twice twenty seconds, scaled: until a reader is told to go, and until it is gone all the same."""


async def test_who_does_not_read_is_let_go_and_the_others_get_every_word(
    web: str, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(contains="长篇", literals=WORDS, tokens_per_s=100))
    endpoint.script(Script(contains="nonce=wang", tokens_per_s=100))
    session = await in_database(session_of, li)
    async with AsyncExitStack() as stack:
        reads = await stack.enter_async_context(tab_of(li))
        his = await stack.enter_async_context(tab_of(wang))
        slow = [await stack.enter_async_context(SlowReader(web, session)) for _ in range(SLOW)]
        theirs = await his.ask("nonce=wang tokens=30000")
        accepted = await reads.ask("长篇")
        for reader in slow:
            await reader.say(json.dumps({"type": "follow", "generation": str(accepted.generation), "after": 0}))

        async def gone() -> bool:
            return not any([await in_database(reader.is_held) for reader in slow])

        await eventually(gone, timeout_s=LET_GO_S)
        await his.shows(theirs.generation, len(his.of(theirs.generation).text) + 100)
        await his.say("stop", generation=theirs.generation)
        for tab, turn in ((reads, accepted), (his, theirs)):
            await tab.finished(turn.generation)
            await judged(turn.generation, [tab])
            assert tab.gaps == 0
