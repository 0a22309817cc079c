"""The life of an answer as a reader sees it. Numbers are ui.md's checks."""

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Cut, Script
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = pytest.mark.slow

LONG = "".join(f"第{number}句话说完了。" for number in range(400))
SHORTER = LONG[: len(LONG) * 3 // 4]
PEEK_PX = 56
FRAMES_UNTIL_SAID = """(words) => new Promise((done) => {
    const box = document.getElementById("composer");
    const said = () => [...document.querySelectorAll(".said-text")].at(-1)?.textContent === words && box.value === "";
    let frames = 0;
    const look = () => said() ? done(frames) : (frames += 1, requestAnimationFrame(look));
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, bubbles: true, cancelable: true }));
    look();
})"""
SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift" });
}"""


async def top(page: Page, selector: str) -> float:
    box = await page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


async def comes_to_rest(page: Page, selector: str, *, at: float, within: float) -> None:
    """Its upper edge, in pixels; a scroll takes a frame or two."""

    async def is_there() -> bool:
        return abs(await top(page, selector) - at) <= within

    await eventually(is_there)


async def test_a_question_goes_to_the_top_and_leaves_an_empty_box(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 8. A hundred milliseconds are six frames, counted by the page itself before any server has answered."""
    endpoint.script(Script(contains="然后呢", endless=True, tokens_per_s=5))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await page.get_by_role("textbox", name="说点什么").fill("然后呢")
    assert await page.evaluate(FRAMES_UNTIL_SAID, "然后呢") <= 6
    await state(answer(page, 1), "streaming")
    header = await top(page, ".thread")
    await comes_to_rest(page, ".turn:last-child", at=header + PEEK_PX, within=4)


async def test_what_is_shown_is_what_the_server_has(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 12: nothing of it moved while it came, nor when it ended."""
    endpoint.script(Script(contains="说来听听", text=LONG))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await page.evaluate(SHIFTS)
    await ask(page, "说来听听")
    await state(answer(page, 1), "completed")
    await expect(answer(page, 1)).to_have_attribute("aria-busy", "false")
    assert await answer(page, 1).locator(".prose").inner_text() == LONG
    await expect(page.locator(".prose[data-live]")).to_have_count(0)
    await expect(answer(page, 1).get_by_role("button", name="复制", exact=True)).to_be_visible()
    assert await page.evaluate("() => window.shifted") <= 0.02


async def press_stop(page: Page, number: int = 0) -> None:
    """Until it counts: right after sending the page takes a press for the second half of a double click."""
    while await answer(page, number).get_attribute("data-state") in {"queued", "streaming"}:
        await page.locator(".go").click()
        await page.wait_for_timeout(20)
    await state(answer(page, number), "stopped")


async def test_stopped_is_stopped_and_can_go_on_in_the_same_answer(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 13."""
    endpoint.script(Script(contains="数数", endless=True, tokens_per_s=60))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "数数")
    await state(answer(page, 0), "streaming")
    await press_stop(page)
    await expect(answer(page, 0)).to_contain_text("你停止了回答")
    endpoint.script(Script(text="说到这里为止。"))
    await answer(page, 0).get_by_role("button", name="继续").click()
    await expect(answer(page, 0)).to_contain_text("说到这里为止。")
    await state(answer(page, 0), "completed")
    await expect(page.locator("[data-generation]")).to_have_count(1)


async def test_an_interrupted_answer_goes_on_as_the_same_answer(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 16."""
    endpoint.next(Script(contains="讲讲", text=LONG, cut=Cut(tokens=40)))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "讲讲")
    await state(answer(page, 0), "interrupted")
    await expect(answer(page, 0)).to_contain_text("已写出的部分都在")
    await expect(answer(page, 0)).to_contain_text("第0句话说完了。")
    endpoint.script(Script(text="剩下的在这里。"))
    await answer(page, 0).get_by_role("button", name="继续").click()
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_contain_text("第0句话说完了。")
    await expect(answer(page, 0)).to_contain_text("剩下的在这里。")
    await expect(page.locator("[data-generation]")).to_have_count(1)


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
    thinking = await strip.bounding_box()
    await state(answer(page, 0), "completed")
    done = await strip.bounding_box()
    assert thinking is not None
    assert done is not None
    assert abs(thinking["height"] - done["height"]) <= 1
    await strip.get_by_role("button", name="展开思考过程").click()
    await expect(page.locator(".reasoning-all")).to_contain_text("先看老人走得了多少路。" * 30)


async def test_who_scrolls_up_is_left_alone(page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    """Check 22: until a hundred more sentences have come."""
    endpoint.script(Script(contains="长一点", text=LONG, tokens_per_s=400))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "长一点")
    await expect(answer(page, 0)).to_contain_text("第99句话")
    thread = page.locator(".thread")
    await thread.hover()
    await page.mouse.wheel(0, -400)
    pill = page.get_by_role("button", name="回到最新")
    await expect(pill).to_be_visible()
    before = await thread.evaluate("box => box.scrollTop")
    await expect(answer(page, 0)).to_contain_text("第199句话")
    assert await thread.evaluate("box => box.scrollTop") == before
    await pill.click()
    await state(answer(page, 0), "completed")
    await page.wait_for_function(
        "() => { const box = document.querySelector('.thread');"
        " return box.scrollHeight - box.clientHeight - box.scrollTop <= 24; }"
    )


async def test_a_selection_survives_what_is_still_written(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 23."""
    endpoint.script(Script(contains="选一句", text=f"开头这一句。\n\n{LONG}", tokens_per_s=300))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "选一句")
    first = answer(page, 0).locator(".prose p").first
    await expect(answer(page, 0)).to_contain_text("第9句话")
    await first.select_text()
    await expect(answer(page, 0)).to_contain_text("第99句话")
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
    arrow = answer(page, 0).get_by_role("button", name="上一个版本")
    await arrow.scroll_into_view_if_needed()
    at = await top(page, ".answer [data-arrow=previous]")
    await arrow.click()
    await expect(answer(page, 0)).not_to_contain_text("第399句话")
    await comes_to_rest(page, ".answer [data-arrow=previous]", at=at, within=2)
    await page.keyboard.press("End")
    await expect(answer(page, 0)).to_contain_text("第399句话")
    await page.keyboard.press("Home")
    await expect(answer(page, 0).locator(".prose")).to_have_text(SHORTER)
