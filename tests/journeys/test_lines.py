"""The line between page and server, and the line of people: what is told of both. Numbers are ui.md's checks."""

import json

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import ModelEndpoint
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.between import stand_between
from tests.journeys.conftest import picture, sign_in
from tests.journeys.test_answers import LONG, press_stop
from tests.journeys.test_first_visit import answer, ask, state

pytestmark = pytest.mark.slow


async def test_a_place_in_the_line_is_told_and_can_be_left(
    page: Page,
    browser: Browser,
    web: str,
    li: User,
    wang: User,
    catalog: ModelEndpoint,
    endpoint: DemonstrationEndpoint,
) -> None:
    """Check 11. The line is real; of the places in it the page is told those the check wants."""
    catalog.max_concurrency = 1
    await in_database(catalog.save)
    endpoint.script(Script(contains="先来", endless=True, tokens_per_s=20))
    context = await browser.new_context(base_url=web, locale="zh-CN")
    first = await context.new_page()
    await sign_in(first, wang)
    await first.goto("/")
    await first.locator("#composer").fill("先来的")
    await first.keyboard.press("Enter")
    await state(answer(first, 0), "streaming")
    between = await stand_between(page, holds={"queued"})
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "后来的")
    await state(answer(page, 0), "queued")
    generation = await answer(page, 0).get_attribute("data-generation")
    for position, words in ((4, "前面还有 3 位 · 约 9 秒"), (3, "前面还有 2 位"), (1, "马上轮到你")):
        between.tell(
            {"type": "queued", "generation": generation, "position": position, "eta_s": 9 if position == 4 else None}
        )
        await expect(answer(page, 0)).to_contain_text(words)
    await expect(page.get_by_role("button", name="取消排队")).to_be_visible()
    await press_stop(page)
    await expect(page.get_by_role("textbox", name="说点什么")).to_be_editable()
    await press_stop(first)
    await context.close()


async def test_a_broken_line_loses_and_repeats_nothing(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 15. The page's clock stands still while the line is down, and is moved to either side of three seconds."""
    endpoint.script(Script(contains="别断", text=LONG, tokens_per_s=400))
    lines: list[WebSocketRoute] = []
    down = False

    async def join(line: WebSocketRoute) -> None:
        lines.append(line)
        if down:
            await line.close(code=4000)
        else:
            line.connect_to_server()

    await page.route_web_socket("**/ws/**", join)
    await page.clock.install()
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "别断")
    await expect(answer(page, 0)).to_contain_text("第9句话")
    banner = page.get_by_text("正在重新连接")
    await page.clock.pause_at(await page.evaluate("() => Date.now() + 1000"))
    down = True
    await lines[-1].close(code=4000)
    await page.clock.run_for(2900)
    await expect(banner).to_have_count(0)
    await page.clock.run_for(200)
    await expect(banner).to_be_visible()
    down = False
    await page.clock.resume()
    await expect(banner).to_have_count(0)
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(answer(page, 0).locator(".prose")).to_have_text(LONG)


async def test_two_tabs_of_one_conversation_show_the_same_and_stop_each_other(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 18."""
    endpoint.script(Script(contains="两边", endless=True, tokens_per_s=60))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    other = await page.context.new_page()
    await other.goto(page.url)
    await state(answer(other, 0), "completed")
    await ask(page, "两边")
    await state(answer(other, 1), "streaming")
    await press_stop(other, 1)
    await state(answer(page, 1), "stopped")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "11月30日周一 08:00 恢复"),
        ("en-US", "Mon, Nov 30, 08:00 AM"),
    ],
)
async def test_whoever_has_used_up_an_allowance_is_told_when_it_comes_back(
    browser: Browser, web: str, li: User, wang: User, locale: str, words: str
) -> None:
    """Check 40, its last part: in the reader's own time, which is eight hours ahead of the server's."""
    context = await browser.new_context(base_url=web, locale=locale, timezone_id="Asia/Shanghai")
    page = await context.new_page()

    def refuse(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def hear(said: str | bytes) -> None:
            frame = json.loads(said)
            if frame["type"] == "send":
                params = {"resets_at": "2026-11-30T00:00:00Z"}
                line.send(json.dumps({"type": "error", "id": frame["id"], "code": "quota_exceeded", "params": params}))
            else:
                server.send(said)

        line.on_message(hear)

    await page.route_web_socket("**/ws/**", refuse)
    await sign_in(page, li if locale == "zh-CN" else wang)
    await page.goto("/")
    await ask(page, "你好")
    await expect(page.locator(".fault").filter(has_text=words)).to_be_visible()
    await picture(page, f"allowance-{locale}")
    await context.close()
