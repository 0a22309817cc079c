"""Check 40 of ui.md, its first part: axe finds nothing, in both languages, both looks, on a phone and a desktop."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from app.accounts.models import User
from tests.journeys.axe import faults
from tests.journeys.conftest import picture, sign_in
from tests.journeys.everything import everything
from tests.journeys.test_keeping_place import TWO_FRAMES

pytestmark = pytest.mark.slow

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """How somebody looks at the page; ``words`` are the names of what they press."""

    page: Page
    name: str
    words: dict[str, str]

    async def is_clean(self, view: str, *, within: str = "html") -> None:
        found: list[str] = []
        for theme in THEMES:
            await self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            await self.page.evaluate(TWO_FRAMES)
            await picture(self.page, f"{view}-{self.name}-{theme}")
            found += [f"{theme}: {fault}" for fault in await faults(self.page, within=within)]
        assert not found, "\n".join(found)


CHINESE = {"search": "搜索对话", "settings": "设置", "menu": "打开侧栏", "bad": "回答得不好"}
ENGLISH = {"search": "Search chats", "settings": "Settings", "menu": "Open sidebar", "bad": "Bad answer"}


@pytest.fixture(params=["zh-390", "zh-1440", "en-390", "en-1440"])
async def look(request: pytest.FixtureRequest, browser: Browser, web: str, li: User, wang: User) -> AsyncIterator[Look]:
    """Signed in nobody yet. Nothing moves, so that no colour is measured half faded in."""
    language, width = str(request.param).split("-")
    context = await browser.new_context(
        base_url=web,
        locale={"zh": "zh-CN", "en": "en-US"}[language],
        viewport={"width": int(width), "height": 900},
        has_touch=width == "390",
        reduced_motion="reduce",
    )
    yield Look(await context.new_page(), str(request.param), {"zh": CHINESE, "en": ENGLISH}[language])
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
    for address in ("/signin", "/signup"):
        await look.page.goto(address)
        await expect(look.page.locator("input[type=password]")).to_be_visible()
        await look.is_clean(address[1:])


async def test_a_thread_with_every_kind_of_thing(look: Look, person: User, conversation: UUID) -> None:
    page = look.page
    await sign_in(page, person)
    await page.goto(f"/c/{conversation}")
    await page.locator(".diagram").scroll_into_view_if_needed()
    for part in (".diagram img", ".katex", "[class^=tk-]"):
        await expect(page.locator(part).first).to_be_attached()
    await look.is_clean("everything")
    await page.locator("[aria-expanded=false]").first.click()
    await page.get_by_role("button", name=look.words["bad"]).last.click()
    await expect(page.locator(".reasons")).to_be_visible()
    await look.is_clean("reasons")


async def test_the_places_without_an_answer(look: Look, person: User) -> None:
    page = look.page
    await sign_in(page, person)
    for address, name, part in (
        ("/", "home", ".cards a"),
        ("/s/translate", "translate", ".starters button"),
        ("/t", "temporary", ".hello .icon"),
        ("/nowhere", "nowhere", ".nothing"),
    ):
        await page.goto(address)
        await expect(page.locator(part).first).to_be_visible()
        await look.is_clean(name)


async def test_what_lies_over_the_page(look: Look, person: User, conversation: UUID) -> None:
    page = look.page
    await sign_in(page, person)
    await page.goto("/")
    if "390" in look.name:
        await page.get_by_role("button", name=look.words["menu"]).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await look.is_clean("drawer")
    await page.get_by_role("button", name=look.words["settings"]).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look.is_clean("settings")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("西安")
    await expect(page.get_by_role("option").first.locator("mark")).to_be_visible()
    await look.is_clean("search")


async def test_the_report(look: Look, admin: User) -> None:
    """Ours of it: what stands around it is the admin's theme, a library."""
    await sign_in(look.page, admin)
    await look.page.goto("/admin/usage/report/")
    await expect(look.page.locator(".usage-report form")).to_be_attached()
    await look.is_clean("usage-report", within=".usage-report")
