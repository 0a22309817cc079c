"""Somebody comes for the first time, talks, and an administrator sees exactly that in the report."""

import csv
import io
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.models import User
from app.built import assets
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import picture

pytestmark = pytest.mark.slow

FRESH_S = 60
"""The report's promise: nobody waits longer for a fact to show."""


@dataclass(frozen=True)
class Answers:
    chinese: str = "城墙与钟楼在第一天，兵马俑放第二天。" * 12
    english: str = "Start at the South Gate in the morning. " * 6
    edited: str = "五天可以走得慢一些。"


def answer(page: Page, number: int) -> Locator:
    """The nth answer on the page, from 0."""
    return page.locator("[data-generation]").nth(number)


async def sign_up(page: Page) -> None:
    await page.goto("/signup")
    await page.get_by_label("邮箱").fill("chen@example.com")
    await page.locator("input[type=password]").fill("chen-likes-walking")
    await picture(page, "sign-up")
    await page.get_by_role("button", name="注册").click()
    await expect(page.get_by_text("chen@example.com")).to_be_visible()


async def choose_a_scenario(page: Page) -> None:
    await page.goto("/")
    await picture(page, "home")
    await page.get_by_role("main").get_by_role("link", name="生活出行").click()
    await expect(page).to_have_url("/s/life")
    await page.get_by_role("button", name="怎么安排").click()
    composer = page.get_by_role("textbox", name="说点什么")
    await expect(composer).to_have_value("〔国庆三天〕去〔西安〕，带〔老人〕，怎么安排？")


async def ask(page: Page, text: str) -> None:
    """Once the scripts are there: the box painted before them takes words, and cannot send."""
    box = page.locator("#composer")
    await box.fill(text)
    await box.press("Enter")


async def state(answer: Locator, wanted: str) -> None:
    await expect(answer).to_have_attribute("data-state", wanted)


async def test_sign_up_ask_refresh_stop_regenerate_edit_and_the_report_agrees(
    page: Page, endpoint: DemonstrationEndpoint, celery: None
) -> None:
    said = Answers()
    await sign_up(page)
    await choose_a_scenario(page)

    # In Chinese, with a refresh in the middle.
    endpoint.script(Script(contains="西安", text=said.chinese, tokens_per_s=60))
    await ask(page, "国庆三天去西安，带老人，怎么安排？")
    await state(answer(page, 0), "streaming")
    await expect(answer(page, 0)).to_contain_text("兵马俑")
    await picture(page, "streaming")
    await page.reload()
    await expect(answer(page, 0)).to_contain_text("兵马俑")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_contain_text(said.chinese)
    await picture(page, "completed")

    # In English.
    endpoint.script(Script(contains="morning", text=said.english))
    await ask(page, "And in the morning?")
    await state(answer(page, 1), "completed")
    await expect(answer(page, 1)).to_contain_text(said.english.strip())

    # Stopped: what was shown stays, and nothing is added.
    endpoint.script(Script(contains="吃什么", endless=True, tokens_per_s=60))
    await ask(page, "晚上吃什么？")
    await state(answer(page, 2), "streaming")
    await page.wait_for_timeout(500)  # a second click right after sending is ignored by the page
    await page.get_by_role("button", name="停止", exact=True).click()
    await state(answer(page, 2), "stopped")
    await picture(page, "stopped")

    # Again, as a sibling.
    endpoint.script(Script(contains="吃什么", text="羊肉泡馍。"))
    await answer(page, 2).get_by_role("button", name="重新生成", exact=True).click()
    await expect(answer(page, 2)).to_contain_text("羊肉泡馍")
    await state(answer(page, 2), "completed")
    await answer(page, 2).get_by_role("button", name="上一个版本").click()
    await state(answer(page, 2), "stopped")
    await answer(page, 2).get_by_role("button", name="下一个版本").click()

    # The first question, edited: a branch of its own, the old one is still there.
    endpoint.script(Script(contains="五天", text=said.edited))
    first = page.locator("li.turn").first
    await first.get_by_role("button", name="编辑", exact=True).click()
    await first.get_by_role("textbox", name="编辑问题").fill("五天去西安呢？")
    await first.get_by_role("button", name="保存并发送").click()
    await expect(answer(page, 0)).to_contain_text(said.edited)
    await state(answer(page, 0), "completed")
    await expect(page.locator("[data-generation]")).to_have_count(1)
    await expect(first.locator(".said .siblings")).to_have_text("2/2")
    await first.get_by_role("group", name="切换版本").first.get_by_role("button", name="上一个版本").click()
    await expect(page.locator(".said-text")).to_have_text(
        ["国庆三天去西安，带老人，怎么安排？", "And in the morning?", "晚上吃什么？"]
    )
    for number, words in enumerate((said.chinese, said.english.strip(), "羊肉泡馍")):
        await expect(answer(page, number)).to_contain_text(words)
    await picture(page, "branches")

    await the_report_shows_exactly_this(page)


async def the_report_shows_exactly_this(page: Page) -> None:
    turns = await rows(Generation.objects.all())
    assert [turn.state for turn in sorted(turns, key=lambda turn: turn.created_at)] == [
        *("completed", "completed", "stopped", "completed", "completed"),
    ]
    (script,) = assets()["scripts"]
    assert {turn.client for turn in turns} == {f"page-{script.rpartition('main-')[2].removesuffix('.js')}"}
    await in_database(lambda: User.objects.create_superuser("admin@example.com", "admin-keeps-this"))
    context = await page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=page.url.split("/c/")[0], locale="en-US", viewport={"width": 1440, "height": 900}
    )
    admin = await context.new_page()
    await admin.goto("/admin/")
    await admin.locator("input[name=username]").fill("admin@example.com")
    await admin.locator("input[name=password]").fill("admin-keeps-this")
    await admin.keyboard.press("Enter")
    await admin.wait_for_url("/admin/")
    table = await _report_of(admin, turns=len(turns))
    await picture(admin, "report")
    async with admin.expect_download() as download:
        await admin.get_by_role("link", name="CSV").click()
    text = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    life = [line for line in lines if line["scenario"] == "life"]
    assert len(life) == 1
    assert (life[0]["turns"], life[0]["completed"], life[0]["stopped"], life[0]["failed"]) == ("5", "4", "1", "0")
    assert life[0]["active_users"] == "1"
    visible = [(turn.output_tokens or 0) - (turn.reasoning_tokens or 0) for turn in turns]
    assert int(life[0]["output_visible_tokens"]) == sum(visible)
    assert life[0]["turns"] in table
    await context.close()


async def _report_of(admin: Page, *, turns: int) -> str:
    """The report, once Celery has brought it up to date."""
    for _ in range(FRESH_S):
        await admin.goto("/admin/usage/report/")
        table = admin.locator("table").first
        text = await table.inner_text() if await table.count() else ""
        if str(turns) in text.split():
            return text
        await admin.wait_for_timeout(1000)
    raise AssertionError(f"the report did not show {turns} turns within {FRESH_S} s: {text}")
