"""The page as something installed: it opens without a network, and what was said there is sent when one is back."""

import json

import pytest
from playwright.async_api import Page, expect

from conversations.models import Message
from tests.database import rows
from tests.journeys.conftest import kept_by_browser, picture
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = pytest.mark.slow

ALL_KEPT = """async () => {
    const names = await caches.keys();
    const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().map((request) => new URL(request.url).pathname);
}"""


async def test_what_is_said_without_a_network_outlives_a_reload_there_and_is_sent_later(installed: Page) -> None:
    page = installed
    await page.context.set_offline(True)
    await ask(page, "在山里说的")
    await expect(page.locator(".said-text")).to_have_text("在山里说的")
    box = page.get_by_role("textbox", name="说点什么")
    await box.fill("下一句写到一半")
    for words in ("在山里说的", "下一句写到一半"):
        await _is_on_disk(page, words)
    await page.reload()
    await expect(page.locator(".said-text")).to_have_text("在山里说的")
    await expect(box).to_have_value("下一句写到一半")
    await expect(page.get_by_text("网络断开了")).to_be_visible()
    await picture(page, "offline")
    assert await rows(Message.objects.all()) == []
    await page.context.set_offline(False)
    await state(answer(page, 0), "completed")
    assert [message.text for message in await rows(Message.objects.filter(role="user"))] == ["在山里说的"]


async def _is_on_disk(page: Page, words: str) -> None:
    async def found() -> bool:
        return words in await kept_by_browser(page)

    await eventually(found)


async def test_a_place_never_visited_opens_without_a_network_and_its_parts_too(installed: Page) -> None:
    page = installed
    await page.context.set_offline(True)
    await page.goto("/s/translate")
    await expect(page.get_by_role("textbox", name="说点什么")).to_be_visible()
    await page.get_by_role("button", name="打开侧栏").click()
    await page.get_by_role("button", name="设置").click()
    await expect(page.get_by_role("dialog", name="设置")).to_be_visible()


async def test_only_files_of_everybody_are_kept(installed: Page) -> None:
    await ask(installed, "你好")
    await state(answer(installed, 0), "completed")
    await installed.reload()
    await state(answer(installed, 0), "completed")
    kept = await installed.evaluate(ALL_KEPT)
    assert [path for path in kept if not path.startswith("/static/assets/")] == ["/offline"]
    shell = await installed.evaluate("async () => (await caches.match('/offline')).text()")
    assert "li@example.com" not in shell
    assert "李" not in shell


async def test_it_can_be_installed(installed: Page) -> None:
    devtools = await installed.context.new_cdp_session(installed)
    found = await devtools.send("Page.getInstallabilityErrors")
    assert [error["errorId"] for error in found["installabilityErrors"] if error["errorId"] != "in-incognito"] == []
    manifest = json.loads((await devtools.send("Page.getAppManifest"))["data"])
    for icon in manifest["icons"]:
        assert (await installed.request.get(icon["src"])).headers["content-type"] == "image/png"


async def test_a_new_build_is_asked_for_every_time(installed: Page) -> None:
    script = await installed.request.get("/sw.js")
    assert "no-cache" in script.headers["cache-control"]
    listed = json.loads((await script.text()).split("self.kept = ", 1)[1].split(";\n", 1)[0])["files"]
    assert any("/main-" in path for path in listed)
    for path in listed:
        assert (await installed.request.get(path)).ok, path
