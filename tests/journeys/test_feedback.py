"""A thumb down with its reasons, a copy and a look at the cards: what the page shows, and what is known of it after."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.models import User
from app.seed.sowing import sow
from conversations.database import in_database
from conversations.models import Conversation, Rating
from tests.conversations.transcripts import a_conversation
from tests.database import rows
from tests.journeys.conftest import is_told, picture, sign_in
from tests.tab import eventually
from usage.models import EngagementEvent

pytestmark = pytest.mark.slow

DOWN = "回答得不好"


@pytest.fixture
async def conversation(page: Page, li: User) -> Conversation:
    """Li's, one answer long, open on the page."""
    await in_database(lambda: sow(demonstration_url="", upstream=None))
    conversation = await in_database(lambda: a_conversation(li, "西安三日"))
    await sign_in(page, li)
    await page.goto(f"/c/{conversation.pk}")
    return conversation


def thumb(page: Page) -> Locator:
    return page.get_by_role("button", name=DOWN)


async def pressed(page: Page) -> None:
    await expect(thumb(page)).to_have_attribute("aria-pressed", "true")


async def kept(*reasons: str) -> None:
    """The server has the thumb down with these reasons."""

    async def found() -> bool:
        return [(rating.value, rating.reasons) for rating in await rows(Rating.objects.all())] == [
            ("down", list(reasons))
        ]

    await eventually(found)


async def test_a_thumb_down_with_reasons_is_there_after_a_reload(page: Page, conversation: Conversation) -> None:
    await thumb(page).click()
    panel = page.get_by_role("form", name=re.compile("哪里不好"))
    await expect(panel.get_by_role("button", name="不准确")).to_be_focused()
    await page.keyboard.press("Space")
    await panel.get_by_role("button", name="太啰嗦").click()
    await picture(page, "feedback")
    await panel.get_by_role("button", name="提交").click()
    await expect(panel).to_be_hidden()
    await kept("inaccurate", "too-long")
    await page.reload()
    await pressed(page)


async def test_escape_keeps_the_bare_thumb(page: Page, conversation: Conversation) -> None:
    await thumb(page).click()
    panel = page.get_by_role("form", name=re.compile("哪里不好"))
    await panel.get_by_role("button", name="太啰嗦").click()
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(thumb(page)).to_be_focused()
    await kept()
    await page.reload()
    await pressed(page)


async def test_what_was_seen_chosen_and_copied_is_known(page: Page, conversation: Conversation) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("toolbar", name="对这个回答").get_by_role("button", name="复制").click()
    await is_told(page, "已复制")
    await page.goto("/")
    card = page.get_by_role("main").get_by_role("link", name="编程")
    await expect(card).to_be_visible()

    async def seen() -> bool:
        return bool(await rows(EngagementEvent.objects.filter(kind="scenario_seen", scenario="code")))

    await eventually(seen)
    await card.click()
    await expect(page.get_by_role("heading", name="编程")).to_be_visible()
    await page.goto("/healthz")

    async def all_of_it() -> bool:
        known = {event.kind for event in await rows(EngagementEvent.objects.all())}
        return {"copied", "scenario_seen", "scenario_chosen"} <= known

    await eventually(all_of_it)
