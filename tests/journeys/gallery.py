"""The page in pictures, to be looked at: every view, in both languages and looks, on a desktop and on a phone.

    var/venv/bin/python -m pytest -n0 tests/journeys/gallery.py [-k zh-light-desktop]

writes ``var/pictures/gallery/``, and those that the documentation shows to ``docs/images/``.
"""

import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.async_api import Browser, Page, ViewportSize, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Conversation, Generation, Message, Model, ModelEndpoint, Scenario
from tests.conversations.transcripts import a_conversation, another_answer
from tests.endpoint import DemonstrationEndpoint
from tests.journeys import gallery_texts as texts
from tests.journeys.conftest import PICTURES, sign_in
from tests.journeys.gallery_texts import Said
from tests.journeys.test_first_visit import answer, state
from tests.processes import ROOT

GALLERY, SHOWN_IN = PICTURES / "gallery", ROOT / "docs" / "images"
SHOWN = {
    "chat-zh-light-desktop", "chat-en-dark-desktop", "chat-en-light-phone", "chat-zh-dark-phone",
    "home-zh-light-desktop", "home-en-dark-phone", "translate-zh-light-desktop", "code-en-light-desktop",
    "report-en-light-desktop",
}  # fmt: skip
SIZES = {"desktop": ViewportSize(width=1440, height=900), "phone": ViewportSize(width=390, height=844)}
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


@pytest.fixture(params=LOOKS)
async def visit(
    request: pytest.FixtureRequest, browser: Browser, web: str, li: User, wang: User, endpoint: DemonstrationEndpoint
) -> AsyncIterator[Visit]:
    language, look, device = str(request.param).split("-")
    person = {"zh": li, "en": wang}[language]
    said = _said(language)
    GALLERY.mkdir(parents=True, exist_ok=True)
    context = await browser.new_context(
        base_url=web,
        locale={"zh": "zh-CN", "en": "en-US"}[language],
        timezone_id="Asia/Shanghai",
        viewport=SIZES[device],
        device_scale_factor=2 if device == "phone" else 1,
        has_touch=device == "phone",
        is_mobile=device == "phone",
        color_scheme="dark" if look == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    conversations = await in_database(lambda: _spoken(person, language, said))
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
        await visit.taken(view)
        await visit.page.locator(".thread").evaluate("box => { box.scrollTop = 0; }")
        await visit.taken(f"{view}-top")
    await visit.opened("code")
    await visit.page.locator(".prose a").last.click()
    await visit.taken("leaving")


async def test_answers_that_come(visit: Visit) -> None:
    words = visit.said["chat"]
    visit.endpoint.script(Script(contains="想", text=words.answer, thinking=words.thinking * 40, tokens_per_s=30))
    visit.endpoint.script(Script(contains="think", text=words.answer, thinking=words.thinking * 40, tokens_per_s=30))
    visit.endpoint.script(Script(contains="写", endless=True, tokens_per_s=60))
    await sign_in(visit.page, visit.person)
    await visit.asked(visit.word("想一想：怎么把房间收拾好？", "think: how do I tidy a room? 想"))
    await state(answer(visit.page, 0), "thinking")
    await visit.page.wait_for_timeout(1500)
    await visit.taken("thinking")
    await visit.asked(visit.word("写一篇长的", "Write a long one 写"))
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
    await composer.fill(visit.word("周三晚上不行", "Not on Wednesday evening"))
    await composer.press("Control+Enter")
    await composer.fill(visit.word("还有", "And"))
    await visit.taken("queued-next")


async def test_what_opens(visit: Visit) -> None:
    page = visit.page
    await sign_in(page, visit.person)
    await visit.opened("chat")
    await page.get_by_role("button", name=visit.word("回答得不好", "Bad answer")).last.click()
    await visit.taken("feedback")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=visit.word("换一种方式重新生成", "Regenerate another way")).last.click()
    await visit.taken("regenerate")
    await page.keyboard.press("Escape")
    if visit.is_phone:
        await page.get_by_role("button", name=visit.word("打开侧栏", "Open sidebar")).click()
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
        await page.get_by_role("button", name=visit.word("打开侧栏", "Open sidebar")).click()
    await page.get_by_role("button", name=visit.word("设置", "Settings")).click()
    await visit.taken("settings")
    await page.goto("/")
    await page.locator(".chip").last.click()
    await visit.taken("models")
    await page.goto("/")
    await page.keyboard.press("Control+/")
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


def _said(language: str) -> dict[str, Said]:
    if language == "zh":
        return {"chat": texts.STUDY_ZH, "code": texts.CODE_ZH, "translate": texts.TRANSLATED_ZH}
    return {"chat": texts.STUDY_EN, "code": texts.CODE_EN, "translate": texts.TRANSLATED_EN}


def _spoken(person: User, language: str, said: dict[str, Said]) -> dict[str, Conversation]:
    """A sidebar of some weeks, and the conversations that are opened."""
    others = texts.OTHERS_ZH if language == "zh" else texts.OTHERS_EN
    made = {name: _told(person, it) for name, it in said.items()}
    made["long"] = a_conversation(person, others[0], turns=12, text=texts.STUDY_ZH.answer[:120])
    made["endings"] = _ended(person, others[1], said["code"].question)
    made["again"] = _again(person, others[2], said["chat"].thinking)
    for number, title in enumerate(others[3:]):
        made[f"other-{number}"] = a_conversation(person, title)
    _days_ago(made.values())
    return made


def _told(person: User, said: Said) -> Conversation:
    conversation = a_conversation(person, said.title, text=said.answer)
    Message.objects.filter(conversation=conversation, role="user").update(text=said.question)
    scenario = Scenario.objects.get(slug=said.scenario)
    Conversation.objects.filter(pk=conversation.pk).update(scenario=scenario)
    Generation.objects.filter(conversation=conversation).update(
        text=said.answer, thinking=said.thinking, scenario=scenario, model=ModelEndpoint.objects.get().model
    )
    return conversation


def _ended(person: User, title: str, question: str) -> Conversation:
    """Each answer in its own way."""
    endings = (("stopped", "user_stop"), ("interrupted", "stall"), ("completed", "length"), ("failed", "unavailable"),
               ("failed", "content_filter"), ("expired", "queue_timeout"))  # fmt: skip
    conversation = a_conversation(person, title, turns=len(endings), text=question)
    generations = Generation.objects.filter(conversation=conversation).order_by("created_at")
    for generation, (ended, reason) in zip(generations, endings, strict=True):
        generation.state, generation.reason = ended, reason
        generation.text = "" if ended in ("failed", "expired") else generation.text
        generation.save()
    return conversation


def _again(person: User, title: str, text: str) -> Conversation:
    """The first question was asked otherwise, too, the second one answered by another model, and twice."""
    conversation = a_conversation(person, title, turns=2, text=text)
    first, second = Message.objects.filter(conversation=conversation, role="user").order_by("created_at")
    Message.objects.create(conversation=conversation, role="user", text=first.text, created_at=first.created_at)
    quick = Model.objects.create(
        slug="quick",
        name_zh="快",
        name_en="Quick",
        purpose_zh="日常小事，马上就答",
        purpose_en="Small things, at once",
        position=99,
    )
    endpoint = ModelEndpoint.objects.get()
    ModelEndpoint.objects.create(
        model=quick, name=quick.slug, base_url=endpoint.base_url, remote_name=endpoint.remote_name
    )
    another_answer(second, text)
    Generation.objects.filter(message__parent=second).update(model=quick)
    return conversation


def _days_ago(conversations: Iterable[Conversation]) -> None:
    for number, conversation in enumerate(conversations):
        moment = timezone.now() - timedelta(minutes=number, days=max(0, number - 4) * 4)
        seen = None if number == 2 else timezone.now()
        pinned = moment if number == 3 else None
        Conversation.objects.filter(pk=conversation.pk).update(updated_at=moment, pinned_at=pinned, read_at=seen)
