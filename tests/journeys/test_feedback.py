"""A thumb down with its reasons, an appeal, a copy, a look at the cards: what is shown, and what is known after."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.models import User
from app.seed.sowing import sow
from conversations.database import in_database
from conversations.models import Appeal, Conversation, Generation, Rating
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


async def test_who_was_filtered_wrongly_says_so_by_keyboard_and_is_told_that_it_arrived(
    page: Page, conversation: Conversation
) -> None:
    await in_database(lambda: Generation.objects.update(state="failed", reason="content_filter", text=""))
    await page.reload()
    ending = page.locator(".ending")
    await expect(ending).to_contain_text("若觉得误判，可以申诉")
    button = ending.get_by_role("button", name="申诉")
    await button.press("Enter")
    panel = page.get_by_role("form", name="觉得是误判？")
    words = panel.get_by_role("textbox", name="说说为什么")
    await expect(words).to_be_focused()
    await page.keyboard.type("给孩子讲安全用电")
    await picture(page, "appeal")
    await panel.get_by_role("button", name="提交申诉").press("Enter")
    await expect(panel).to_be_hidden()
    await expect(ending.locator("p")).to_contain_text("申诉已收到，管理员会看到")
    await expect(ending.locator("p")).to_be_focused()
    await expect(button).to_have_count(0)
    await is_told(page, "这个话题我不能回答。申诉已收到，管理员会看到；也可以换个问法。")
    assert [appeal.comment for appeal in await rows(Appeal.objects.all())] == ["给孩子讲安全用电"]
    await page.reload()
    await expect(ending.locator("p")).to_contain_text("申诉已收到")
    await expect(button).to_have_count(0)


async def test_an_appeal_that_cannot_be_sent_keeps_its_words(page: Page, conversation: Conversation) -> None:
    await in_database(lambda: Generation.objects.update(state="failed", reason="content_filter", text=""))
    await page.reload()
    await page.locator(".ending").get_by_role("button", name="申诉").click()
    panel = page.get_by_role("form", name="觉得是误判？")
    words = panel.get_by_role("textbox", name="说说为什么")
    await words.fill("误判了")
    await page.context.set_offline(True)
    await panel.get_by_role("button", name="提交申诉").click()
    await expect(panel).to_contain_text("申诉没能送到，写下的还在")
    await expect(words).to_have_value("误判了")
    await page.context.set_offline(False)
    await panel.get_by_role("button", name="提交申诉").click()
    await expect(panel).to_be_hidden()
    assert [appeal.comment for appeal in await rows(Appeal.objects.all())] == ["误判了"]


async def test_an_answer_that_should_not_have_been_given_is_reported_once(
    page: Page, conversation: Conversation
) -> None:
    menu = page.get_by_role("button", name="或举报")
    await menu.press("Enter")
    await page.get_by_role("menuitem", name="举报").press("Enter")
    panel = page.get_by_role("form", name="举报这个回答？")
    await panel.get_by_role("textbox").fill("教人作弊")
    await picture(page, "report")
    await panel.get_by_role("button", name="提交举报").press("Enter")
    await expect(panel).to_be_hidden()
    await expect(menu).to_be_focused()
    await is_told(page, "举报已收到，管理员会看到。")
    assert [appeal.comment for appeal in await rows(Appeal.objects.all())] == ["教人作弊"]
    await page.reload()
    await expect(page.locator(".answer")).to_contain_text("举报已收到")
    await menu.click()
    await expect(page.get_by_role("menuitem", name="更短")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="举报")).to_have_count(0)


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
