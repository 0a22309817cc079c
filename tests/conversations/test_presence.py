"""Who may stay: sockets of people who signed out or were switched off, too many tabs, floods."""

from collections.abc import Callable

import pytest

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.consumers import BURST, CLOSE_FLOODING
from conversations.database import in_database
from conversations.models import Generation, State
from conversations.presence import CLOSE_SIGNED_OUT, CLOSE_TOO_MANY_TABS, MAX_TABS
from tests.conftest import session_of
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.faults.figures import Settling
from tests.faults.judge import judge_everything, settled
from tests.processes import answers
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


@pytest.mark.fault("F23", bound_s=5)
async def test_a_switched_off_person_leaves_and_their_answer_stops(
    tab_of: OpenTab, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    endpoint.script(Script(endless=True, tokens_per_s=50))
    async with tab_of(li) as tab:
        accepted = await tab.ask("说个没完")
        await tab.shows(accepted.generation)
        with settling.measured():
            await in_database(lambda: User.objects.filter(pk=li.pk).update(is_active=False))
            assert await tab.until_closed() == CLOSE_SIGNED_OUT
    assert await endpoint.until(lambda log: [entry for entry in log if entry.closed_early])
    await settled()
    await judge_everything([tab])
    (row,) = await rows(Generation.objects.filter(pk=accepted.generation))
    assert row.state == State.STOPPED


async def test_nobody_leaves_whose_session_is_alive(tab_of: OpenTab, li: User, wang: User) -> None:
    async with tab_of(wang) as stays, tab_of(li) as goes:
        await in_database(lambda: User.objects.filter(pk=li.pk).update(is_active=False))
        await goes.until_closed()
        await stays.say("ping")
        await stays.until(lambda: [frame for frame in stays.frames if type(frame).__name__ == "Pong"])


@pytest.mark.fault("F23", bound_s=5)
async def test_signing_out_closes_the_tabs_of_that_session_only(
    web: str, li: User, endpoint: DemonstrationEndpoint, settling: Settling
) -> None:
    """What was asked there is hers, and is read elsewhere."""
    endpoint.script(Script(tokens_per_s=50))
    phone, desk = await in_database(lambda: session_of(li)), await in_database(lambda: session_of(li))
    async with Tab(web, lambda: phone) as on_phone, Tab(web, lambda: desk) as at_desk:
        asked = await on_phone.ask("nonce=li tokens=150")
        await on_phone.shows(asked.generation)
        with settling.measured():
            await in_database(lambda: _sign_out(web, phone))
            assert await on_phone.until_closed() == CLOSE_SIGNED_OUT
        await at_desk.say("follow", generation=asked.generation, after=0)
        await at_desk.finished(asked.generation)
        await judge_everything([on_phone, at_desk], endpoint=endpoint)
    (row,) = await rows(Generation.objects.filter(pk=asked.generation))
    assert row.state == State.COMPLETED


def _sign_out(web: str, session: str) -> None:
    """As the page does it: with the session's cookies and its CSRF token."""
    import httpx2

    with httpx2.Client(base_url=web, cookies={"sessionid": session}, headers={"Origin": web}) as page:
        csrf = page.get("/api/me/").json()["csrf"]
        page.delete("/_allauth/browser/v1/auth/session", headers={"X-CSRFToken": csrf})


async def test_one_tab_too_many_and_the_oldest_gives_way(tab_of: OpenTab, li: User) -> None:
    tabs = [tab_of(li) for _ in range(MAX_TABS + 1)]
    for tab in tabs:
        await tab.open()
    assert await tabs[0].until_closed() == CLOSE_TOO_MANY_TABS
    for tab in tabs:
        await tab.close()


async def test_a_flood_of_frames_is_cut_off_and_the_process_lives(tab_of: OpenTab, web: str, li: User) -> None:
    tab = tab_of(li)
    await tab.open()
    for _ in range(BURST * 2):
        await tab.say("ping")
    assert await tab.until_closed() == CLOSE_FLOODING
    await tab.close()
    assert await in_database(lambda: answers(f"{web}/healthz"))
