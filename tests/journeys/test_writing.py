"""What happens to a person's words: composing, keys, drafts, nothing lost on the way. Numbers are ui.md's checks."""

import asyncio
import re

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from playwright.async_api import Browser, Locator, Page, Route, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Message, Scenario
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.between import stand_between
from tests.journeys.conftest import kept_by_browser, picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = pytest.mark.slow

ALL_BUT_THE_GREETING = ("accepted", "queued", "started", "delta", "snapshot", "finished", "changed", "error")


def composer(page: Page) -> Locator:
    """The scripts' one: the box painted before them has the same name, and cannot send."""
    return page.locator("#composer").and_(page.get_by_role("textbox", name="说点什么"))


def questions(page: Page) -> Locator:
    return page.locator(".said-text")


async def said() -> list[str]:
    """What the server has, in the order of asking."""
    return [message.text for message in await rows(Message.objects.filter(role="user").order_by("created_at", "id"))]


async def test_enter_that_ends_a_composition_sends_nothing(page: Page, web: str, li: User) -> None:
    """Checks 4 and 5: in the order of Chromium, and of Safari, which ends the composition first."""
    await sign_in(page, li)
    await page.goto("/")
    box = composer(page)
    await box.fill("你好")
    await box.dispatch_event("compositionstart")
    await box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    await box.dispatch_event("compositionend")
    await box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": False})
    await expect(page).to_have_url("/")
    await expect(box).to_have_value("你好")
    await box.press("Enter")
    await state(answer(page, 0), "completed")
    assert await said() == ["你好"]


async def test_what_is_typed_before_the_scripts_come_stays_as_it_is(page: Page, web: str, li: User) -> None:
    """Check 2."""
    come = asyncio.Event()

    async def hold(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await sign_in(page, li)
    await page.route("**/main-*.js", hold)
    await page.goto("/", wait_until="commit")
    early = page.locator("#first-words")
    await early.fill("你好，还没载完")
    await early.press("ArrowLeft")
    come.set()
    box = page.locator("#composer")
    await expect(box).to_have_value("你好，还没载完")
    await expect(box).to_be_focused()
    await expect(box).to_have_js_property("selectionStart", len("你好，还没载完") - 1)


async def test_which_key_sends_is_ones_own_choice(page: Page, web: str, li: User) -> None:
    """Check 6."""
    await sign_in(page, li)
    await page.goto("/")
    box = composer(page)
    await box.fill("一")
    await box.press("Shift+Enter")
    await expect(box).to_have_value("一\n")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("radio", name="换行").check(force=True)
    await page.keyboard.press("Escape")
    await box.press("Enter")
    await expect(box).to_have_value("一\n\n")
    await box.press("Control+Enter")
    await expect(questions(page)).to_have_count(1)


async def test_on_a_touch_screen_enter_breaks_the_line_and_the_button_sends(
    browser: Browser, web: str, li: User
) -> None:
    """Check 7."""
    context = await browser.new_context(
        base_url=web, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = await context.new_page()
    await sign_in(page, li)
    await page.goto("/")
    box = composer(page)
    await expect(box).to_be_visible()
    await expect(box).not_to_be_focused()
    await box.fill("你好")
    await box.press("Enter")
    await expect(box).to_have_value("你好\n")
    await page.get_by_role("button", name="发送").tap()
    await expect(questions(page)).to_have_count(1)
    await context.close()


async def test_a_double_click_on_send_sends_once_and_stops_nothing(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 14."""
    endpoint.script(Script(contains="你好", text="很好。"))
    await sign_in(page, li)
    await page.goto("/")
    await composer(page).fill("你好")
    await page.get_by_role("button", name="发送").dblclick()
    await state(answer(page, 0), "completed")
    assert await said() == ["你好"]


async def test_words_said_before_the_server_took_them_survive_a_reload(page: Page, web: str, li: User) -> None:
    """Check 9, first half: the line stays down until the page has been loaded again."""
    await sign_in(page, li)
    holds = True
    await page.route_web_socket("**/ws/**", lambda line: line.close() if holds else line.connect_to_server())
    await page.goto("/")
    await ask(page, "别丢了我")
    await expect(questions(page)).to_have_text("别丢了我")
    while "别丢了我" not in await kept_by_browser(page):
        await page.wait_for_timeout(20)
    await page.reload()
    await expect(questions(page)).to_have_text("别丢了我")
    await expect(page.get_by_text("等待网络")).to_be_visible()
    assert await said() == []
    holds = False
    await page.reload()
    await state(answer(page, 0), "completed")
    assert await said() == ["别丢了我"]


async def test_words_the_server_took_without_the_page_hearing_of_it_are_there_once(
    page: Page, web: str, li: User
) -> None:
    """Check 9, second half: the server has them, and the page, which was told nothing, says them again."""
    await sign_in(page, li)
    between = await stand_between(page, holds=ALL_BUT_THE_GREETING)
    await page.goto("/")
    await ask(page, "别说两遍")

    async def server_has_it() -> bool:
        return await said() == ["别说两遍"]

    await eventually(server_has_it)
    await expect(page.get_by_text("正在发送")).to_be_visible()
    await page.reload()
    await expect(questions(page)).to_have_text("别说两遍")
    between.holds = ()
    await page.reload()
    await state(answer(page, 0), "completed")
    await expect(page.get_by_text("正在发送")).to_have_count(0)
    await expect(questions(page)).to_have_count(1)
    assert await said() == ["别说两遍"]


async def test_words_said_before_the_conversation_has_come_wait_for_what_they_follow(
    page: Page, web: str, li: User
) -> None:
    """Else they would begin it anew, beside all that had been said."""
    come = asyncio.Event()

    async def hold(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "一")
    await state(answer(page, 0), "completed")
    await page.route("**/api/conversations/*/", hold)
    await page.reload()
    await ask(page, "二")
    await expect(page.locator(".next-slot")).to_contain_text("二")
    assert await said() == ["一"]
    come.set()
    await state(answer(page, 1), "completed")
    await expect(questions(page)).to_have_text(["一", "二"])


async def test_what_was_said_offline_is_sent_in_order(page: Page, web: str, li: User) -> None:
    """Check 10."""
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "零")
    await state(answer(page, 0), "completed")
    await page.context.set_offline(True)
    await expect(page.get_by_text("网络断开了")).to_be_visible()
    for words in ("一", "二"):
        await ask(page, words)
    await page.context.set_offline(False)
    await expect(page.get_by_text("网络断开了")).to_have_count(0)
    await expect(answer(page, 2)).to_have_attribute("data-state", "completed")
    assert await said() == ["零", "一", "二"]


async def test_what_comes_into_the_box_joins_what_is_written_there(page: Page, web: str, li: User) -> None:
    """A starter, and refused words that are taken back; a starter in which nothing was written gives way to another.

    They come back to where they can be said again: the conversation that they were to begin is none.
    """
    await sign_in(page, li)
    await page.goto("/s/write")
    starters = page.locator(".starters button")
    await starters.first.click()
    untouched = await composer(page).input_value()
    await starters.nth(1).click()
    await expect(composer(page)).not_to_have_value(untouched)
    await composer(page).fill("这是我的信")
    await starters.first.click()
    await expect(composer(page)).to_have_value(f"这是我的信\n\n{untouched}")
    blank = await page.wait_for_function("() => /^〔.*〕$/.exec(getSelection().toString())?.[0]")
    assert await blank.json_value() in untouched
    await in_database(lambda: Scenario.objects.filter(slug="write").update(is_paused=True))
    await composer(page).fill("还来得及吗")
    await composer(page).press("Enter")
    await composer(page).fill("写到一半")
    await page.get_by_role("button", name="放回输入框").click()
    await expect(page).to_have_url(re.compile("/s/write$"))
    await expect(composer(page)).to_have_value("写到一半\n\n还来得及吗")
    await expect(questions(page)).to_have_count(0)
    await page.reload()
    await expect(composer(page)).to_have_value("写到一半\n\n还来得及吗")


async def test_every_conversation_keeps_its_own_draft(page: Page, web: str, li: User) -> None:
    """Check 33."""
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "甲")
    await state(answer(page, 0), "completed")
    first = page.url
    await composer(page).fill("写到一半")
    await composer(page).press("ArrowLeft")
    await page.get_by_role("link", name="新对话").first.click()
    await expect(composer(page)).to_have_value("")
    await page.get_by_role("main").get_by_role("link", name="翻译").click()
    await expect(composer(page)).to_have_value("")
    await page.goto(first)
    await expect(composer(page)).to_have_value("写到一半")
    await expect(composer(page)).to_have_js_property("selectionStart", 3)
    await composer(page).fill("刚写下就走")
    await page.reload()
    await expect(composer(page)).to_have_value("刚写下就走")


async def test_a_session_that_ends_while_somebody_types_costs_no_word(page: Page, web: str, li: User) -> None:
    """Check 39, its last part: the dialog lies over the page, and the words are still in their box."""
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await composer(page).fill("还没说完")
    await in_database(end_all_sessions)
    dialog = page.get_by_role("dialog", name="请重新登录")
    await expect(dialog).to_be_visible(timeout=20_000)
    await dialog.locator("input[type=password]").fill("li-knows-this")
    await dialog.get_by_role("button", name="登录", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(composer(page)).to_have_value("还没说完")
    await composer(page).press("Enter")
    await state(answer(page, 1), "completed")


def end_all_sessions() -> None:
    for session in Session.objects.all():
        SessionStore(session.session_key).delete()  # out of the cache too


async def test_the_languages_of_a_translation_are_chosen_and_said(page: Page, web: str, li: User) -> None:
    await sign_in(page, li)
    await page.goto("/s/translate")
    await page.get_by_label("从", exact=True).select_option(label="英语")
    await page.get_by_label("译成", exact=True).select_option(label="日语")
    await page.get_by_role("button", name="交换两种语言").click()
    await ask(page, "こんにちは")
    await expect(questions(page)).to_have_text("从日语译成英语：\n\nこんにちは")
    await state(answer(page, 0), "completed")
    await stands(page, beside=True)
    await picture(page, "translation")
    await page.set_viewport_size({"width": 390, "height": 844})
    await stands(page, beside=False)
    await page.goto("/s/translate")
    await expect(page.get_by_label("译成", exact=True)).to_have_value("en")


async def stands(page: Page, *, beside: bool) -> None:
    """The translation: right of its original where there is room for both, else under it."""

    async def found() -> bool:
        original, translation = await page.locator(".said").bounding_box(), await answer(page, 0).bounding_box()
        assert original is not None
        assert translation is not None
        return (translation["x"] >= original["x"] + original["width"]) == beside

    await eventually(found)
