"""F1, F4, F17: the process that writes an answer is killed or frozen. Ten seconds later another one answers for it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import cast
from uuid import UUID

import pytest
from django.utils import timezone
from redis import Redis

from app.accounts.models import User
from app.demonstration.faults import Script, Stall
from conversations.database import in_database
from conversations.delta_log import key_of
from conversations.inference.types import PrefixStyle
from conversations.models import Generation
from conversations.protocol import Finished as FinishedFrame
from conversations.protocol import decode_log
from conversations.timing import Timing
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges, Settling
from tests.faults.judge import calls_of, judged
from tests.faults.scenes import abandoned, hung_up_on, pinged, resumed, under_way
from tests.faults.sizes import SIZES
from tests.processes import Process
from tests.tab import Tab, eventually

pytestmark = [pytest.mark.slow, pytest.mark.fault("F1", bound_s=10)]

OpenTab = Callable[[User], Tab]


async def test_words_that_were_shown_stay_when_their_process_is_killed(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    chance: Random,
) -> None:
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "说个没完", shown=chance.randrange(1, 100))
        doomed.kill()
        shown = tab.of(generation).text
        with settling.measured():
            await resumed(tab, elsewhere.origin, generation)
            await tab.finished(generation)
            await elsewhere.finished(generation)
        row = await judged(generation, [tab, elsewhere])
        await tab.close()
    assert (row.state, row.reason, row.epoch) == ("interrupted", "lease_lost", 2)
    assert row.text.startswith(shown)
    assert ("一二三四五六七八九十" * 1000).startswith(row.text)
    assert await calls_of(generation) == [(1, 1, "lease_lost", "estimated")]
    assert (row.token_source, row.attempts) == ("estimated", 0)


async def test_an_answer_that_had_not_begun_is_asked_for_again(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
) -> None:
    endpoint.script(Script(text="终于来了"))
    endpoint.next(Script(first_token_s=60))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "你好")
        doomed.kill()
        with settling.measured():
            await elsewhere.finished(generation)
        row = await judged(generation, [elsewhere])
        await tab.close()
    assert (row.state, row.text, row.takeovers) == ("completed", "终于来了", 1)
    assert await calls_of(generation) == [(1, 1, "lease_lost", "none"), (2, 1, "", "reported")]


async def test_thoughts_of_a_lost_process_are_taken_back_when_it_is_asked_again(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
) -> None:
    endpoint.script(Script(thinking="重新想。", text="答案"))
    endpoint.next(Script(thinking="先想一想再说话", text="没有说出来", stall=Stall(tokens=3)))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "你好", thinking=True)
        await elsewhere.until(lambda: elsewhere.of(generation).thinking)
        doomed.kill()
        with settling.measured():
            await elsewhere.finished(generation)
        row = await judged(generation, [elsewhere])
        await tab.close()
    assert (row.text, row.thinking) == ("答案", "重新想。")


@pytest.mark.fault("F17", bound_s=10)
async def test_a_stop_is_kept_when_its_process_is_killed(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    gauges: Gauges,
) -> None:
    endpoint.script(Script(first_token_s=60))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "你好")
        doomed.freeze()
        await elsewhere.say("stop", generation=generation)
        await eventually(lambda: _stop_requested(generation))
        async with hung_up_on(endpoint, gauges):
            doomed.kill()
        with settling.measured():
            await elsewhere.finished(generation)
        row = await judged(generation, [elsewhere])
        await tab.close()
    assert (row.state, row.reason) == ("stopped", "user_stop")
    assert len(endpoint.log()) == 1


@pytest.mark.fault("F17", bound_s=10)
@pytest.mark.parametrize("prefixes", [PrefixStyle.CONTINUE_FINAL_MESSAGE], indirect=True)
async def test_a_stop_of_a_dead_process_asks_nobody_to_go_on(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
    gauges: Gauges,
) -> None:
    """Pressed before anybody has taken over; who does could go on from the words that are there."""
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "说个没完", shown=30)
        async with hung_up_on(endpoint, gauges):
            doomed.kill()
            await elsewhere.say("stop", generation=generation)
        with settling.measured():
            await elsewhere.finished(generation)
        row = await judged(generation, [elsewhere])
        await tab.close()
    assert (row.state, row.reason, row.epoch) == ("stopped", "user_stop", 2)
    assert row.text.startswith(tab.of(generation).text)
    assert len(endpoint.log()) == 1


async def _stop_requested(generation: UUID) -> bool:
    return bool(await rows(Generation.objects.filter(pk=generation).exclude(stop_requested_at=None)))


@pytest.mark.fault("F4", bound_s=10)
async def test_a_frozen_owner_that_wakes_up_writes_nothing(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    redis: "Redis",
    settling: Settling,
    chance: Random,
) -> None:
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=100))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        generation = await under_way(tab, elsewhere, "说个没完", shown=chance.randrange(1, 100))
        doomed.freeze()
        with settling.measured():
            await elsewhere.finished(generation)
        before = await judged(generation, [elsewhere])
        await pinged(elsewhere, for_s=SIZES.frozen_s)
        doomed.thaw()
        await endpoint.until(lambda log: [entry for entry in log if entry.closed_early])
        # The old owner has given up, since it closed its connection. What it still had to say went nowhere.
        after = await judged(generation, [elsewhere])
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(key_of(generation)))
        log = [decode_log(fields[b"f"]) for _, fields in entries]
        already = len(elsewhere.frames)
        await elsewhere.say("ping")
        await elsewhere.until(lambda: elsewhere.frames[already:])
        assert [type(frame).__name__ for frame in elsewhere.frames[already:]] == ["Pong"]
        await tab.close()
    assert (after.text, after.seq, after.epoch, after.state) == (before.text, before.seq, 2, "interrupted")
    assert isinstance(log[-1], FinishedFrame)
    assert await calls_of(generation) == [(1, 1, "lease_lost", "estimated")]


@pytest.mark.fault("F4", bound_s=10)
async def test_a_tab_of_the_frozen_owner_ends_with_the_same_text(
    doomed: Process,
    doomed_tab_of: OpenTab,
    tab_of: OpenTab,
    li: User,
    endpoint: DemonstrationEndpoint,
    settling: Settling,
) -> None:
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=100))
    async with tab_of(li) as elsewhere, doomed_tab_of(li) as tab:
        accepted = await tab.ask("说个没完")
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        await tab.shows(accepted.generation, 20)
        await elsewhere.shows(accepted.generation, 20)
        doomed.freeze()
        with settling.measured():
            await elsewhere.finished(accepted.generation)
        doomed.thaw()
        await tab.finished(accepted.generation)
        await judged(accepted.generation, [tab, elsewhere])


async def test_nobody_takes_over_a_third_time(tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint) -> None:
    generation = await abandoned(li, takeovers=2)
    async with tab_of(li) as tab:
        await tab.say("follow", generation=generation, after=0)
        await tab.finished(generation)
        row = await judged(generation, [tab])
    assert (row.state, row.reason) == ("failed", "lease_lost")
    assert endpoint.log() == []


async def test_a_turn_that_was_committed_but_never_begun_is_answered(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Its process died between the commit and ``accepted``; its lease has yet to run out."""
    generation = await abandoned(li, leased_s=2)
    async with tab_of(li) as tab:
        await tab.say("follow", generation=generation, after=0)
        await tab.finished(generation)
        row = await judged(generation, [tab])
    assert (row.state, row.takeovers) == ("completed", 1)


async def test_a_turn_whose_living_owner_knows_nothing_of_it_is_answered(tab_of: OpenTab, li: User) -> None:
    """Its commit came after the time-out of whoever waited for it, so that no task runs it."""
    async with tab_of(li) as tab:
        first = await tab.ask("你好")
        await tab.finished(first.generation)
        (row,) = await rows(Generation.objects.filter(pk=first.generation))
        generation = await abandoned(li, owner=row.lease_owner, leased_s=3)
        await tab.say("follow", generation=generation, after=0)
        await tab.finished(generation)
        row = await judged(generation, [tab])
    assert row.state == "completed"


async def test_time_that_an_answer_ran_is_no_time_in_the_queue(tab_of: OpenTab, li: User) -> None:
    """It waited for 40 ms, ran past the queue's deadline with nothing to show, and lost its process."""
    generation = await abandoned(li, leased_s=3600)
    now = timezone.now()
    long_ago = now - timedelta(seconds=Timing().queue_deadline_s)
    await in_database(
        lambda: Generation.objects.filter(pk=generation).update(
            state="streaming", queue_ms=40, created_at=long_ago, lease_until=now
        )
    )
    async with tab_of(li) as tab:
        await tab.say("follow", generation=generation, after=0)
        await tab.finished(generation)
        row = await judged(generation, [tab])
    assert (row.state, row.queue_ms) == ("completed", 40)
