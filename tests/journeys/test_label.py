"""The operator's word on the AI label: on the page, in what is copied, on paper, each by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.launch.sockets import any_free
from conversations.database import in_database
from tests import processes
from tests.conftest import database_url, session_of
from tests.conversations.transcripts import a_conversation

pytestmark = pytest.mark.slow

LABEL, NOTE = "AI 生成", "内容由 AI 生成，重要信息请核实。"
COPIED = "async (mime) => (await (await navigator.clipboard.read())[0].getType(mime)).text()"


@pytest.fixture
def only_on_paper(web: str, folder: Path) -> Iterator[str]:
    """The address of a product whose operator wants no label but in what leaves it on paper."""
    port = any_free()
    origin = f"http://127.0.0.1:{port}"
    environ = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    process = processes.web(port, folder, {**environ, "PUBLIC_ORIGINS": origin, "AI_LABEL": "export"})
    yield origin
    process.stop()


async def show(page: Page, origin: str, li: User) -> None:
    conversation = await in_database(lambda: a_conversation(li, "城墙", text="**慢慢**走"))
    session = await in_database(lambda: session_of(li))
    await page.context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    await page.goto(f"{origin}/c/{conversation.pk}")
    await expect(page.locator(".answer strong")).to_have_text("慢慢")


async def test_by_default_it_stands_on_the_page_and_on_paper(page: Page, web: str, li: User) -> None:
    await show(page, web, li)
    label = page.locator(".answer").get_by_text(LABEL, exact=True)
    await expect(label).to_be_visible()
    await expect(page.get_by_text(NOTE)).to_be_visible()
    await page.emulate_media(media="print")
    await expect(label).to_be_visible()


async def test_where_the_operator_says_so_only_paper_has_it(page: Page, only_on_paper: str, li: User) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await show(page, only_on_paper, li)
    label = page.locator(".answer").get_by_text(LABEL, exact=True)
    await expect(label).to_be_hidden()
    await expect(page.get_by_text(NOTE)).to_be_hidden()
    await page.locator(".answer").get_by_role("button", name="复制", exact=True).click()
    await page.wait_for_function("async () => (await navigator.clipboard.readText()) === '**慢慢**走 0'")
    assert await page.evaluate(COPIED, "text/html") == "<p><strong>慢慢</strong>走 0</p>"
    await page.emulate_media(media="print")
    await expect(label).to_be_visible()


async def test_a_printed_conversation_is_all_of_it_and_nothing_to_press(page: Page, web: str, li: User) -> None:
    """The page itself scrolls inside a window of its own, of which paper would show one screen."""
    conversation = await in_database(lambda: a_conversation(li, "很长", turns=30, text="一句话。" * 40))
    await show(page, web, li)
    await page.goto(f"{web}/c/{conversation.pk}")
    await expect(page.locator(".turn")).to_have_count(30)
    await page.emulate_media(media="print")
    room = await page.evaluate(
        "() => [document.documentElement.scrollHeight, document.querySelector('.turns').offsetHeight]"
    )
    assert room[0] >= room[1] > 3000
    await expect(page.get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("textbox")).to_have_count(0)
