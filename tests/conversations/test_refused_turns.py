"""What a person may ask for, and how they are told no: over the real socket, each refusal with its request's id."""

import asyncio
from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Refuse, Script
from conversations.database import in_database
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message, Model, ModelEndpoint, Route, Scenario, State
from conversations.protocol import Accepted, Error
from conversations.timing import MAX_TEXT
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judge_everything
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


async def change(query: "Callable[[], object]") -> None:
    await in_database(query)


async def test_a_message_of_32_000_han_characters_is_accepted(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("长" * MAX_TEXT)
        await tab.finished(accepted.generation)
    stored = await rows(Message.objects.filter(pk=accepted.message))
    assert stored[0].text == "长" * MAX_TEXT


async def test_one_character_more_is_refused_with_both_numbers(tab_of: OpenTab, li: User) -> None:
    request = uuid7()
    async with tab_of(li) as tab:
        error = await tab.refused("send", id=request, conversation=uuid7(), text="长" * (MAX_TEXT + 1))
    assert (error.code, error.id, error.params) == ("too_long", request, {"length": 32_001, "limit": 32_000})
    assert await rows(Conversation.objects.all()) == []


async def test_the_same_id_with_another_text_is_a_conflict(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        error = await tab.refused("send", id=accepted.id, conversation=accepted.conversation, text="再见")
    assert (error.code, error.id) == ("conflict", accepted.id)
    assert len(await rows(Message.objects.all())) == 2


async def test_the_same_id_for_another_kind_of_request_is_a_conflict(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        error = await tab.refused("regenerate", id=accepted.id, message=accepted.message)
    assert error.code == "conflict"


async def test_two_people_may_choose_the_same_id(tab_of: OpenTab, li: User, wang: User) -> None:
    request = uuid7()
    async with tab_of(li) as hers, tab_of(wang) as his:
        first, second = await hers.ask("你好", id=request), await his.ask("hello", id=request)
        await hers.finished(first.generation)
        await his.finished(second.generation)
    assert first.generation != second.generation


async def test_the_same_send_ten_times_over_five_sockets_is_one_turn(tab_of: OpenTab, li: User) -> None:
    request = {"id": uuid7(), "conversation": uuid7(), "text": "只问一次"}
    tabs = [tab_of(li) for _ in range(5)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    await asyncio.gather(*(tab.say("send", **request) for tab in tabs * 2))
    answers: set[Accepted] = set()
    for tab in tabs:
        await tab.until(lambda tab=tab: len([f for f in tab.frames if isinstance(f, Accepted)]) == 2)  # type: ignore[misc]
        answers |= {frame for frame in tab.frames if isinstance(frame, Accepted)}
        assert not [frame for frame in tab.frames if isinstance(frame, Error)]
    (accepted,) = answers
    shown = {(await tab.finished(accepted.generation)).text for tab in tabs}
    await asyncio.gather(*(tab.close() for tab in tabs))
    assert len(shown) == 1
    assert len(await rows(Generation.objects.all())) == 1
    assert [message.text for message in await rows(Message.objects.filter(role="user"))] == ["只问一次"]


async def test_another_question_waits_until_this_one_is_answered(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation)
        refusals = [
            await tab.refused("send", id=uuid7(), conversation=accepted.conversation, parent=accepted.answer, text="?"),
            await tab.refused("send", id=uuid7(), conversation=accepted.conversation, text="改一改"),
            await tab.refused("regenerate", id=uuid7(), message=accepted.message),
            await tab.refused("continue", id=uuid7(), generation=accepted.generation),
        ]
        await tab.say("stop", generation=accepted.generation)
        await tab.finished(accepted.generation)
    assert [error.code for error in refusals] == ["busy"] * 4
    assert len(await rows(Message.objects.all())) == 2


async def test_several_conversations_of_one_person_run_at_once(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as tab:
        turns = [await tab.ask(text) for text in ("一", "二", "三")]
        for turn in turns:
            await tab.shows(turn.generation)
        for turn in turns:
            await tab.say("stop", generation=turn.generation)
        states = [(await tab.finished(turn.generation)).finished for turn in turns]
    assert [frame.state for frame in states if frame] == ["stopped"] * 3


@pytest.mark.fault("F18")
async def test_two_tabs_that_send_edit_and_regenerate_at_once_start_one_answer(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    async with tab_of(li) as one, tab_of(li) as two:
        first = await one.ask("你好")
        await one.finished(first.generation)
        endpoint.script(Script(endless=True, tokens_per_s=50))
        ids = [uuid7() for _ in range(6)]
        here = {"conversation": first.conversation}
        await asyncio.gather(
            one.say("send", id=ids[0], parent=first.answer, text="接着", **here),
            two.say("send", id=ids[1], text="改一改", **here),
            one.say("regenerate", id=ids[2], message=first.message),
            two.say("regenerate", id=ids[3], message=first.message),
            one.say("send", id=ids[4], parent=first.answer, text="别的", **here),
            two.say("send", id=ids[5], parent=first.answer, text="接着", **here),
        )
        answers = [await tab.answered(request) for request, tab in zip(ids, [one, two] * 3, strict=True)]
        (accepted,) = [answer for answer in answers if isinstance(answer, Accepted)]
        assert {answer.code for answer in answers if isinstance(answer, Error)} == {"busy"}
        await one.say("stop", generation=accepted.generation)
        await one.say("follow", generation=accepted.generation, after=0)
        await one.finished(accepted.generation)
        await judge_everything([one, two], endpoint=endpoint)


async def test_a_complete_answer_has_nothing_to_continue(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        error = await tab.refused("continue", id=uuid7(), generation=accepted.generation)
    assert (error.code, error.params) == ("invalid", {"field": "generation"})


async def test_only_the_last_part_of_an_answer_is_continued(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="一部分", finish_reason="length"))
    async with tab_of(li) as tab:
        first = await tab.ask("说")
        await tab.finished(first.generation)
        second = await tab.accepted("continue", generation=first.generation)
        await tab.finished(second.generation)
        error = await tab.refused("continue", id=uuid7(), generation=first.generation)
    assert error.params == {"field": "generation"}


@pytest.mark.parametrize("reason", ["content_filter", "unavailable", "refused"])
async def test_what_no_endpoint_would_go_on_with_is_not_continued(tab_of: OpenTab, li: User, reason: str) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        await change(lambda: Generation.objects.update(state=State.INTERRUPTED, reason=reason))
        error = await tab.refused("continue", id=uuid7(), generation=accepted.generation)
    assert (error.code, error.params) == ("invalid", {"field": "generation"})


async def test_an_answer_that_showed_nothing_is_asked_again_not_continued(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(refuse=Refuse(status=400)))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        error = await tab.refused("continue", id=uuid7(), generation=accepted.generation)
        endpoint.reset()
        again = await tab.accepted("regenerate", message=accepted.message)
        seen = await tab.finished(again.generation)
    assert error.code == "invalid"
    assert seen.finished is not None
    assert seen.finished.state == "completed"


@pytest.mark.parametrize("field", ["scenario", "model"])
async def test_what_is_not_in_the_catalog_is_invalid(tab_of: OpenTab, li: User, field: str) -> None:
    async with tab_of(li) as tab:
        error = await tab.refused("send", id=uuid7(), conversation=uuid7(), text="你好", **{field: "no-such"})
    assert (error.code, error.params) == ("invalid", {"field": field})
    assert await rows(Conversation.objects.all()) == []


@pytest.mark.parametrize("what", [Scenario, Model])
async def test_what_is_no_longer_offered_is_invalid(
    tab_of: OpenTab, li: User, what: "type[Scenario] | type[Model]"
) -> None:
    field, slug = ("scenario", "chat") if what is Scenario else ("model", "demonstration")
    await change(lambda: what.objects.filter(slug=slug).update(is_active=False))
    async with tab_of(li) as tab:
        error = await tab.refused("send", id=uuid7(), conversation=uuid7(), text="你好", **{field: slug})
    assert (error.code, error.params) == ("invalid", {"field": field})


async def test_a_paused_scenario_takes_no_new_turn(tab_of: OpenTab, li: User) -> None:
    await change(lambda: Scenario.objects.filter(slug="chat").update(is_paused=True))
    async with tab_of(li) as tab:
        error = await tab.refused("send", id=uuid7(), conversation=uuid7(), text="你好", scenario="chat")
        other = await tab.ask("你好")
        await tab.finished(other.generation)
    assert (error.code, error.params) == ("paused", {"scenario": "chat"})
    assert len(await rows(Conversation.objects.all())) == 1


async def test_without_any_route_nothing_is_accepted(tab_of: OpenTab, li: User) -> None:
    await change(lambda: Route.objects.all().delete())
    async with tab_of(li) as tab:
        error = await tab.refused("send", id=uuid7(), conversation=uuid7(), text="你好")
    assert error.code == "unavailable"
    assert await rows(Conversation.objects.all()) == []


async def test_with_every_endpoint_out_of_use_the_answer_fails_and_the_question_stays(
    tab_of: OpenTab, li: User
) -> None:
    await change(lambda: ModelEndpoint.objects.all().update(is_active=False))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        seen = await tab.finished(accepted.generation)
    assert seen.finished is not None
    assert (seen.finished.state, seen.finished.reason) == ("failed", "unavailable")
    assert [m.text for m in await rows(Message.objects.filter(role="user"))] == ["你好"]


async def test_an_endpoint_that_is_down_is_named_to_the_administrator_only(
    tab_of: OpenTab, li: User, catalog: ModelEndpoint
) -> None:
    await change(lambda: ModelEndpoint.objects.update(base_url="http://127.0.0.1:9/v1"))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        seen = await tab.finished(accepted.generation)
        assert "127.0.0.1:9" not in repr(tab.frames)
    assert seen.finished is not None
    assert (seen.finished.state, seen.finished.reason) == ("failed", "unavailable")
    (row,) = await rows(ModelEndpoint.objects.all())
    assert row.last_failure.startswith("connect: ")
    assert row.last_failure_at is not None
    (generation,) = await rows(Generation.objects.all())
    assert (generation.state, generation.attempts, generation.text) == (State.FAILED, 1, "")
