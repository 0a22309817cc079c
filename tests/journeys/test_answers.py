"""The life of an answer as a reader sees it. Numbers are ui.md's checks."""

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Cut, Script
from conversations.models import Generation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.between import stand_between
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
AFTER_FRAMES = """(frames) => new Promise((done) => {
    const look = () => frames-- > 0 ? requestAnimationFrame(look) : done(document.querySelector('.prose').textContent);
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


async def test_thinking_is_skipped_by_asking_again_without_it(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """What was thought stays with the answer that was given up."""
    endpoint.script(Script(contains="难题", thinking="再想一想。" * 400, tokens_per_s=40, times=1))
    await sign_in(page, li)
    await page.goto("/")
    await page.get_by_role("button", name="深度思考").click()
    await ask(page, "一道难题")
    await state(answer(page, 0), "thinking")
    await page.get_by_role("button", name="跳过思考").click()
    await state(answer(page, 0), "completed")
    await expect(page.locator(".reasoning")).to_have_count(0)
    await page.get_by_role("button", name="上一个版本").click()
    await state(answer(page, 0), "stopped")
    await expect(page.locator(".reasoning")).to_contain_text("再想一想")
    asked = [(it.state, it.thinking_wanted) for it in await rows(Generation.objects.order_by("created_at"))]
    assert asked == [("stopped", True), ("completed", False)]


async def test_what_is_shown_is_what_the_server_has(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 12: nothing of it moved while it came, nor when it ended; and what was drawn once was never drawn anew."""
    endpoint.script(Script(contains="说来听听", text=LONG))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await page.evaluate(SHIFTS)
    await ask(page, "说来听听")
    await expect(answer(page, 1).locator(".prose p")).to_contain_text("第")
    await expect(answer(page, 0).locator(".prose p").first).to_be_attached()  # what draws it came late, perhaps
    await page.evaluate(KEEP_DRAWN)
    await state(answer(page, 1), "completed")
    await expect(answer(page, 1)).to_have_attribute("aria-busy", "false")
    await expect(answer(page, 1).locator(".prose")).to_have_text(LONG)
    await is_as_drawn(page)
    await expect(page.locator(".prose[data-live]")).to_have_count(0)
    await expect(answer(page, 1).get_by_role("button", name="复制", exact=True)).to_be_visible()
    assert await page.evaluate("() => window.shifted") <= 0.02
    await ask(page, "再说一句")
    await state(answer(page, 2), "completed")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("radio", name="English").check(force=True)
    await is_as_drawn(page)


KEEP_DRAWN = """() => {
    const [first, second] = document.querySelectorAll('.answer');
    window.drawn = [first, second, ...[first, second].flatMap((it) => [...it.querySelectorAll('.prose, .prose p')])];
}"""


async def is_as_drawn(page: Page) -> None:
    """The elements kept of the first two answers, down to their paragraphs, are those on the page."""
    kept = await page.evaluate("() => window.drawn.map((element) => [element.outerHTML, element.isConnected])")
    assert len(kept) >= 6
    assert [drawn for drawn, is_here in kept if not is_here] == []


async def press_stop(page: Page, number: int = 0) -> None:
    """Until it counts: right after sending the page takes a press for the second half of a double click."""
    while await answer(page, number).get_attribute("data-state") in {"queued", "starting", "thinking", "streaming"}:
        await page.locator(".go").click()
        await page.wait_for_timeout(20)
    await state(answer(page, number), "stopped")


async def test_stopped_is_stopped_and_can_go_on_in_the_same_answer(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 13: within eighteen frames, which are 300 ms. The wish is held up on its way, so that more words come."""
    endpoint.script(Script(contains="数数", text=LONG, tokens_per_s=60))
    between = await stand_between(page, holds={"stop"})
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "数数")
    await state(answer(page, 0), "streaming")
    prose = answer(page, 0).locator(".prose")
    await expect(prose).to_be_visible()
    while not between.held:  # right after sending a press counts for the second half of a double click
        await page.locator(".go").click()
    frozen = await page.evaluate(AFTER_FRAMES, 18)
    then = between.seen["delta"]

    async def more_came() -> bool:
        return between.seen["delta"] > then + 5

    await eventually(more_came)
    assert await prose.text_content() == frozen
    between.let_go()
    await state(answer(page, 0), "stopped")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    (kept,) = await rows(Generation.objects.all())
    await expect(prose).to_have_text(kept.text)
    await expect(answer(page, 0)).to_contain_text("你停止了回答")
    endpoint.script(Script(text="说到这里为止。"))
    await answer(page, 0).get_by_role("button", name="继续").click()
    await expect(answer(page, 0)).to_contain_text("说到这里为止。")
    await state(answer(page, 0), "completed")
    await expect(page.locator("[data-generation]")).to_have_count(1)


async def test_a_reload_shows_what_was_written_and_the_rest_as_it_comes(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 17, without its second: the first that is told after the reload brings all that had been seen."""
    endpoint.script(Script(contains="别断", text=LONG, tokens_per_s=60))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "别断")
    await expect(answer(page, 0)).to_contain_text("第9句话")
    seen = await answer(page, 0).locator(".prose").inner_text()
    between = await stand_between(page, holds={"delta"})
    await page.reload()
    prose = answer(page, 0).locator(".prose")

    async def more_is_told() -> bool:
        return bool(between.held)

    await eventually(more_is_told)
    between.held.pop(0).go()
    await expect(prose).to_contain_text(seen)
    await state(answer(page, 0), "streaming")
    shown = await prose.inner_text()
    assert LONG.startswith(shown)
    between.let_go()
    await expect(prose).to_contain_text(f"第{shown.count('句话') + 2}句话")  # not all of it: paragraphs may have ended
    await state(answer(page, 0), "streaming")
    assert LONG.startswith(await prose.inner_text())


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
