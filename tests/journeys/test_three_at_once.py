"""Three answers stream while somebody types in the third conversation. Numbers are ui.md's checks."""

import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state

pytestmark = pytest.mark.slow

WORDS = "我一边看一边写，写的每一个字都在。" * 12
OBSERVE = """() => {
    window.slow = { keys: [], long: [] };
    new PerformanceObserver((list) => window.slow.keys.push(...list.getEntries().map((it) => it.duration)))
        .observe({ type: 'event', durationThreshold: 16 });
    new PerformanceObserver((list) => window.slow.long.push(...list.getEntries().map((it) => it.duration)))
        .observe({ type: 'longtask' });
}"""


async def begun_thrice(page: Page, endpoint: DemonstrationEndpoint) -> None:
    """Three conversations, the last one in view, each answered without an end at 100 tokens a second."""
    endpoint.script(Script(contains="慢慢写", endless=True, tokens_per_s=100))
    for number in range(3):
        await page.goto("/") if number == 0 else await page.get_by_role("link", name="新对话").first.click()
        await expect(page.get_by_role("main").get_by_role("link", name="翻译")).to_be_visible()
        await ask(page, f"慢慢写第 {number} 篇")
        await state(answer(page, 0), "streaming")
    await expect(live(page)).to_have_count(3)


async def typed(page: Page) -> dict[str, list[float]]:
    """200 keys, one by one: the durations in ms of ``keys`` that took over 16, and of ``long`` tasks."""
    await page.evaluate(OBSERVE)
    for character in WORDS[:200]:
        await page.keyboard.type(character)
    await expect(page.get_by_role("textbox", name="说点什么")).to_have_value(WORDS[:200])
    found: dict[str, list[float]] = await page.evaluate("() => window.slow")
    return {name: sorted(ms) for name, ms in found.items()}


def live(page: Page) -> Locator:
    return page.locator(".side .row").filter(has_text="正在回答")


def stop_all() -> None:
    for generation in Generation.objects.active():
        Generation.objects.filter(pk=generation.pk).update(stop_requested_at=generation.created_at)


async def test_whoever_types_while_three_answers_come_loses_no_key(
    page: Page,
    web: str,
    li: User,
    endpoint: DemonstrationEndpoint,
) -> None:
    """Check 26. Its milliseconds are a property of the machine: ``measure.py`` tells them, and nobody judges them."""
    await sign_in(page, li)
    await begun_thrice(page, endpoint)
    await picture(page, "three-at-once")
    await typed(page)
    await expect(live(page)).to_have_count(3)
    await in_database(stop_all)
    await expect(live(page)).to_have_count(0)
    await expect(page.get_by_role("textbox", name="说点什么")).to_have_value(WORDS[:200])
