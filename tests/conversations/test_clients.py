"""The ledger knows which page, and which version of it, a turn was asked for with."""

import pytest

from app.accounts.models import User
from conversations.database import in_database
from conversations.ids import uuid7
from tests.conftest import session_of
from tests.tab import Tab
from usage.models import TurnAccepted, UsageRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("catalog")]


def tab(web: str, person: User, client: str) -> Tab:
    return Tab(web, lambda: session_of(person), client=client)


async def recorded() -> set[tuple[str, str]]:
    """The clients of what was accepted and of what ended."""
    turns = await in_database(lambda: dict(TurnAccepted.objects.values_list("generation", "client")))
    ends = await in_database(lambda: dict(UsageRecord.objects.values_list("generation", "client")))
    assert turns.keys() == ends.keys()
    return {(turns[it], ends[it]) for it in turns}


async def test_a_turn_and_its_end_bear_the_name_that_the_page_gave_itself(web: str, li: User) -> None:
    async with tab(web, li, "page-vX8I3ILz") as page:
        await page.finished((await page.ask("hello")).generation)
    assert await recorded() == {("page-vX8I3ILz", "page-vX8I3ILz")}


@pytest.mark.parametrize("name", ["", "%3Cscript%3E", "page%00", "p" * 41, "page%20vX8"])
async def test_what_is_no_name_is_not_recorded(web: str, li: User, name: str) -> None:
    async with tab(web, li, name) as page:
        await page.finished((await page.ask("hello")).generation)
    assert await recorded() == {("", "")}


async def test_a_request_said_again_by_a_newer_page_is_the_same_turn(web: str, li: User) -> None:
    """Who reloads meanwhile may get another build, and says again what was not accepted."""
    request, conversation = uuid7(), uuid7()
    async with tab(web, li, "page-old") as page:
        first = await page.ask("hello", id=request, conversation=conversation)
    async with tab(web, li, "page-new") as page:
        again = await page.ask("hello", id=request, conversation=conversation)
        await page.finished(again.generation)
    assert again.generation == first.generation
    assert await recorded() == {("page-old", "page-old")}
