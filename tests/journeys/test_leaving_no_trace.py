"""A temporary conversation, and signing out: what stays in the browser, and what does not."""

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import Conversation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import kept_by_browser, picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = pytest.mark.slow

DATABASES = """async () => {
    const all = await indexedDB.databases();
    return all.map(({ name }) => name).filter((name) => name.startsWith('shiyong-') && name !== 'shiyong-guest');
}"""


async def test_a_temporary_conversation_is_nowhere_to_be_found_after_it(
    installed: Page, endpoint: DemonstrationEndpoint
) -> None:
    """Check 38."""
    page = installed
    endpoint.script(Script(contains="秘密", text="不告诉别人。"))
    await page.get_by_role("link", name="临时对话").click()
    await expect(page).to_have_url("/t")
    await picture(page, "temporary-empty")
    await page.get_by_role("textbox", name="说点什么").fill("一个秘密的草稿")
    assert "秘密" not in await kept_by_browser(page)
    await ask(page, "我有一个秘密")
    await state(answer(page, 0), "completed")
    await picture(page, "temporary")
    assert "秘密" not in await kept_by_browser(page)
    (made,) = await rows(Conversation.objects.all())
    assert made.is_temporary
    assert await page.locator(".side .row").count() == 0
    await page.reload()
    await expect(page.get_by_role("heading", name="临时对话")).to_be_visible()
    await expect(page.locator("[data-generation]")).to_have_count(0)
    await expect(page.get_by_text("秘密")).to_have_count(0)
    assert "秘密" not in await kept_by_browser(page)
    await _is_left()


async def test_going_elsewhere_leaves_it_too(page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    await sign_in(page, li)
    await page.goto("/t")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await page.get_by_role("link", name="新对话").first.click()
    await _is_left()
    await page.go_back()
    await expect(page.locator("[data-generation]")).to_have_count(0)


async def test_what_got_lost_on_the_way_out_is_said_again_by_the_next_page(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """And nothing is left of it then, not even its id."""
    await sign_in(page, li)
    await page.goto("/t")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await page.route("**/api/conversations/*/", lambda route: route.abort())
    async with page.expect_event("requestfailed", lambda request: request.method == "DELETE"):
        await page.get_by_role("link", name="新对话").first.click()
    (made,) = await rows(Conversation.objects.all())
    assert made.deleted_at is None
    await page.unroute_all()
    await page.reload()
    await _is_left()
    await page.wait_for_function("() => sessionStorage.length === 0")


async def _is_left() -> None:
    """The server was told."""

    async def told() -> bool:
        return all(made.deleted_at for made in await rows(Conversation.objects.all()))

    await eventually(told)


async def test_signing_out_empties_this_browser(installed: Page, endpoint: DemonstrationEndpoint) -> None:
    """Check 39, its first part."""
    page = installed
    endpoint.script(Script(contains="合同", text="第三条要改。"))
    await ask(page, "看看这份合同")
    await state(answer(page, 0), "completed")
    composer = page.get_by_role("textbox", name="说点什么")
    await composer.fill("合同的草稿")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_text("看看这份合同").first).to_be_visible()
    assert await page.evaluate(DATABASES) != []
    await page.get_by_role("button", name="打开侧栏").click()
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("button", name="退出登录").click()
    await expect(page).to_have_url("/signin")

    async def databases_are_gone() -> bool:
        return not await page.evaluate(DATABASES)

    await eventually(databases_are_gone)
    kept = await kept_by_browser(page)
    for trace in ("合同", "第三条", "li@example.com", "/api/", "/c/"):
        assert trace not in kept
    await expect(other.get_by_text("看看这份合同")).to_have_count(0)
    await expect(other.get_by_role("link", name="登录").first).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("link", name="登录").first).to_be_visible()
    await expect(page.get_by_text("合同")).to_have_count(0)
