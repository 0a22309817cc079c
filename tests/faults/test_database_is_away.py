"""F7: the database is paused, restarted, loses its connections or is locked, while answers stream and people send."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from httpx2 import AsyncClient
from pytest_django import DjangoDbBlocker

from app.accounts.models import User
from app.demonstration.faults import Script
from app.launch.postgresql import Server
from conversations.database import THREADS, in_database
from conversations.models import Generation, ModelEndpoint
from conversations.protocol import Error
from conversations.timing import timing
from tests.conftest import database_url, session_of
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults import own_server
from tests.faults.figures import Gauges, Settling
from tests.faults.judge import judge_everything, settled
from tests.faults.proxy import Way
from tests.faults.scenes import LONG_S, Sender, opened, pinged
from tests.faults.sizes import SHORT, SIZES
from tests.faults.stage import (
    APPLICATION,
    Outage,
    Stage,
    black_hole,
    crashed,
    locked,
    paused,
    refused,
    restarted,
    terminated,
)
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault("F7", bound_s=30)]

StagedTab = Callable[[User, int], Tab]
ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
OUTAGES: list[Outage] = [locked] if ON_SQLITE else [paused, black_hole, refused, terminated, restarted, crashed]


LAG_S = 1.0
"""How long an event loop may stand still, however long a database does not answer. Not scaled: it is about people."""


@pytest.fixture(scope="module", autouse=True)
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Server | None]:
    if ON_SQLITE:
        yield None
        return
    with django_db_blocker.unblock(), own_server.serving() as server:
        yield server


@pytest.mark.parametrize("outage", OUTAGES)
async def test_nothing_is_lost_and_nothing_is_falsely_accepted_while_it_is_away(
    outage: Outage,
    stage: Stage,
    staged_tab_of: StagedTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    gauges: Gauges,
) -> None:
    """Longer than a lease. One answer ends meanwhile, one goes on; two people send. Every loop answers all the time."""
    away_s = SIZES.database_s if outage in (paused, locked) else SHORT.database_s
    endpoint.script(Script(tokens_per_s=40))
    async with AsyncExitStack() as closing:
        tabs = [await opened(staged_tab_of(person, number)) for person in (li, wang) for number in (0, 1)]
        idle = [await opened(staged_tab_of(li, number)) for number in (0, 1)]
        for tab in (*tabs, *idle):
            closing.push_async_callback(tab.close)
        lengths = [60, round(40 * (away_s + 3))] * 2
        running = [
            (tab, (await Sender(tab, f"nonce=n{number} tokens={lengths[number]}").until_accepted()).generation)
            for number, tab in enumerate(tabs)
        ]
        for tab, generation in running:
            await tab.shows(generation)
        senders = [Sender(tab, f"nonce=s{number} tokens=20") for number, tab in enumerate(tabs)]
        with outage(stage):
            for sender in senders:
                await sender.say()
            lags = await asyncio.gather(*(pinged(tab, for_s=away_s) for tab in idle))
        gauges.saw("longest wait for a pong meanwhile", max(lags), unit="s", bound=LAG_S)
        with settling.measured():
            sent = [await sender.until_accepted() for sender in senders]
            for tab, generation in running + [(t, a.generation) for t, a in zip(tabs, sent, strict=True)]:
                await tab.finished(generation, timeout_s=LONG_S)
            await settled(timeout_s=LONG_S)
        await judge_everything([*tabs, *idle], endpoint=endpoint)
        ended = await rows(Generation.objects.all())
    assert len(ended) == len(running) + len(senders)
    assert {row.request_id for row in ended} >= {sender.id for sender in senders}
    assert {(row.state, row.reason) for row in ended} == {("completed", "stop")}


async def test_an_owner_renews_before_anybody_may_claim(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Away for longer than a lease, with both processes cut off: every lease has run out, and nobody is gone."""
    endpoint.script(Script(endless=True, tokens_per_s=40))
    tabs = [await opened(staged_tab_of(li, number)) for number in (0, 1)]
    asked = [(tab, (await Sender(tab, "说个没完").until_accepted()).generation) for tab in tabs]
    for tab, generation in asked:
        await tab.shows(generation)
    with OUTAGES[0](stage):
        await asyncio.sleep(1.3 * timing().lease_s)
    for tab, generation in asked:
        await tab.shows(generation, len(tab.of(generation).text) + 1)
        await tab.say("stop", generation=generation)
        await tab.finished(generation, timeout_s=LONG_S)
    await judge_everything(tabs)
    for tab in tabs:
        await tab.close()
    ended = await rows(Generation.objects.all())
    assert [(row.state, row.epoch, row.takeovers) for row in ended] == [("stopped", 1, 0)] * 2


async def test_words_that_no_store_knows_are_shown_for_no_longer_than_a_lease(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """Redis is away, too: for all that the owner knows, another process goes on with its answer, without these words.
    Nor are they told to who begins to read. When the stores are there again they come, since nobody else did.
    """
    endpoint.script(Script(endless=True, tokens_per_s=40))
    async with AsyncExitStack() as closing:
        tabs = [await opened(staged_tab_of(li, 0)) for _ in range(2)]
        for tab in tabs:
            closing.push_async_callback(tab.close)
        tab, late = tabs
        generation = (await Sender(tab, "说个没完").until_accepted()).generation
        await tab.shows(generation)
        stage.redis.turn(Way.HOLD)
        await tab.shows(generation, len(tab.of(generation).text) + 1)
        with OUTAGES[0](stage):
            await pinged(tab, for_s=timing().lease_s)
            await _stands_still(tab, generation, endpoint)
            shown = tab.of(generation).text
            await late.say("follow", generation=generation, after=0)
            await _stands_still(tab, generation, endpoint)
            assert (tab.of(generation).text, late.of(generation).text) == (shown, "")
        stage.redis.turn(Way.PASS)
        with settling.measured():
            for each in tabs:
                await each.shows(generation, len(shown) + 1)
            await _stopped(tab, generation)
            await settled(timeout_s=LONG_S)
        assert tab.of(generation).text.startswith(shown)
        await judge_everything(tabs)


async def _stands_still(tab: Tab, generation: UUID, endpoint: DemonstrationEndpoint) -> None:
    """Until the endpoint has sent a second's worth of words of which the tab is shown none."""
    (entry,) = endpoint.log()
    async with asyncio.timeout(LONG_S):
        while True:
            shown, sent = tab.of(generation).seq, entry.tokens_sent
            (entry,) = await endpoint.until(lambda log: log if log[0].tokens_sent >= sent + 40 else [])  # noqa: B023
            await pinged(tab, for_s=0)  # all that was on its way is here
            if tab.of(generation).seq == shown:
                return


async def test_who_waits_gets_no_place_that_is_taken_while_nobody_can_renew_in_the_database(
    stage: Stage,
    staged_tab_of: StagedTab,
    li: User,
    wang: User,
    catalog: ModelEndpoint,
    endpoint: DemonstrationEndpoint,
) -> None:
    """A slot is Redis's, and Redis is there: it stays taken for as long as its answer is written."""
    catalog.max_concurrency = 1
    await in_database(lambda: catalog.save(update_fields=["max_concurrency"]))
    endpoint.script(Script(contains="nonce=li", tokens_per_s=40))
    hers, his = await opened(staged_tab_of(li, 0)), await opened(staged_tab_of(wang, 1))
    running = (await Sender(hers, "nonce=li tokens=3000").until_accepted()).generation
    await hers.shows(running)
    waiting = (await Sender(his, "nonce=wang tokens=5").until_accepted()).generation
    await his.until(lambda: his.of(waiting).positions)
    with OUTAGES[0](stage):
        await asyncio.sleep(1.3 * timing().slot_lease_s)
    await _stopped(hers, running)
    await his.finished(waiting, timeout_s=LONG_S)
    await judge_everything([hers, his], endpoint=endpoint, at_once=1)
    for tab in (hers, his):
        await tab.close()


@pytest.mark.on_postgresql  # SQLite's locks are of processes that are there
async def test_what_was_under_way_when_its_host_was_gone_holds_up_nobody_at_its_return(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """The server knows nothing of the hole: a renewal whose reply was lost keeps the row locked, until it is ended."""
    endpoint.script(Script(endless=True, tokens_per_s=40))
    async with AsyncExitStack() as closing:
        tab = await opened(staged_tab_of(li, 0))
        closing.push_async_callback(tab.close)
        generation = (await Sender(tab, "说个没完").until_accepted()).generation
        await tab.shows(generation)
        async with await psycopg.AsyncConnection.connect(database_url()) as apart:
            await apart.execute("SELECT FROM conversations_generation WHERE id = %s FOR UPDATE", [generation])
            await eventually(lambda: _one_is("wait_event_type = 'Lock'"))
            with black_hole(stage):
                await apart.rollback()
                await eventually(lambda: _one_is("state = 'idle in transaction'"))
        with settling.measured():
            await _stopped(tab, generation)
            await settled(timeout_s=LONG_S)
        await judge_everything([tab])


@pytest.mark.on_postgresql  # SQLite has no pool of connections
async def test_a_host_that_is_gone_for_longer_than_a_call_may_take_keeps_no_thread(
    stage: Stage, staged_tab_of: StagedTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """What was broken off begins again on a connection from the pool, which the hole has swallowed as well."""
    cookies = {"sessionid": await in_database(session_of, li)}
    async with AsyncClient(base_url=stage.origins[0], cookies=cookies, timeout=LONG_S) as pages:
        tab = await opened(staged_tab_of(li, 0))
        await asyncio.gather(*(pages.get("/api/me/") for _ in range(4 * THREADS)))
        with black_hole(stage):
            await asyncio.sleep(2.6 * timing().database_s)
        with settling.measured():
            asked = await Sender(tab, "nonce=n1 tokens=20").until_accepted()
            await tab.finished(asked.generation, timeout_s=LONG_S)
        await judge_everything([tab], endpoint=endpoint)
        await tab.close()


async def _stopped(tab: Tab, generation: UUID) -> None:
    """Pressed again whenever it is refused."""
    while tab.of(generation).finished is None:
        already = len(tab.frames)
        await tab.say("stop", generation=generation)
        await tab.until(
            lambda: tab.of(generation).finished or any(isinstance(f, Error) for f in tab.frames[already:]),  # noqa: B023
            timeout_s=LONG_S,
        )


async def _one_is(state: str) -> bool:
    """Of the connections of the processes on stage."""
    async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as apart:
        query = f"SELECT FROM pg_stat_activity WHERE application_name = %s AND {state}"
        return (await apart.execute(query, [APPLICATION])).rowcount > 0
