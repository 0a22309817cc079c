"""A scenario is written in the administration, and is on the page without a deploy, in both languages."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Scenario
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import is_told, picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.journeys.test_writing import composer

pytestmark = pytest.mark.slow

LIST = "/admin/conversations/scenario/"
CHINESE = {
    "name_zh": "公文", "tagline_zh": "照着规矩写", "placeholder_zh": "说说要发什么文", "instructions_zh": "你写公文。",
    "starters-0-text_zh": "写一份〔放假〕通知",
}  # fmt: skip
ENGLISH = {
    "name_en": "Letters", "tagline_en": "By the book", "placeholder_en": "What is to be announced?",
    "instructions_en": "You write official letters.", "starters-0-text_en": "Announce 〔a holiday〕",
}  # fmt: skip


@pytest.fixture
async def desk(browser: Browser, web: str) -> AsyncIterator[Page]:
    """Of an administrator."""
    root = await in_database(lambda: User.objects.create_superuser("root@example.com", "root-knows-this"))
    context = await browser.new_context(base_url=web, locale="en-US", viewport={"width": 1440, "height": 1200})
    page = await context.new_page()
    await sign_in(page, root)
    yield page
    await context.close()


def cards(page: Page) -> Locator:
    return page.get_by_role("main").locator(".card")


async def test_a_scenario_written_in_the_admin_is_on_the_page_in_both_languages(
    page: Page, browser: Browser, desk: Page, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> None:
    await sign_in(page, li)
    await page.goto("/")
    await expect(cards(page)).to_have_count(8)
    (write,) = await rows(Scenario.objects.filter(slug="write"))
    await _is_saved(desk, f"{LIST}{write.pk}/change/", {**CHINESE, **ENGLISH, "icon": "home", "position": "99"})
    await page.reload()
    await expect(cards(page)).to_have_count(8)
    await expect(cards(page).last).to_contain_text("公文")
    await expect(cards(page).last).to_contain_text("照着规矩写")
    await expect(page.locator(".side-scenarios a").last).to_have_text("公文")
    assert await _icon(page, "公文") == await _icon(page, "生活出行")
    await cards(page).last.click()
    await expect(page).to_have_url("/s/write")
    await expect(composer(page)).to_have_attribute("placeholder", "说说要发什么文")
    await page.get_by_role("button", name="写一份放假通知").click()
    await expect(composer(page)).to_have_value("写一份〔放假〕通知")
    endpoint.script(Script(contains="放假", text="全体同事："))
    await ask(page, "写一份放假通知")
    await state(answer(page, 0), "completed")
    assert any("你写公文。" in str(entry) for entry in endpoint.log())
    await _reads_the_same_in_english(browser, page, wang)


async def _reads_the_same_in_english(browser: Browser, page: Page, wang: User) -> None:
    context = await browser.new_context(base_url=page.url.split("/c/")[0], locale="en-US")
    english = await context.new_page()
    await sign_in(english, wang)
    await english.goto("/")
    await expect(cards(english).last).to_contain_text("Letters")
    await cards(english).last.click()
    await expect(english.get_by_text("By the book")).to_be_visible()
    await expect(english.get_by_placeholder("What is to be announced?")).to_be_visible()
    await expect(english.get_by_role("button", name="Announce a holiday")).to_be_visible()
    await context.close()


async def test_a_scenario_turned_off_is_gone_and_a_paused_one_says_so(page: Page, desk: Page, li: User) -> None:
    await desk.goto(LIST)
    await _row(desk, "code").locator("[name$=is_active]").uncheck()
    await _row(desk, "study").locator("[name$=is_paused]").check()
    await _row(desk, "chat").locator("[name$=position]").fill("0")
    await desk.locator("[name=_save]").click()
    await expect(desk.get_by_text("changed successfully")).to_be_visible()
    await sign_in(page, li)
    await page.goto("/")
    await expect(cards(page)).to_have_count(7)
    await expect(cards(page).filter(has_text="编程")).to_have_count(0)
    await expect(cards(page).filter(has_text="学习")).to_contain_text("暂停使用")
    await expect(cards(page).first).to_contain_text("闲聊")
    await picture(page, "scenarios-changed")
    await page.goto("/s/study")
    paused = page.locator(".notice").get_by_text("“学习”暂停使用")
    await expect(paused).to_be_visible()
    await is_told(page, await paused.inner_text())
    await expect(page.get_by_role("button", name="发送")).to_have_attribute("aria-disabled", "true")


async def _is_saved(desk: Page, address: str, fields: dict[str, str]) -> None:
    """Whichever tab of the form a field is on."""
    await desk.goto(address)
    for name, value in fields.items():
        await desk.locator(f"[name={name}]").evaluate(
            "(field, value) => { field.value = value; field.dispatchEvent(new Event('change', {bubbles: true})); }",
            value,
        )
    await desk.locator("[name=_save]").click()
    await expect(desk.get_by_text("was changed successfully")).to_be_visible()


def _row(desk: Page, slug: str) -> Locator:
    return desk.locator("#result_list tr").filter(has=desk.get_by_role("link", name=slug, exact=True))


async def _icon(page: Page, name: str) -> str | None:
    return await cards(page).filter(has_text=name).locator("path").first.get_attribute("d")
