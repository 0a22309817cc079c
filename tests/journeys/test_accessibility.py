"""Check 40 of ui.md, its first three parts: axe finds nothing and all of it fits, whoever looks at it on whatever.

In both languages, both looks, on a phone and a desktop; the phone also at its narrowest, the desktop zoomed to 400 %.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import ModelEndpoint, Scenario
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.axe import faults
from tests.journeys.conftest import picture, sign_in
from tests.journeys.everything import everything
from tests.journeys.fitting import NARROWEST, ZOOMED, misfits, misfits_spaced
from tests.journeys.test_answers import press_stop
from tests.journeys.test_finding_again import hold_undo
from tests.journeys.test_first_visit import answer, state
from tests.journeys.test_keeping_place import TWO_FRAMES
from tests.journeys.test_writing import end_all_sessions

pytestmark = pytest.mark.slow

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)


CHANGED_OVER = """async () => {
  const underWay = document.getAnimations().filter((it) => it instanceof CSSTransition);
  await Promise.allSettled(underWay.map((it) => it.finished));
}"""
"""Colours go over from one theme to the other, in no time where motion is reduced, and yet not in the same frame."""


REGIONS = """() => [...document.querySelectorAll('[role=status], [role=alert], [role=log], [aria-live], output')]
    .map((it) => it.id).sort()"""
"""Whatever else spoke by itself would speak again whenever it is drawn again."""


@dataclass(frozen=True)
class Look:
    """How somebody looks at the page; ``words`` are the names of what they press."""

    page: Page
    name: str
    words: dict[str, str]
    window: ViewportSize
    smallest: ViewportSize

    async def is_clean(self, view: str, *, within: str = "html") -> None:
        assert within != "html" or await self.page.evaluate(REGIONS) == ["alert", "say"]
        found: list[str] = []
        for theme in THEMES:
            await self.page.emulate_media(color_scheme=theme)
            await self.page.evaluate(TWO_FRAMES)
            await self.page.evaluate(CHANGED_OVER)
            await picture(self.page, f"{view}-{self.name}-{theme}")
            found += [f"{theme}: {fault}" for fault in await faults(self.page, within=within)]
        assert not found, "\n".join(found)

    async def fits(self, view: str) -> None:
        """Without menus: they close, or stand where they were opened, when a window changes."""
        found = await misfits(self.page)
        await self._resize(self.smallest)
        found += await misfits(self.page) + await misfits_spaced(self.page)
        await self._resize(self.window)
        assert not found, "\n".join((view, *found))

    async def _resize(self, window: ViewportSize) -> None:
        await self.page.set_viewport_size(window)
        await self.page.wait_for_function("(width) => innerWidth === width", arg=window["width"])
        await self.page.evaluate(TWO_FRAMES)

    async def is_clean_and_fits(self, view: str) -> None:
        await self.is_clean(view)
        await self.fits(view)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=self.words[name], exact=True).last.click()

    @property
    def is_phone(self) -> bool:
        return self.window == PHONE


CHINESE = {
    "search": "搜索对话", "settings": "设置", "menu": "打开侧栏", "bad": "回答得不好",
    "again": "换一种方式重新生成，或举报",
    "edit": "编辑", "sign in": "登录", "shortcuts": "查看", "row": "“西安三日”的更多操作",
    "archive": "归档", "shelf": "已归档", "appeal": "申诉",
}  # fmt: skip
ENGLISH = {
    "search": "Search chats", "settings": "Settings", "menu": "Open sidebar", "bad": "Bad answer",
    "again": "Regenerate another way, or report", "edit": "Edit", "sign in": "Sign in", "shortcuts": "Show",
    "row": "More actions for “西安三日”", "archive": "Archive", "shelf": "Archived",
    "appeal": "Appeal",
}  # fmt: skip


@pytest.fixture(params=["zh-390", "zh-1280", "en-390", "en-1280"])
async def look(request: pytest.FixtureRequest, browser: Browser, web: str, li: User, wang: User) -> AsyncIterator[Look]:
    """Signed in nobody yet. Nothing moves, so that no colour is measured half faded in."""
    language, width = str(request.param).split("-")
    window, smallest = (PHONE, NARROWEST) if width == "390" else (DESKTOP, ZOOMED)
    context = await browser.new_context(
        base_url=web,
        locale={"zh": "zh-CN", "en": "en-US"}[language],
        viewport=window,
        has_touch=window == PHONE,
        reduced_motion="reduce",
        service_workers="block",
    )
    words = {"zh": CHINESE, "en": ENGLISH}[language]
    yield Look(await context.new_page(), str(request.param), words, window, smallest)
    await context.close()


@pytest.fixture
def person(look: Look, li: User, wang: User) -> User:
    return li if look.words is CHINESE else wang


@pytest.fixture
def conversation(person: User) -> UUID:
    return everything(person)


@pytest.fixture
def admin(look: Look) -> User:
    return User.objects.create_superuser("admin@example.com", "admin-keeps-this")


async def test_the_doors(look: Look) -> None:
    for address in ("/signup", "/signin"):
        await look.page.goto(address)
        await expect(look.page.locator("input[type=password]")).to_be_visible()
        await look.is_clean_and_fits(address[1:])
    await look.press("sign in")
    await expect(look.page.locator(".wrong").first).to_be_visible()
    await look.is_clean_and_fits("signin-wrong")


async def test_a_thread_with_every_kind_of_thing(look: Look, person: User, conversation: UUID) -> None:
    page = look.page
    await sign_in(page, person)
    await page.goto(f"/c/{conversation}")
    await page.locator(".diagram").scroll_into_view_if_needed()
    for part in (".diagram img", ".katex", "[class^=tk-]"):
        await expect(page.locator(part).first).to_be_attached()
    await look.is_clean_and_fits("everything")
    await page.locator(".prose").first.get_by_role("link").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look.is_clean_and_fits("leaving")
    await page.keyboard.press("Escape")
    await look.press("again")
    await expect(page.get_by_role("menu")).to_be_visible()
    await look.is_clean("again")
    await page.keyboard.press("Escape")
    await page.locator("[aria-expanded=false]").first.click()
    await look.press("edit")
    await expect(page.locator(".said-edit")).to_be_visible()
    await look.fits("editing")
    await look.press("bad")
    await expect(page.locator(".asking")).to_be_visible()
    await look.is_clean("reasons")
    await page.keyboard.press("Escape")
    await look.press("appeal")
    await expect(page.locator(".asking")).to_be_visible()
    await look.is_clean("appeal")


async def test_answers_under_way(
    look: Look, person: User, catalog: ModelEndpoint, endpoint: DemonstrationEndpoint
) -> None:
    """One is written, one waits for it; a word more waits for that one, and another is being said."""
    page = look.page
    catalog.max_concurrency = 1
    await in_database(catalog.save)
    endpoint.script(Script(contains="慢慢", thinking="先想一想。" * 9, text="一句话。" * 5000, tokens_per_s=20))
    await sign_in(page, person)
    await page.goto("/")
    await page.locator(".chip").first.click()
    await _say(page, "慢慢写")
    await state(answer(page, 0), "thinking")
    await look.is_clean("thinking")
    await state(answer(page, 0), "streaming")
    await look.is_clean_and_fits("streaming")
    writing = page.url
    await page.goto("/")
    await _say(page, "排队")
    await state(answer(page, 0), "queued")
    await page.locator("#composer").fill("接着说的" * 30)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".next-slot")).to_be_visible()
    await page.locator("#composer").fill("还有")
    await look.is_clean_and_fits("queued")
    await page.locator("#composer").fill("")
    await press_stop(page)
    await page.goto(writing)
    await press_stop(page)


async def _say(page: Page, words: str) -> None:
    """By the button: on a touch screen Enter breaks the line."""
    await page.locator("#composer").fill(words)
    await page.locator(".go").click()


async def test_the_places_without_an_answer(look: Look, person: User) -> None:
    page = look.page
    await in_database(lambda: Scenario.objects.filter(slug="code").update(is_paused=True))
    await sign_in(page, person)
    for address, name, part in (
        ("/", "home", ".cards a"),
        ("/s/translate", "translate", ".starters button"),
        ("/s/code", "paused", ".notice"),
        ("/t", "temporary", ".hello .icon"),
        ("/nowhere", "nowhere", ".nothing"),
        (f"/c/{person.pk}", "no-conversation", ".nothing"),
    ):
        await page.goto(address)
        await expect(page.locator(part).first).to_be_visible()
        await look.is_clean_and_fits(name)


async def test_what_lies_over_the_page(look: Look, person: User, conversation: UUID) -> None:
    page = look.page
    await sign_in(page, person)
    await page.goto("/")
    if look.is_phone:
        await look.press("menu")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await look.is_clean_and_fits("drawer")
    await look.press("row")
    await expect(page.get_by_role("menu")).to_be_visible()
    await look.is_clean("row-menu")
    await page.keyboard.press("Escape")
    await page.locator(".side .row > a").press("F2")
    await expect(page.locator(".side .row input")).to_be_focused()
    await look.is_clean_and_fits("renaming")
    await page.keyboard.press("Escape")
    await _puts_away(look)
    await look.press("settings")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look.is_clean_and_fits("settings")
    if not look.is_phone:
        await look.press("shortcuts")
        await expect(page.locator(".shortcuts")).to_be_visible()
        await look.is_clean_and_fits("shortcuts")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("西安")
    await expect(page.get_by_role("option").first.locator("mark")).to_be_visible()
    await look.is_clean_and_fits("search")
    await page.get_by_role("combobox").fill("大雁塔")
    await expect(page.locator(".search-none")).to_be_visible()
    await look.is_clean_and_fits("search-none")


async def _puts_away(look: Look) -> None:
    """Into the archive: for a while it can be undone, and then it is found there."""
    await look.press("row")
    await look.page.get_by_role("menuitem", name=look.words["archive"], exact=True).click()
    await hold_undo(look.page)
    await look.is_clean_and_fits("toast")
    await look.press("shelf")
    await expect(look.page.locator(".side-shelf")).to_be_visible()
    await expect(look.page.locator(".side .row")).to_have_count(1)
    await look.is_clean_and_fits("archive")


async def test_what_went_wrong(look: Look, person: User, conversation: UUID) -> None:
    """A question was refused, the line is down, the sign-in ran out."""
    page = look.page
    await sign_in(page, person)
    await page.goto("/s/code")
    await expect(page.locator(".starters button").first).to_be_visible()
    await in_database(lambda: Scenario.objects.filter(slug="code").update(is_paused=True))
    await _say(page, "还来得及吗？")
    await expect(page.locator(".said .fault")).to_be_visible()
    await look.is_clean_and_fits("refused")
    await page.goto(f"/c/{conversation}")
    await expect(page.locator(".turn").first).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator(".banner")).to_be_visible()
    await _say(page, "在山里说的")
    await look.is_clean_and_fits("offline")
    await in_database(end_all_sessions)
    await page.context.set_offline(False)
    await expect(page.get_by_role("dialog").locator("input[type=password]")).to_be_visible()
    await look.is_clean_and_fits("expired")


async def test_the_report(look: Look, admin: User) -> None:
    """Ours of it: what stands around it is the admin's theme, a library."""
    await sign_in(look.page, admin)
    await look.page.goto("/admin/usage/report/")
    await expect(look.page.locator(".usage-report form")).to_be_attached()
    await look.is_clean("usage-report", within=".usage-report")
