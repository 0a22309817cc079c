"""A socket whose session is gone closes; what was asked over a socket that closed is answered all the same."""

from collections.abc import Callable

from django.contrib.sessions.backends.cached_db import SessionStore

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conftest import session_of
from tests.endpoint import DemonstrationEndpoint
from tests.faults.judge import judged
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


async def test_a_session_that_is_gone_closes_its_sockets_without_a_push(web: str, li: User) -> None:
    session = await in_database(session_of, li)
    tab = Tab(web, lambda: session)
    await tab.open()
    await in_database(lambda: SessionStore(session).delete())
    assert await tab.until_closed() == 4401


async def test_the_answers_of_who_left_end_in_order(tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint) -> None:
    """A page that is closed stops nothing: what was asked for is there when it comes back."""
    endpoint.script(Script(text="一二三四五六七八九十", tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("数数")
    async with tab_of(li) as tab:
        await tab.say("follow", generation=accepted.generation, after=0)
        await tab.finished(accepted.generation)
        row = await judged(accepted.generation, [tab])
    assert row.state == "completed"
