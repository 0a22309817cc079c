"""An answer seen to its end in one tab is no news in any of the person's tabs."""

import contextlib
import json
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from app.accounts.models import User
from conversations.models import Conversation
from conversations.protocol import Changed
from tests.conversations.knocking import close_code, knock
from tests.conversations.transcripts import a_conversation
from tests.database import rows
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


@pytest.fixture
def conversation(web: str, li: User) -> Conversation:
    """Li's, unread."""
    return a_conversation(li, "周报")


async def test_what_is_read_in_one_tab_is_read_in_all_of_them(
    tab_of: OpenTab, li: User, wang: User, conversation: Conversation
) -> None:
    async with tab_of(li) as here, tab_of(li) as there, tab_of(wang) as his:
        await here.say("read", conversation=conversation.pk)
        told = await there.until(lambda: next((f for f in there.frames if isinstance(f, Changed)), None))
        await his.ask("你好")  # whatever was told before is there before its answer
        assert not [frame for frame in his.frames if getattr(frame, "conversation", None) == conversation.pk]
    assert told == Changed(conversation=conversation.pk, unread=False)
    (after,) = await rows(Conversation.objects.filter(pk=conversation.pk))
    assert after.read_at is not None
    assert after.updated_at == conversation.updated_at


async def test_a_visitor_reads_nothing(web: str, li: User, conversation: Conversation) -> None:
    async with knock(web, origin=web) as socket:
        with contextlib.suppress(ConnectionClosed):  # already, perhaps
            await socket.send(json.dumps({"type": "read", "conversation": str(conversation.pk)}))
        assert await close_code(socket) == 4401
    assert (await rows(Conversation.objects.all()))[0].read_at is None
