"""The page in pictures, to be looked at: every view, in both languages and looks, on a desktop and on a phone.

    var/venv/bin/python -m pytest -n0 tests/journeys/gallery.py [-k zh-light-desktop]

writes ``var/pictures/gallery/``, and those that the documentation shows to ``docs/images/``.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from playwright.async_api import Browser, Page, ViewportSize, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Conversation, ModelEndpoint
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import PICTURES, sign_in
from tests.journeys.gallery_past import said_in, spoken
from tests.journeys.gallery_texts import Said
from tests.journeys.test_first_visit import answer, state
from tests.processes import ROOT

GALLERY, SHOWN_IN = PICTURES / "gallery", ROOT / "docs" / "images"
SHOWN = {
    "chat-zh-light-desktop", "chat-en-dark-desktop", "chat-en-light-phone", "chat-zh-dark-phone",
    "home-zh-light-desktop", "home-en-dark-phone", "translate-zh-light-desktop", "code-en-light-desktop",
    "report-en-light-desktop",
}  # fmt: skip
SIZES = {"desktop": ViewportSize(width=1440, height=960), "phone": ViewportSize(width=390, height=844)}
LOOKS = [f"{language}-{look}-{device}" for language in ("zh", "en") for look in ("light", "dark") for device in SIZES]
SCENARIOS = ("write", "translate", "study", "code", "read", "office", "life", "chat")


DRAWN = """() => !document.querySelector('.formula > code') && [...document.querySelectorAll('.diagram')].every(
    (slot) => slot.querySelector('img')?.complete || slot.getBoundingClientRect().bottom < 0
        || slot.getBoundingClientRect().top > innerHeight)"""
"""Every formula, and every diagram in view."""


@dataclass(frozen=True)
class Visit:
    """Somebody before the page; ``name`` says how it is looked at."""

    page: Page
    name: str
    endpoint: DemonstrationEndpoint
    person: User
    said: dict[str, Said]
    conversations: dict[str, Conversation]

    @property
    def size(self) -> ViewportSize:
        return SIZES[self.name.rpartition("-")[2]]

    @property
    def is_phone(self) -> bool:
        return self.size == SIZES["phone"]

    def word(self, chinese: str, english: str) -> str:
        return chinese if self.name.startswith("zh") else english

    async def press(self, chinese: str, english: str) -> None:
        """The last button of that name."""
        await self.page.get_by_role("button", name=self.word(chinese, english), exact=True).last.click()

    async def taken(self, view: str) -> None:
        """Nothing moves, and the page has drawn what it lazily draws."""
        file = GALLERY / f"{view}-{self.name}.png"
        await self.page.wait_for_load_state("networkidle")
        await self.page.wait_for_function(DRAWN)
        await self.page.wait_for_timeout(300)  # for eyes, not for a verdict: colours come from a worker
        await self.page.screenshot(path=file)
        if file.stem in SHOWN:
            shutil.copy(file, SHOWN_IN)

    async def asked(self, text: str) -> None:
        """By the button: a touch keyboard's Enter breaks the line."""
        await self.page.goto("/")
        await self.page.locator("#composer").fill(text)
        await self.page.locator(".go").click()

    async def opened(self, name: str) -> None:
        await self.page.goto(f"/c/{self.conversations[name].pk}")
        await expect(self.page.locator(".answer").last).to_be_attached()


def _where_it_is_afternoon() -> str:
    """Whenever the pictures are taken, people are greeted in the same way. The names of these zones count westwards."""
    west = datetime.now(UTC).hour - 15
    return f"Etc/GMT{west if west >= -12 else west + 24:+d}"


@pytest.fixture(params=LOOKS)
async def visit(
    request: pytest.FixtureRequest, browser: Browser, web: str, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> AsyncIterator[Visit]:
    language, look, device = str(request.param).split("-")
    person = {"zh": li, "en": wang}[language]
    said = said_in(language)
    GALLERY.mkdir(parents=True, exist_ok=True)
    context = await browser.new_context(
        base_url=web,
        locale={"zh": "zh-CN", "en": "en-US"}[language],
        timezone_id=_where_it_is_afternoon(),
        viewport=SIZES[device],
        device_scale_factor=2 if device == "phone" else 1,
        has_touch=device == "phone",
        is_mobile=device == "phone",
        color_scheme="dark" if look == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    conversations = await in_database(lambda: spoken(person, language, said))
    yield Visit(await context.new_page(), str(request.param), endpoint, person, said, conversations)
    await context.close()


async def test_doors_and_nothing(visit: Visit) -> None:
    for view, address in (("signin", "/signin"), ("signup", "/signup"), ("out", "/"), ("notfound", "/nowhere")):
        await visit.page.goto(address)
        await expect(visit.page.get_by_role("heading").first).to_be_attached()
        await visit.taken(view)


async def test_desks(visit: Visit) -> None:
    await sign_in(visit.page, visit.person)
    for view, address in (("home", "/"), ("temporary", "/t"), *((f"s-{slug}", f"/s/{slug}") for slug in SCENARIOS)):
        await visit.page.goto(address)
        await expect(visit.page.get_by_role("heading").first).to_be_visible()
        await visit.taken(view)


async def test_threads(visit: Visit) -> None:
    await sign_in(visit.page, visit.person)
    for view in ("chat", "code", "translate", "long", "endings", "again"):
        await visit.opened(view)
        await visit.taken(f"{view}-end")
        await visit.page.locator(".thread").evaluate("box => { box.scrollTop = 0; }")
        await visit.taken(view)
    await visit.opened("code")
    await visit.page.locator(".prose a").last.click()
    await visit.taken("leaving")
    await visit.opened("endings")
    await visit.press("申诉", "Appeal")
    await visit.taken("appeal")
    await visit.press("提交申诉", "Send appeal")
    await expect(visit.page.get_by_role("form")).to_have_count(1)
    await visit.taken("appealed")


async def test_answers_that_come(visit: Visit) -> None:
    words = visit.said["chat"]
    thinking = f"{words.thinking} " * 40
    visit.endpoint.script(
        Script(contains=visit.word("收拾", "tidy"), text=words.answer, thinking=thinking, tokens_per_s=30)
    )
    visit.endpoint.script(Script(contains=visit.word("写", "Write"), endless=True, tokens_per_s=60))
    await sign_in(visit.page, visit.person)
    await visit.asked(visit.word("怎么把房间收拾好？", "How do I tidy a room?"))
    await state(answer(visit.page, 0), "thinking")
    await visit.page.wait_for_timeout(1500)
    await visit.taken("thinking")
    await visit.asked(visit.word("写一篇长的", "Write a long one"))
    await expect(answer(visit.page, 0)).to_contain_text("。" if visit.word("1", "") else " ")
    await visit.page.wait_for_timeout(1500)
    await visit.taken("streaming")
    await _waits(visit)


async def _waits(visit: Visit) -> None:
    """For the answer that is written; something more is said, and yet something more written."""
    await in_database(lambda: ModelEndpoint.objects.update(max_concurrency=1))
    composer = visit.page.locator("#composer")
    await composer.fill(visit.word("用表格，短一点", "As a table, and shorter"))
    await visit.taken("later")
    await visit.page.set_viewport_size({"width": 320, "height": 640})
    await visit.taken("later-narrowest")
    await visit.page.set_viewport_size(visit.size)
    await visit.asked(visit.word("帮我排一个周计划", "Plan my week"))
    await state(answer(visit.page, 0), "queued")
    await visit.taken("queued")
    await visit.press("换用别的模型", "Use another model")
    await visit.taken("instead")
    await visit.page.keyboard.press("Escape")
    await composer.fill(visit.word("周三晚上不行", "Not on Wednesday evening"))
    await composer.press("Control+Enter")
    await composer.fill(visit.word("还有", "And"))
    await visit.taken("queued-next")


async def test_what_opens(visit: Visit) -> None:
    page = visit.page
    await sign_in(page, visit.person)
    await visit.opened("chat")
    await visit.press("回答得不好", "Bad answer")
    await visit.taken("feedback")
    await page.keyboard.press("Escape")
    await visit.press("换一种方式重新生成，或举报", "Regenerate another way, or report")
    await visit.taken("regenerate")
    await page.keyboard.press("Escape")
    if visit.is_phone:
        await visit.press("打开侧栏", "Open sidebar")
        await visit.taken("drawer")
    await page.locator(".side .row .icon-btn").first.click()
    await visit.taken("row-menu")
    await page.keyboard.press("Escape")
    await page.locator(".side-search").click()
    await visit.taken("search-empty")
    await page.keyboard.type(visit.word("导数", "slope"))
    await expect(page.locator("mark").first).to_be_visible()
    await visit.taken("search")
    await page.goto("/")
    if visit.is_phone:
        await visit.press("打开侧栏", "Open sidebar")
    await visit.press("设置", "Settings")
    await visit.taken("settings")
    await page.goto("/")
    await visit.press("模型：演示", "Model: Demonstration")
    await visit.taken("models")
    await page.goto("/")
    await expect(page.get_by_role("heading").first).to_be_visible()
    await page.keyboard.press("Control+/")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await visit.taken("shortcuts")


@pytest.fixture
def made_up_people(web: str) -> None:
    call_command("usage_simulate", users=90, days=10, roll_up=True, verbosity=0)


async def test_the_report(visit: Visit, made_up_people: None) -> None:
    await in_database(lambda: User.objects.filter(pk=visit.person.pk).update(is_staff=True, is_superuser=True))
    await sign_in(visit.page, visit.person)
    await visit.page.goto("/admin/usage/report/")
    await expect(visit.page.locator(".usage-report table")).to_be_visible()
    await visit.taken("report")
