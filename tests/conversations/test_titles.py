"""A title takes a slot of its endpoint like an answer, and never an answer's."""

from collections.abc import Callable
from uuid import UUID

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Conversation, ModelEndpoint
from conversations.titles import EndpointBusy, write_title
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.tab import Tab, eventually

OpenTab = Callable[[User], Tab]


async def _titled(conversation: UUID) -> bool:
    """The slot comes free a moment after the answer's end is told."""
    try:
        await in_database(lambda: write_title(conversation))
    except EndpointBusy:
        return False
    return True


async def test_a_title_waits_while_answers_take_the_endpoint(
    tab_of: OpenTab, li: User, wang: User, endpoint: DemonstrationEndpoint, catalog: ModelEndpoint
) -> None:
    await in_database(lambda: ModelEndpoint.objects.filter(pk=catalog.pk).update(max_concurrency=1))
    async with tab_of(li) as answered, tab_of(wang) as writing:
        first = await answered.ask("你好")
        await answered.finished(first.generation)
        endpoint.script(Script(contains="说个没完", endless=True, tokens_per_s=50))
        second = await writing.ask("说个没完")
        await writing.shows(second.generation)
        asked = len(endpoint.log())

        with pytest.raises(EndpointBusy):
            await in_database(lambda: write_title(first.conversation))
        assert len(endpoint.log()) == asked

        await writing.say("stop", generation=second.generation)
        await writing.finished(second.generation)
        await eventually(lambda: _titled(first.conversation))
        (conversation,) = await rows(Conversation.objects.filter(pk=first.conversation))
    assert (conversation.title_source, conversation.title_tries) == ("model", 1)
