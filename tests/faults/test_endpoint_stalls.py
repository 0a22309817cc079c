"""F10: an endpoint that goes on without saying anything, in every way there is. Each answer ends in its time."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from app.accounts.models import User
from app.demonstration.faults import Filler, Moment, Script, Stall
from conversations.database import in_database
from conversations.models import ModelEndpoint
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything, judged
from tests.faults.scenes import LONG_S
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F10", bound_s=32)]

OpenTab = Callable[[User], Tab]

FAILED, INTERRUPTED = ("failed", "first_token_timeout"), ("interrupted", "stall")
STALLS: dict[str, tuple[Stall, tuple[str, str]]] = {
    "noheaders": (Stall(at=Moment.BEFORE_HEADERS), FAILED),
    "headersonly": (Stall(at=Moment.AFTER_HEADERS), FAILED),
    "comments": (Stall(at=Moment.AFTER_HEADERS, filler=Filler.COMMENTS, interval_s=0.05), FAILED),
    "bytes": (Stall(at=Moment.AFTER_HEADERS, filler=Filler.BYTES, interval_s=0.05), FAILED),
    "silence": (Stall(tokens=5), INTERRUPTED),
    "latecomments": (Stall(tokens=5, filler=Filler.COMMENTS, interval_s=0.05), INTERRUPTED),
    "latebytes": (Stall(tokens=5, filler=Filler.BYTES, interval_s=0.05), INTERRUPTED),
}


async def test_every_stall_is_given_up_and_what_was_said_before_it_stays(
    tab_of: OpenTab, catalog: ModelEndpoint, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """All at once: each waits for its own time."""
    catalog.max_concurrency = len(STALLS)
    await in_database(catalog.save)
    people = await in_database(
        lambda: [User.objects.create_user(f"{name}@example.com", "p-knows-this") for name in STALLS]
    )
    for name, (stall, _) in STALLS.items():
        endpoint.script(Script(contains=f"nonce={name}", stall=stall))
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(tab_of(person)) for person in people]
        with settling.measured():
            turns = await asyncio.gather(
                *(tab.ask(f"nonce={name} tokens=20") for tab, name in zip(tabs, STALLS, strict=True))
            )
            for tab, turn in zip(tabs, turns, strict=True):
                await tab.finished(turn.generation, timeout_s=LONG_S)
        for tab, turn, (name, (stall, ending)) in zip(tabs, turns, STALLS.items(), strict=True):
            row = await judged(turn.generation, [tab])
            assert (row.state, row.reason) == ending, name
            assert len(row.text.split()) == stall.tokens
        await judge_everything(tabs, endpoint=endpoint)
