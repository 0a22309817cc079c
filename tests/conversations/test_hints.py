"""What processes tell each other while answers run: little, and together."""

from channels.layers import get_channel_layer

from conversations.hints import PROCESSES, Hints
from conversations.ids import uuid7
from conversations.presence import Presence, Tab
from conversations.protocol import Changed, decode_server
from conversations.socket import Message, Socket
from tests.processes import Process


async def test_what_many_answers_hint_at_once_is_one_message_and_one_frame_for_each_tab(valkey: Process) -> None:
    layer = get_channel_layer()
    elsewhere = await layer.new_channel()
    await layer.group_add(PROCESSES, elsewhere)
    presence = Presence()
    hints = Hints(presence, on_stop=lambda _: None)
    shown: list[str] = []

    async def send(message: Message) -> None:
        shown.append(message["text"])

    presence.enter(Tab(-1, "", Socket(send, on_drained=lambda _: None, end=lambda: None)))
    changes = [Changed(conversation=uuid7()) for _ in range(20)]
    for number, changed in enumerate(changes):
        hints.tell_tabs(-1 - number % 2, changed)
    told: list[tuple[int, str]] = []
    while not told:
        message = await layer.receive(elsewhere)  # the tests' own server talks there, too
        told = [(person, frame) for person, frame in message.get("hints", ()) if person < 0]
    assert [decode_server(frame) for _, frame in told] == changes
    assert [person for person, _ in told] == [-1, -2] * 10
    assert [decode_server(frame) for frame in shown] == changes[::2]
