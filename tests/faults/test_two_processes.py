"""One answer, two processes: followed, stopped, resumed and handed over from one to the other."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import ModelEndpoint
from conversations.protocol import Changed, Delta, Pong
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.faults.judge import calls_of, judged
from tests.faults.scenes import hung_up_on
from tests.processes import Process
from tests.tab import Tab

pytestmark = [pytest.mark.slow, pytest.mark.fault("F16")]

OpenTab = Callable[[User], Tab]


async def test_an_answer_is_live_on_the_other_process_too(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="一二三四五六七八九十" * 10, tokens_per_s=60))
    async with tab_of(li) as here, doomed_tab_of(li) as there:
        accepted = await here.ask("数数")
        await there.say("follow", generation=accepted.generation, after=0)
        await there.shows(accepted.generation, 10)
        assert there.of(accepted.generation).finished is None
        await there.finished(accepted.generation)
        await here.finished(accepted.generation)
        await judged(accepted.generation, [here, there])
        assert len([frame for frame in there.frames if isinstance(frame, Delta)]) > 5


async def test_the_other_process_hears_that_somebody_speaks_and_that_it_is_over(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, wang: User
) -> None:
    async with tab_of(li) as here, doomed_tab_of(li) as there, doomed_tab_of(wang) as his:
        accepted = await here.ask("你好")
        await here.finished(accepted.generation)
        hints = await there.until(
            lambda: (
                ((found := [f for f in there.frames if isinstance(f, Changed)]) and len(found) >= 2 and found) or None
            )
        )
        assert {hint.conversation for hint in hints} == {accepted.conversation}
        await his.say("ping")
        await his.until(lambda: [frame for frame in his.frames if isinstance(frame, Pong)])
        assert not [frame for frame in his.frames if isinstance(frame, Changed)]


@pytest.mark.fault("F17")
async def test_a_stop_pressed_on_the_other_process_stops_it(
    tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as here, doomed_tab_of(li) as there:
        accepted = await here.ask("说个没完")
        await here.shows(accepted.generation)
        async with hung_up_on(endpoint, gauges):
            await there.say("stop", generation=accepted.generation)
        await here.finished(accepted.generation)
        row = await judged(accepted.generation, [here])
    assert (row.state, row.reason) == ("stopped", "user_stop")


@pytest.mark.fault("F3")
async def test_a_process_that_is_told_to_go_finishes_short_answers_and_says_restart(
    doomed: Process, tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """F3."""
    endpoint.script(Script(text="一二三四五六七八九十" * 3, tokens_per_s=30))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask("数数")
        await tab.shows(accepted.generation)
        doomed.terminate()
        assert await tab.until_closed() == 1012
        await tab.close()
        tab.origin = elsewhere.origin
        await tab.open()
        await tab.say("follow", generation=accepted.generation, after=tab.of(accepted.generation).seq)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
        await tab.close()
    doomed.stop()
    assert (row.state, row.epoch, row.text) == ("completed", 1, "一二三四五六七八九十" * 3)


@pytest.mark.fault("F3")
async def test_a_process_that_is_told_to_go_hands_over_what_is_not_yet_visible(
    doomed: Process, tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="终于来了"))
    endpoint.next(Script(first_token_s=60))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask("你好")
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        await endpoint.until(lambda log: log)
        doomed.terminate()
        assert await tab.until_closed() == 1012
        await tab.close()
        await elsewhere.finished(accepted.generation)
        row = await judged(accepted.generation, [elsewhere])
    doomed.stop()
    assert (row.state, row.text, row.epoch) == ("completed", "终于来了", 2)
    assert await calls_of(accepted.generation) == [(1, 1, "lease_lost", "none"), (2, 1, "", "reported")]


@pytest.mark.fault("F3")
async def test_a_process_that_is_told_to_go_loses_no_word_of_a_long_answer(
    doomed: Process, tab_of: OpenTab, doomed_tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, text="一二三四五六七八九十", tokens_per_s=50))
    async with tab_of(li) as elsewhere:
        tab = doomed_tab_of(li)
        await tab.open()
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation, 10)
        await elsewhere.say("follow", generation=accepted.generation, after=0)
        doomed.terminate()
        await tab.until_closed()
        await tab.close()
        shown = tab.of(accepted.generation).text
        await elsewhere.finished(accepted.generation)
        row = await judged(accepted.generation, [elsewhere])
    doomed.stop()
    assert row.state == "interrupted"
    assert row.text.startswith(shown)
    assert len(await calls_of(accepted.generation)) == 1


async def test_a_place_in_the_line_is_told_on_the_other_process_too(
    tab_of: OpenTab,
    doomed_tab_of: OpenTab,
    li: User,
    wang: User,
    endpoint: DemonstrationEndpoint,
    catalog: ModelEndpoint,
) -> None:
    await in_database(lambda: ModelEndpoint.objects.filter(pk=catalog.pk).update(max_concurrency=1))
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as first, tab_of(wang) as here, doomed_tab_of(wang) as there:
        running = await first.ask("说个没完")
        await first.shows(running.generation)
        waiting = await here.ask("我也想问")
        await there.say("follow", generation=waiting.generation, after=0)
        await there.until(lambda: there.of(waiting.generation).positions)
        assert there.of(waiting.generation).positions == here.of(waiting.generation).positions == [1]
        await here.say("stop", generation=waiting.generation)
        await there.finished(waiting.generation)
        await first.say("stop", generation=running.generation)
        await first.finished(running.generation)
