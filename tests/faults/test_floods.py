"""F21: too much, too often, or nothing that is right. Refused or let go with the right code; everybody else reads on.

Frames that are too large, nested without end or no JSON stand in tests/conversations/test_opening_a_socket.py, single
wrong values in test_frames_are_checked.py. Here every field of every frame gets every kind of wrong value, made from
the protocol's own types, so that a new field cannot be forgotten.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations import protocol
from conversations.consumers import BURST, CLOSE_FLOODING
from conversations.errors import ConversationError, Invalid
from conversations.ids import uuid7
from conversations.protocol import AnyClientFrame, ClientFrame, Error, Pong
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judged
from tests.processes import Process
from tests.tab import Tab

OpenTab = Callable[[User], Tab]

RIGHT: dict[str, Any] = {"text": "你好", "parent": None, "after": 0}
"""Values for what is needed and is no id."""
WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "nobody", "a\0b", [], [[]], ["x"], [None], {}, {"a": {"b": 1}}, "长" * 70_000,
)  # fmt: skip
MANY = 5_000


def right(kind: type[ClientFrame]) -> dict[str, Any]:
    """A frame of this kind with nothing but what it needs."""
    needed = [field.name for field in msgspec.structs.fields(kind) if field.required]
    return {"type": kind.__struct_config__.tag, **{name: RIGHT.get(name, str(uuid7())) for name in needed}}


def wrong_frames() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind, field, frame): each field with every value that its type does not take."""
    for kind in get_args(AnyClientFrame):
        for field in msgspec.structs.fields(kind):
            for value in WRONG:
                try:
                    msgspec.convert(value, field.type)
                except msgspec.ValidationError:
                    yield kind.__name__, field.name, {**right(kind), field.name: value}


CASES = list(wrong_frames())


@pytest.mark.parametrize("kind", get_args(AnyClientFrame), ids=lambda kind: kind.__name__)
def test_a_frame_of_each_kind_is_right_to_begin_with(kind: type[ClientFrame]) -> None:
    assert isinstance(protocol.parse(json.dumps(right(kind))), kind)


@pytest.mark.parametrize(("kind", "field", "frame"), CASES, ids=[f"{kind}.{field}" for kind, field, _ in CASES])
def test_every_wrong_value_of_every_field_is_refused_by_name(kind: str, field: str, frame: dict[str, Any]) -> None:
    with pytest.raises(ConversationError) as refused:
        protocol.parse(json.dumps(frame))
    assert isinstance(refused.value, Invalid)
    assert refused.value.params == {"field": field}


@pytest.mark.fault("F21")
async def test_a_socket_survives_one_wrong_value_of_every_field(tab_of: OpenTab, li: User) -> None:
    """Fewer than the burst, so that each gets its answer."""
    frames = {(kind, field): frame for kind, field, frame in CASES if len(json.dumps(frame)) < 1000}
    halves = [{**right(protocol.Send), "text": "half \udc00 a pair"}, {**right(protocol.Send), "text": "a\0b"}]
    every = [*frames.values(), *halves]
    assert len(every) < BURST
    async with tab_of(li) as tab:
        for frame in every:
            await tab.raw(json.dumps(frame))
        await tab.say("ping")
        await tab.until(lambda: any(isinstance(frame, Pong) for frame in tab.frames))
        errors = [frame for frame in tab.frames if isinstance(frame, Error)]
    assert [error.code for error in errors] == ["invalid"] * len(every)


@pytest.mark.fault("F21")
async def test_who_floods_is_let_go_and_everybody_else_reads_on(
    web_process: Process, tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(tokens_per_s=100))
    before = web_process.pid
    async with tab_of(wang) as his:
        accepted = await his.ask("nonce=wang tokens=3000")
        await his.shows(accepted.generation)
        for _ in range(3):
            assert await _flooded(tab_of(li)) == CLOSE_FLOODING
        shown = len(his.of(accepted.generation).text)
        await his.shows(accepted.generation, shown + 100)
        await his.say("stop", generation=accepted.generation)
        await his.finished(accepted.generation)
        await judged(accepted.generation, [his], endpoint=endpoint)
    assert web_process.is_running
    assert web_process.pid == before


async def _flooded(tab: Tab) -> int:
    """The code with which a socket closes that says ``ping`` without end."""
    await tab.open()
    with contextlib.suppress(ConnectionClosed):
        for _ in range(MANY):
            await tab.raw('{"type":"ping"}')
    return await tab.until_closed()
