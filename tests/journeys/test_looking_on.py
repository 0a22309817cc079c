"""Somebody reads while an answer is written: nothing moves that they did not move. Numbers are ui.md's checks."""

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.between import WRITING, stand_between
from tests.journeys.conftest import sign_in
from tests.journeys.test_answers import LONG, SHORTER, comes_to_rest, top
from tests.journeys.test_first_visit import answer, ask, state

pytestmark = pytest.mark.slow

WATCH_THINKING = """() => {
    window.strips = [];
    window.firstLines = [];
    const look = () => {
        const strip = document.querySelector('.reasoning').getBoundingClientRect();
        const line = document.querySelector('.prose p');
        window.strips.push(strip.height);
        if (line) window.firstLines.push(line.getBoundingClientRect().top - strip.top);
        requestAnimationFrame(look);
    };
    look();
}"""
"""In every frame: how high the strip is, and how far below it the first line of the answer stands."""
AT_END = """() => {
    const box = document.querySelector('.thread');
    return box.scrollHeight - box.clientHeight - box.scrollTop <= 24;
}"""


async def test_thinking_takes_the_same_room_before_and_after(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 21."""
    endpoint.script(
        Script(contains="想想", thinking="先看老人走得了多少路。" * 30, text="想好了。" * 30, tokens_per_s=150)
    )
    await sign_in(page, li)
    await page.goto("/")
    await page.get_by_role("button", name="深度思考").click()
    await ask(page, "想想")
    strip = page.locator(".reasoning")
    await expect(strip).to_be_visible()
    await page.evaluate(WATCH_THINKING)
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await page.wait_for_function("() => Math.min(window.strips.length, window.firstLines.length) > 10")
    heights, lines = await page.evaluate("() => [window.strips, window.firstLines]")
    assert max(heights) - min(heights) <= 1
    assert max(lines) - min(lines) <= 1
    await strip.get_by_role("button", name="展开思考过程").click()
    await expect(page.locator(".reasoning-all")).to_contain_text("先看老人走得了多少路。" * 30)


async def test_who_scrolls_up_is_left_alone(page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    """Check 22: until a hundred more sentences have come; and once back at the end, the end is followed."""
    endpoint.script(Script(contains="长一点", text=LONG, tokens_per_s=300))
    between = await stand_between(page, holds=WRITING)
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "长一点")
    await between.write_to("第199句话")
    await expect(answer(page, 0)).to_contain_text("第199句话")
    thread = page.locator(".thread")
    await thread.hover()
    await page.mouse.wheel(0, -400)
    pill = page.get_by_role("button", name="回到最新")
    await expect(pill).to_contain_text("正在写")
    before = await thread.evaluate("box => box.scrollTop")
    await between.write_to("第299句话")
    await expect(answer(page, 0)).to_contain_text("第299句话")
    assert await thread.evaluate("box => box.scrollTop") == before
    await pill.click()
    await page.wait_for_function(AT_END)
    there = await thread.evaluate("box => box.scrollTop")
    await between.write_to("第349句话")
    await expect(answer(page, 0)).to_contain_text("第349句话")
    await page.wait_for_function(AT_END)
    assert await thread.evaluate("box => box.scrollTop") > there
    await expect(pill).to_have_count(0)
    between.let_go()
    await state(answer(page, 0), "completed")
    await page.wait_for_function(AT_END)


async def test_a_selection_survives_what_is_still_written(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 23: dragged over with the mouse in the paragraph that is being written."""
    endpoint.script(Script(contains="选一句", text=f"开头这一句。{LONG}", tokens_per_s=300))
    between = await stand_between(page, holds=WRITING)
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "选一句")
    await between.write_to("第9句话")
    growing = answer(page, 0).locator(".prose p")
    await expect(answer(page, 0)).to_contain_text("第9句话")
    await growing.hover(position={"x": 1, "y": 14})  # where it stands once it stands still
    await page.mouse.down()
    await growing.hover(position={"x": 40, "y": 14})
    await between.write_to("第29句话")
    await expect(answer(page, 0)).to_contain_text("第29句话")
    await growing.hover(position={"x": 97, "y": 14})
    await page.mouse.up()
    await between.write_to("第199句话")
    await expect(answer(page, 0)).to_contain_text("第199句话")
    await expect(growing).to_have_count(1)
    assert await page.evaluate("() => String(getSelection())") == "开头这一句。"


async def test_the_arrow_between_versions_stays_under_the_pointer(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 19."""
    endpoint.next(Script(contains="再说", text=SHORTER))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "再说")
    await state(answer(page, 0), "completed")
    endpoint.script(Script(contains="再说", text=LONG))
    await answer(page, 0).get_by_role("button", name="重新生成", exact=True).click()
    await expect(answer(page, 0)).to_contain_text("第399句话")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(answer(page, 0).locator(".siblings")).to_have_text("2/2")
    arrow = answer(page, 0).get_by_role("button", name="上一个版本")
    await arrow.scroll_into_view_if_needed()
    at = await top(page, ".answer [data-arrow=previous]")
    await arrow.click()
    await expect(answer(page, 0)).not_to_contain_text("第399句话")
    await comes_to_rest(page, ".answer [data-arrow=previous]", at=at, within=2)
    await expect(answer(page, 0).locator(".siblings")).to_have_text("1/2")
    await expect(answer(page, 0).locator(".prose")).to_have_text(SHORTER)
    await page.keyboard.press("End")
    await expect(answer(page, 0)).to_contain_text("第399句话")
    await page.keyboard.press("Home")
    await expect(answer(page, 0).locator(".prose")).to_have_text(SHORTER)
