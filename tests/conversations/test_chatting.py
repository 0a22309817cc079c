"""A person asks, an assistant answers: over the real socket of a real web process."""

from collections.abc import Callable

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import Generation, State
from conversations.protocol import Accepted
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


async def test_an_answer_streams_and_is_stored_as_it_was_shown(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="你好，李。今天想聊什么？"))
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好", scenario="chat")
        seen = await tab.finished(accepted.generation)
    assert seen.text == "你好，李。今天想聊什么？"
    assert seen.finished is not None
    assert (seen.finished.state, seen.finished.reason) == ("completed", "stop")
    stored = await rows(Generation.objects.filter(pk=accepted.generation))
    assert (stored[0].text, stored[0].state, stored[0].seq) == (seen.text, State.COMPLETED, seen.seq)
    assert stored[0].token_source == "reported"


async def test_reasoning_is_kept_apart_from_the_answer(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(thinking="先想一想。", text="答案是三。"))
    async with tab_of(li) as tab:
        accepted = await tab.ask("几个？", thinking=True)
        seen = await tab.finished(accepted.generation)
    assert (seen.thinking, seen.text) == ("先想一想。", "答案是三。")


async def test_the_same_send_again_is_the_same_turn(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        first = await tab.ask("你好")
        await tab.finished(first.generation)
        request = {"id": first.id, "conversation": first.conversation, "text": "你好"}
        await tab.say("send", **request)
        await tab.until(lambda: len([f for f in tab.frames if isinstance(f, Accepted)]) == 2)
    assert tab.frames.count(first) == 2
    assert len(await rows(Generation.objects.all())) == 1


async def test_a_second_tab_sees_the_same_live_answer(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="一二三四五六七八九十" * 10, tokens_per_s=50))
    async with tab_of(li) as first, tab_of(li) as second:
        accepted = await first.ask("数数")
        await first.shows(accepted.generation, 5)
        await second.say("follow", generation=accepted.generation, after=0)
        here, there = await first.finished(accepted.generation), await second.finished(accepted.generation)
    assert here.text == there.text == "一二三四五六七八九十" * 10


async def test_a_reloaded_page_goes_on_where_it_was(tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(text="一二三四五六七八九十" * 10, tokens_per_s=50))
    async with tab_of(li) as before:
        accepted = await before.ask("数数")
        await before.shows(accepted.generation, 5)
    async with tab_of(li) as after:
        welcome = after.frames[0]
        assert [active.generation for active in welcome.active] == [accepted.generation]  # type: ignore[union-attr]
        await after.say("follow", generation=accepted.generation, after=0)
        seen = await after.finished(accepted.generation)
    assert seen.text == "一二三四五六七八九十" * 10


async def test_stopped_keeps_what_was_shown_and_adds_nothing(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=100))
    async with tab_of(li) as tab:
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation, 20)
        await tab.say("stop", generation=accepted.generation)
        seen = await tab.finished(accepted.generation)
        assert seen.finished is not None
        assert (seen.finished.state, seen.finished.reason) == ("stopped", "user_stop")
        assert seen.finished.usage.token_source == "estimated"
    assert endpoint.wait_until(lambda log: [entry for entry in log if entry.closed_early])


async def test_continue_goes_on_with_the_same_answer(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.next(Script(text="前半句，", finish_reason="length"))
    async with tab_of(li) as tab:
        first = await tab.ask("说一句话")
        await tab.finished(first.generation)
        endpoint.next(Script(text="后半句。"))
        second = await tab.accepted("continue", generation=first.generation)
        seen = await tab.finished(second.generation)
    assert (second.answer, second.message) == (first.answer, first.message)
    assert seen.text == "后半句。"
    texts = await rows(Generation.objects.filter(message_id=first.answer).order_by("created_at"))
    assert "".join(row.text for row in texts) == "前半句，后半句。"


async def test_asking_again_makes_a_sibling_answer(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        first = await tab.ask("你好")
        await tab.finished(first.generation)
        again = await tab.accepted("regenerate", message=first.message)
        await tab.finished(again.generation)
    assert again.message == first.message
    assert again.answer != first.answer


async def test_an_edited_question_is_a_branch_of_its_own(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint
) -> None:
    async with tab_of(li) as tab:
        first = await tab.ask("我叫李")
        await tab.finished(first.generation)
        edited = await tab.ask("我叫王", conversation=first.conversation)
        await tab.finished(edited.generation)
    kinds = await rows(Generation.objects.order_by("created_at"))
    assert [row.kind for row in kinds] == ["send", "edit"]
    last = endpoint.log()[-1].body
    assert "我叫李" not in str(last)
