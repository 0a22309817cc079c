"""Stop, in every state: honest, at once, and without effect on what is over."""

import time
from collections.abc import Callable
from random import Random

import pytest
from django.utils import timezone

from app.accounts.models import User
from app.demonstration.faults import Moment, Script, Stall
from conversations.database import in_database
from conversations.history import delete
from conversations.models import Conversation, ModelEndpoint
from conversations.protocol import Changed, Error, Finished, Pong
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Gauges
from tests.faults.judge import calls_of, judged
from tests.faults.scenes import FROM_STOP, HUNG_UP_S, hung_up_on
from tests.tab import Tab

pytestmark = pytest.mark.fault("F17")

OpenTab = Callable[[User], Tab]


async def settled(tab: Tab) -> None:
    """Everything this socket had to say by now was said."""
    already = len(tab.frames)
    await tab.say("ping")
    await tab.until(lambda: [frame for frame in tab.frames[already:] if isinstance(frame, Pong)])


async def test_in_the_queue_nobody_is_asked(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(wang) as his, tab_of(li) as hers:
        first = await his.ask("hello")
        await his.shows(first.generation)
        second = await hers.ask("你好")
        await hers.until(lambda: hers.of(second.generation).positions)
        await hers.say("stop", generation=second.generation)
        await hers.finished(second.generation)
        row = await judged(second.generation, [hers])
        await his.say("stop", generation=first.generation)
        await his.finished(first.generation)
    assert (row.state, row.reason, row.attempts, row.text) == ("stopped", "user_stop", 0, "")
    assert row.token_source == "none"
    assert await calls_of(second.generation) == []
    assert len(endpoint.log()) == 1


@pytest.mark.parametrize(
    "script",
    [Script(stall=Stall(at=Moment.BEFORE_HEADERS)), Script(first_token_s=60)],
    ids=["before the endpoint answers", "before the first word"],
)
async def test_before_anything_is_visible(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges, script: Script
) -> None:
    endpoint.script(script)
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await endpoint.until(lambda log: log)
        async with hung_up_on(endpoint, gauges):
            await tab.say("stop", generation=accepted.generation)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.reason, row.text) == ("stopped", "user_stop", "")
    assert [error for _, _, error, _ in await calls_of(accepted.generation)] == ["cancelled"]


async def test_while_it_thinks(tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges) -> None:
    endpoint.script(Script(endless=True, thinking="想一想" * 20, text="答案", tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", thinking=True)
        await tab.until(lambda: tab.of(accepted.generation).thinking)
        async with hung_up_on(endpoint, gauges):
            await tab.say("stop", generation=accepted.generation)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.text) == ("stopped", "")
    assert row.thinking


async def test_while_it_writes_the_endpoint_hears_of_it_and_no_word_follows(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as tab:
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation, 10)
        async with hung_up_on(endpoint, gauges):
            await tab.say("stop", generation=accepted.generation)
        await tab.finished(accepted.generation)
        await settled(tab)
        row = await judged(accepted.generation, [tab])
    assert row.state == "stopped"
    last = next(i for i, frame in enumerate(tab.frames) if isinstance(frame, Finished))
    assert {type(frame) for frame in tab.frames[last + 1 :]} <= {Changed, Pong}
    assert await calls_of(accepted.generation) == [(1, 1, "cancelled", "estimated")]


async def test_pressed_again_and_again_is_one_stop(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as one, tab_of(li) as two:
        accepted = await one.ask("说个没完")
        await two.say("follow", generation=accepted.generation, after=0)
        await one.shows(accepted.generation, 10)
        await two.shows(accepted.generation, 10)
        async with hung_up_on(endpoint, gauges):
            for tab in (one, two) * 3:
                await tab.say("stop", generation=accepted.generation)
        for tab in (one, two):
            await tab.finished(accepted.generation)
            await settled(tab)
            assert len([frame for frame in tab.frames if isinstance(frame, Finished)]) == 1
            assert not [frame for frame in tab.frames if isinstance(frame, Error)]
        await judged(accepted.generation, [one, two])


async def test_after_the_end_is_of_no_effect(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        await tab.say("stop", generation=accepted.generation)
        await settled(tab)
        assert not [frame for frame in tab.frames if isinstance(frame, Error)]
        row = await judged(accepted.generation, [tab])
    assert (row.state, row.stop_requested_at) == ("completed", None)


async def test_racing_the_end_leaves_one_truth(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, gauges: Gauges, chance: Random
) -> None:
    """Pressed after any of ten words: before, with or after the last one."""
    words = "一二三四五六七八九十"
    endpoint.script(Script(text=words, tokens_per_s=200))
    async with tab_of(li) as tab:
        for _ in range(10):
            accepted = await tab.ask("你好")
            seen = tab.of(accepted.generation)
            wanted = chance.randrange(1, len(words) + 1)
            await tab.shows(accepted.generation, wanted)
            pressed = time.time()
            await tab.say("stop", generation=accepted.generation)
            await tab.finished(accepted.generation)
            row = await judged(accepted.generation, [tab])
            assert (row.state, row.reason) in {("completed", "stop"), ("stopped", "user_stop")}
            assert len(seen.text) >= wanted
            assert row.text == words or (row.state == "stopped" and words.startswith(row.text))
            ended_at = await endpoint.until(lambda log: log[-1].ended_at)
            gauges.saw(FROM_STOP, ended_at - pressed, unit="s", bound=HUNG_UP_S)


async def test_a_stopped_answer_goes_on_when_asked_to(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, text="没完没了", tokens_per_s=100))
    async with tab_of(li) as tab:
        first = await tab.ask("说个没完")
        await tab.shows(first.generation, 10)
        await tab.say("stop", generation=first.generation)
        written = (await tab.finished(first.generation)).text
        endpoint.reset()
        endpoint.script(Script(text="，完了。"))
        second = await tab.accepted("continue", generation=first.generation)
        await tab.finished(second.generation)
        await judged(second.generation, [tab])
    last = endpoint.log()[0].body["messages"][-1]
    assert (last["role"], last["content"], last["partial"]) == ("assistant", written, True)


async def test_deleting_the_conversation_stops_its_answer(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as tab, tab_of(li) as other:
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation, 10)
        (conversation,) = await rows(Conversation.objects.all())
        await in_database(delete, conversation, now=timezone.now())
        await endpoint.until(lambda log: [entry for entry in log if entry.closed_early])
        await tab.finished(accepted.generation)
        await other.until(lambda: [f for f in other.frames if isinstance(f, Changed) and f.deleted])
        row = await judged(accepted.generation, [tab])
    assert row.state == "stopped"


async def test_the_stop_of_one_answer_leaves_the_others_alone(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(tokens_per_s=100))
    endpoint.next(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as tab:
        first = await tab.ask("说个没完")
        await tab.shows(first.generation, 5)
        second = await tab.ask("nonce=LI tokens=40")
        await tab.shows(second.generation, 5)
        await tab.say("stop", generation=first.generation)
        await tab.finished(first.generation)
        await tab.finished(second.generation)
        states = {(await judged(turn.generation, [tab])).state for turn in (first, second)}
    assert states == {"stopped", "completed"}
