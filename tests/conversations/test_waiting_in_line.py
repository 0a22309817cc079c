"""Under load people see their place in a fair line, and the line moves."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from app.accounts.models import User
from app.demonstration.faults import Refuse, Script
from conversations import turns
from conversations.database import in_database
from conversations.ids import uuid7
from conversations.models import Generation, ModelEndpoint
from conversations.protocol import Send, Started
from conversations.timing import Timing
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import calls_of, judged
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


def people(count: int) -> list[User]:
    return [User.objects.create_user(f"person{n}@example.com", "a-long-password", name=f"人{n}") for n in range(count)]


def left_the_line_at(row: Generation) -> datetime:
    return row.created_at + timedelta(milliseconds=row.queue_ms or 0)


async def test_first_come_first_served_and_every_place_only_shrinks(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="好" * 20, tokens_per_s=100))
    endpoint.next(Script(endless=True, tokens_per_s=50))
    tabs = [tab_of(person) for person in await in_database(people, 6)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    turns = [await tabs[0].ask("你好")]
    await tabs[0].shows(turns[0].generation)
    for tab in tabs[1:]:
        turns.append(await tab.ask("你好"))
        await tab.until(lambda tab=tab: tab.of(turns[-1].generation).positions)  # type: ignore[misc]
    await tabs[0].say("stop", generation=turns[0].generation)
    for tab, turn in zip(tabs, turns, strict=True):
        await tab.finished(turn.generation)
        await judged(turn.generation, [tab])
    begun = sorted(await rows(Generation.objects.all()), key=left_the_line_at)
    assert [row.pk for row in begun] == [turn.generation for turn in turns]
    for tab, turn in zip(tabs, turns, strict=True):
        places = tab.of(turn.generation).positions
        assert all(later < earlier for earlier, later in pairwise(places)), places
    assert tabs[0].of(turns[0].generation).positions == []
    assert tabs[-1].of(turns[-1].generation).positions[0] >= 4
    assert tabs[-1].of(turns[-1].generation).positions[-1] == 1
    assert endpoint.counters().peak_active == 1
    await asyncio.gather(*(tab.close() for tab in tabs))


async def test_many_who_ask_at_once_are_all_answered_and_the_limit_holds(
    catalog: ModelEndpoint, tab_of: OpenTab, endpoint: DemonstrationEndpoint
) -> None:
    await in_database(lambda: ModelEndpoint.objects.update(max_concurrency=3))
    endpoint.script(Script(text="好" * 10, tokens_per_s=100))
    tabs = [tab_of(person) for person in await in_database(people, 12)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    turns = await asyncio.gather(*(tab.ask("你好") for tab in tabs))
    for tab, turn in zip(tabs, turns, strict=True):
        await tab.finished(turn.generation)
        places = tab.of(turn.generation).positions
        assert all(later < earlier for earlier, later in pairwise(places)), places
    assert endpoint.counters().peak_active <= 3
    await asyncio.gather(*(tab.close() for tab in tabs))


async def test_a_second_tab_sees_the_place_too(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(wang) as his, tab_of(li) as hers, tab_of(li) as second:
        first = await his.ask("hello")
        await his.shows(first.generation)
        waiting = await hers.ask("你好")
        await hers.until(lambda: hers.of(waiting.generation).positions)
        await second.say("follow", generation=waiting.generation, after=0)
        await second.until(lambda: second.of(waiting.generation).positions)
        assert second.of(waiting.generation).positions == [1]
        for tab, turn in ((hers, waiting), (his, first)):
            await tab.say("stop", generation=turn.generation)
            await tab.finished(turn.generation)


async def test_a_slot_is_free_again_after_a_stop_and_after_a_failure(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="轮到我了"))
    endpoint.next(Script(refuse=Refuse(status=500)))
    endpoint.next(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as hers, tab_of(wang) as his:
        stopped = await hers.ask("说个没完")
        await hers.shows(stopped.generation)
        failed = await his.ask("hello")
        await his.until(lambda: his.of(failed.generation).positions)
        last = await hers.ask("我再问一个")
        await hers.say("stop", generation=stopped.generation)
        await his.finished(failed.generation)
        seen = await hers.finished(last.generation)
        states = [(await judged(turn.generation)).state for turn in (stopped, failed, last)]
    assert states == ["stopped", "failed", "completed"]
    assert seen.text == "轮到我了"


async def test_who_gives_up_leaves_the_line(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    tabs = [tab_of(person) for person in await in_database(people, 3)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    turns = [await tabs[0].ask("你好")]
    await tabs[0].shows(turns[0].generation)
    for tab in tabs[1:]:
        turns.append(await tab.ask("你好"))
        await tab.until(lambda tab=tab: tab.of(turns[-1].generation).positions)  # type: ignore[misc]
    last = tabs[2].of(turns[2].generation)
    await tabs[2].until(lambda: last.positions == [2])
    await tabs[1].say("stop", generation=turns[1].generation)
    await tabs[2].until(lambda: last.positions == [2, 1])
    for tab, turn in ((tabs[2], turns[2]), (tabs[0], turns[0])):
        await tab.say("stop", generation=turn.generation)
        await tab.finished(turn.generation)
    await asyncio.gather(*(tab.close() for tab in tabs))


async def test_who_waited_past_the_deadline_is_told_so_and_nobody_is_asked(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(wang) as his, tab_of(li) as hers:
        first = await his.ask("hello")
        await his.shows(first.generation)

        def accepted_long_ago() -> turns.AcceptedTurn:
            """By a process that is gone: the wait is counted from the acceptance, whoever takes it over."""
            request = Send(id=uuid7(), conversation=uuid7(), parent=None, text="还在等")
            then = timezone.now() - timedelta(seconds=Timing().queue_deadline_s)
            return turns.accept(li, request, now=then, process="gone")

        generation = (await in_database(accepted_long_ago)).frame.generation
        await hers.say("follow", generation=generation, after=0)
        await hers.finished(generation)
        row = await judged(generation, [hers])
        await his.say("stop", generation=first.generation)
        await his.finished(first.generation)
    assert (row.state, row.reason, row.attempts) == ("expired", "deadline", 0)
    assert await calls_of(generation) == []
    assert len(endpoint.log()) == 1


async def test_a_place_comes_before_the_model_and_never_after(
    one_at_a_time: ModelEndpoint, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(contains="hello", endless=True, tokens_per_s=50))
    async with tab_of(wang) as his, tab_of(li) as hers:
        running = await his.ask("hello")
        await his.shows(running.generation)
        waiting = await hers.ask("你好")
        await hers.until(lambda: hers.of(waiting.generation).positions)
        await his.say("stop", generation=running.generation)
        await hers.finished(waiting.generation)
        kinds = [type(frame).__name__ for frame in hers.frames if getattr(frame, "generation", 0) == waiting.generation]
        start = next(i for i, frame in enumerate(hers.frames) if isinstance(frame, Started))
    assert kinds.index("Queued") < kinds.index("Started")
    assert "Queued" not in [type(frame).__name__ for frame in hers.frames[start:]]
