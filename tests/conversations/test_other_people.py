"""What is not yours does not exist: the same answer, in the same shape, as for what never was."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message, State
from conversations.protocol import Accepted, Error
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.tab import Tab

OpenTab = Callable[[User], Tab]
Asks = Callable[[Accepted, UUID], dict[str, Any]]
"""A frame about ``theirs``; the second argument stands in for every id that never was, None for the real ones."""


def frames_about(theirs: Accepted, *, never: UUID | None = None) -> dict[str, dict[str, Any]]:
    request = theirs.id
    return {
        "say something in it": {
            "type": "send", "id": request, "conversation": never or theirs.conversation, "parent": None, "text": "在"
        },
        "go on from its answer": {
            "type": "send", "id": request, "conversation": never or theirs.conversation,
            "parent": never or theirs.answer, "text": "我也在",
        },
        "ask its question again": {"type": "regenerate", "id": request, "message": never or theirs.message},
        "ask for its answer as a question": {"type": "regenerate", "id": request, "message": never or theirs.answer},
        "continue it": {"type": "continue", "id": request, "generation": never or theirs.generation},
        "stop it": {"type": "stop", "generation": never or theirs.generation},
        "follow it": {"type": "follow", "generation": never or theirs.generation, "after": 0},
        "call it read": {"type": "read", "conversation": never or theirs.conversation},
    }  # fmt: skip


NEVER_WAS = [name for name in frames_about(Accepted(**dict.fromkeys(
    ("id", "conversation", "message", "answer", "generation"), uuid7()
))) if name != "say something in it"]  # fmt: skip
"""An unused conversation id is simply a new conversation."""


async def shape(tab: Tab, frame: dict[str, Any]) -> dict[str, Any]:
    """The refusal, without the ids it repeats from the request."""
    kind, fields = frame["type"], {name: value for name, value in frame.items() if name != "type"}
    error: Error = await tab.refused(kind, **fields)
    if error.id is not None:
        assert error.id == frame["id"]
    if error.generation is not None:
        assert error.generation == frame["generation"]
    return {
        "code": error.code,
        "params": error.params,
        "retry_after_s": error.retry_after_s,
        "by": "id" if error.id else "generation" if error.generation else None,
    }


async def test_wang_learns_nothing_of_what_li_asked(
    tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as hers, tab_of(wang) as his:
        accepted = await hers.ask("这是我的秘密")
        await hers.shows(accepted.generation)
        for name, frame in frames_about(accepted).items():
            refusal = await shape(his, frame)
            assert refusal["code"] == "not_found", name
            assert refusal["params"] == {}, name
        assert his.seen == {}
        assert (await rows(Generation.objects.filter(pk=accepted.generation)))[0].stop_requested_at is None
        assert (await rows(Conversation.objects.all()))[0].read_at is None
        await hers.say("stop", generation=accepted.generation)
        await hers.finished(accepted.generation)
    assert len(await rows(Message.objects.all())) == 2


@pytest.mark.parametrize("name", NEVER_WAS)
async def test_what_is_not_yours_looks_like_what_never_was(tab_of: OpenTab, li: User, wang: User, name: str) -> None:
    async with tab_of(li) as hers, tab_of(wang) as his:
        accepted = await hers.ask("你好")
        await hers.finished(accepted.generation)
        not_his = await shape(his, frames_about(accepted)[name])
        never_was = await shape(his, frames_about(accepted, never=uuid7())[name])
    assert not_his == never_was


async def test_an_answer_of_another_conversation_of_ones_own_is_no_parent(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        one, two = await tab.ask("一"), await tab.ask("二")
        await tab.finished(one.generation)
        await tab.finished(two.generation)
        error = await tab.refused("send", id=uuid7(), conversation=one.conversation, parent=two.answer, text="三")
        question = await tab.refused("send", id=uuid7(), conversation=one.conversation, parent=one.message, text="三")
    assert (error.code, question.code) == ("not_found", "not_found")


async def test_what_was_deleted_is_gone_from_the_socket_too(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        accepted = await tab.ask("你好")
        await tab.finished(accepted.generation)
        await in_database(lambda: Conversation.objects.update(deleted_at=li.date_joined))
        refusals = [
            await shape(tab, {**frame, "id": uuid7()} if "id" in frame else frame)
            for frame in frames_about(accepted).values()
        ]
    assert {refusal["code"] for refusal in refusals} == {"not_found"}


async def test_no_frame_of_one_person_reaches_another(
    tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    async with tab_of(li) as hers, tab_of(wang) as his:
        first = await hers.ask("nonce=LI tokens=60")
        second = await his.ask("nonce=WANG tokens=60")
        mine, yours = await hers.finished(first.generation), await his.finished(second.generation)
        assert set(hers.seen) == {first.generation}
        assert set(his.seen) == {second.generation}
        assert all(getattr(frame, "conversation", None) != first.conversation for frame in his.frames)
    assert "WANG" not in mine.text
    assert "LI" not in yours.text


async def test_a_stop_by_somebody_else_stops_nothing(
    tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(text="一二三四五六七八九十" * 4, tokens_per_s=100))
    async with tab_of(li) as hers, tab_of(wang) as his:
        accepted = await hers.ask("数数")
        await hers.shows(accepted.generation)
        assert (await his.refused("stop", generation=accepted.generation)).code == "not_found"
        await hers.finished(accepted.generation)
    assert (await rows(Generation.objects.all()))[0].state == State.COMPLETED
