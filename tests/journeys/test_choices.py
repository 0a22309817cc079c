"""What a person chooses for themselves: what is said next, which model answers, how the page looks and speaks."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import Route as Request

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Generation, Model, ModelEndpoint, Route, Scenario
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.journeys.test_three_at_once import stop_all
from tests.journeys.test_writing import composer, questions, said
from tests.tab import eventually

pytestmark = pytest.mark.slow


async def _watches_an_answer(page: Page, li: User, endpoint: DemonstrationEndpoint) -> None:
    """Li, and it has no end of its own."""
    endpoint.script(Script(contains="慢慢", endless=True, tokens_per_s=40))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "慢慢写")
    await state(answer(page, 0), "streaming")


async def _says_meanwhile(page: Page, li: User, endpoint: DemonstrationEndpoint, words: str) -> None:
    await _watches_an_answer(page, li, endpoint)
    await ask(page, words)
    await expect(page.locator(".next-slot")).to_contain_text(words)


async def test_what_is_said_meanwhile_waits_in_sight_and_goes_when_the_answer_is_done(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    await _watches_an_answer(page, li, endpoint)
    slot = page.locator(".next-slot")
    await ask(page, "短一点")
    await expect(slot).to_contain_text("说完就发")
    await ask(page, "用表格")
    await expect(slot.locator("span")).to_have_text("短一点\n\n用表格")
    await picture(page, "next-slot")
    await page.reload()
    await expect(slot).to_contain_text("短一点")
    await composer(page).fill("再加一张图")
    await page.get_by_role("button", name="取消这条").click()
    await expect(slot).to_have_count(0)
    whole = "再加一张图\n\n短一点\n\n用表格"
    await expect(composer(page)).to_have_value(whole)
    await composer(page).press("Enter")
    await expect(slot).to_be_visible()
    assert await said() == ["慢慢写"]
    await in_database(stop_all)
    await state(answer(page, 1), "completed")
    await expect(slot).to_have_count(0)
    await expect(questions(page)).to_have_text(["慢慢写", whole])
    assert await said() == ["慢慢写", whole]


async def test_two_tabs_that_show_what_waits_send_it_once(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    await _says_meanwhile(page, li, endpoint, "短一点")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.locator(".next-slot")).to_contain_text("短一点")
    await in_database(stop_all)
    for tab in (page, other):
        await state(answer(tab, 1), "completed")
        await expect(questions(tab)).to_have_text(["慢慢写", "短一点"])
        await expect(tab.locator(".next-slot")).to_have_count(0)
    assert await said() == ["慢慢写", "短一点"]


async def test_what_waits_goes_wherever_one_is_when_the_answer_is_done(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """On another desk, and there also after a reload, which leaves the conversation unread."""
    await _says_meanwhile(page, li, endpoint, "短一点，慢慢来")
    await page.get_by_role("link", name="新对话").first.click()
    await expect(questions(page)).to_have_count(0)
    await in_database(stop_all)

    async def has_gone() -> bool:
        return await said() == ["慢慢写", "短一点，慢慢来"]

    await eventually(has_gone)
    await page.locator(".side .row").get_by_role("link").click()
    await state(answer(page, 1), "streaming")
    await ask(page, "用表格")
    await expect(page.locator(".next-slot")).to_contain_text("用表格")
    await page.get_by_role("link", name="新对话").first.click()
    await page.reload()
    await in_database(stop_all)

    async def all_has_gone() -> bool:
        return await said() == ["慢慢写", "短一点，慢慢来", "用表格"]

    await eventually(all_has_gone)


async def test_on_a_touch_screen_a_button_says_the_next_thing_meanwhile(
    browser: Browser, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Enter breaks the line there, and the composer's one button stops the answer."""
    context = await browser.new_context(
        base_url=web, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = await context.new_page()
    endpoint.script(Script(contains="慢慢", endless=True, tokens_per_s=40))
    await sign_in(page, li)
    await page.goto("/")
    await composer(page).fill("慢慢写")
    await page.get_by_role("button", name="发送").tap()
    await state(answer(page, 0), "streaming")
    later = page.get_by_role("button", name="说完就发")
    await expect(later).to_have_count(0)
    await composer(page).fill("用表格")
    await picture(page, "later-on-touch")
    await later.tap()
    await expect(page.locator(".next-slot")).to_contain_text("用表格")
    await expect(composer(page)).to_have_value("")
    await state(answer(page, 0), "streaming")
    await in_database(stop_all)
    await state(answer(page, 1), "completed")
    await context.close()


@pytest.fixture
def quick_model(catalog: ModelEndpoint, endpoint: DemonstrationEndpoint) -> Model:
    """A second one, which cannot think."""
    model = Model.objects.create(
        slug="quick", name_zh="快", name_en="Quick", purpose_zh="日常小事，马上就答", purpose_en="At once", position=99
    )
    ModelEndpoint.objects.create(model=model, name="quick", base_url=endpoint.base_url, remote_name="quick")
    return model


async def test_the_model_is_chosen_by_what_it_is_good_for_and_stays_chosen(
    page: Page, web: str, li: User, quick_model: Model
) -> None:
    await sign_in(page, li)
    await page.goto("/")
    await _picker(page, "演示").click()
    choices = page.get_by_role("menuitemradio")
    await expect(choices).to_have_count(3)
    await expect(choices.first).to_have_attribute("aria-checked", "true")
    await expect(choices.first).to_have_text("自动由场景决定")
    await expect(choices.nth(2)).to_contain_text("日常小事，马上就答")
    await picture(page, "models")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(_picker(page, "快")).to_be_focused()
    thinking = page.get_by_role("button", name="深度思考")
    await expect(thinking).to_have_attribute("aria-disabled", "true")
    await expect(thinking).to_have_attribute("title", "这个模型不能深度思考")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0).locator(".answer-head")).to_contain_text("快")
    (turn,) = await rows(Generation.objects.select_related("model"))
    assert turn.model.slug == "quick"
    await expect(page.locator(".switched")).to_have_count(0)
    await _picker(page, "快").click()
    await page.get_by_role("menuitemradio", name="演示").click()
    await ask(page, "再说一遍")
    await state(answer(page, 1), "completed")
    await expect(page.locator(".turn").nth(1).locator(".switched")).to_have_text("从这里起用 演示")
    await expect(page.locator(".switched")).to_have_count(1)
    await _picker(page, "演示").click()
    await page.get_by_role("menuitemradio", name="快").click()
    await page.goto("/s/write")
    await expect(_picker(page, "快")).to_be_visible()


async def test_who_chooses_none_is_told_the_one_that_the_scenario_leads_to(
    page: Page, web: str, li: User, quick_model: Model
) -> None:
    """And it answers; the first of the list is another one."""
    await in_database(lambda: Route.objects.create(scenario=Scenario.objects.get(slug="life"), model=quick_model))
    await sign_in(page, li)
    await page.goto("/")
    await expect(_picker(page, "演示")).to_be_visible()
    await page.goto("/s/life")
    await expect(_picker(page, "快")).to_be_visible()
    await expect(page.get_by_role("button", name="深度思考")).to_have_attribute("aria-disabled", "true")
    await ask(page, "周末去哪儿")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0).locator(".answer-head")).to_contain_text("快")
    await page.get_by_role("button", name="换一种方式重新生成").click()
    menu = page.get_by_role("menuitem")
    await expect(menu).to_have_text(["再来一次", "更短", "更长", re.compile("换用“演示”"), "举报"])
    await menu.filter(has_text="换用").click()
    await expect(answer(page, 0).locator(".siblings")).to_have_text("2/2")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0).locator(".answer-head")).to_contain_text("演示")
    await _picker(page, "快").click()
    await page.get_by_role("menuitemradio", name="演示").click()
    await _picker(page, "演示").click()
    await page.get_by_role("menuitemradio", name="自动").click()
    await expect(_picker(page, "快")).to_be_visible()


async def test_who_waits_in_line_for_one_model_can_have_the_answer_of_another(
    page: Page, web: str, li: User, catalog: ModelEndpoint, quick_model: Model, endpoint: DemonstrationEndpoint
) -> None:
    """What was said meanwhile goes on waiting for an answer, whoever's."""
    catalog.max_concurrency = 1
    await in_database(catalog.save)
    await _watches_an_answer(page, li, endpoint)
    await page.goto("/")
    await ask(page, "要快")
    await state(answer(page, 0), "queued")
    await ask(page, "再短一点")
    await page.get_by_role("button", name="换用别的模型").click()
    await expect(page.get_by_role("menuitem")).to_have_count(1)
    await page.get_by_role("menuitem", name="快").click()
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0).locator(".answer-head")).to_contain_text("快")
    await expect(answer(page, 0).locator(".siblings")).to_have_text("2/2")
    await state(answer(page, 1), "queued")
    await expect(questions(page)).to_have_text(["要快", "再短一点"])
    turns = await rows(Generation.objects.select_related("model").order_by("created_at"))
    assert [(turn.model.slug, turn.state) for turn in turns[1:3]] == [
        ("demonstration", "stopped"),
        ("quick", "completed"),
    ]
    await in_database(stop_all)
    await state(answer(page, 1), "stopped")


def _picker(page: Page, model: str) -> Locator:
    return page.get_by_role("button", name=f"模型：{model}", exact=True)


async def test_language_look_and_size_change_at_once_and_for_good(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Also the spare check that another language in the middle of an answer leaves the answer alone."""
    await _watches_an_answer(page, li, endpoint)
    await expect(answer(page, 0).locator(".prose")).to_be_visible()
    await page.evaluate("() => { window.same = document.querySelector('.answer .prose'); }")
    await page.get_by_role("button", name="设置").click()
    for choice in ("English", "Dark", "Largest"):
        await page.get_by_role("radio", name=choice).check(force=True)
    await page.keyboard.press("Escape")
    await _is_english_dark_and_large(page)
    await expect(answer(page, 0).get_by_role("heading", name="answer, turn 1")).to_be_attached()
    assert await page.evaluate("() => window.same.isConnected")
    before = await page.evaluate("() => window.same.textContent.length")
    await page.wait_for_function("before => window.same.textContent.length > before", arg=before)
    await in_database(stop_all)
    await state(answer(page, 0), "stopped")
    painted = await (await page.request.get("/")).text()
    assert 'lang="en" data-theme="dark" data-text="largest"' in painted
    await page.reload()
    await _is_english_dark_and_large(page)

    async def is_the_accounts() -> bool:
        return [user.locale for user in await rows(User.objects.filter(pk=li.pk))] == ["en"]

    await eventually(is_the_accounts)


async def _is_english_dark_and_large(page: Page) -> None:
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("textbox", name="Say something")).to_be_visible()
    await expect(page.locator(".shell")).to_have_css("background-color", "rgb(19, 22, 20)")
    await expect(page.locator("html")).to_have_css("font-size", "20px")


PLACES = """() => ['.brand', '.hello h1'].map((part) => {
    const { x, y, height } = document.querySelector(part).getBoundingClientRect();
    return [x, y, height];
})"""


async def test_an_english_reader_sees_english_from_the_first_frame_and_nothing_moves(
    browser: Browser, web: str, wang: User
) -> None:
    """From the second visit on also the greeting: then the clock that it goes by is known."""
    context = await browser.new_context(
        base_url=web, locale="en-US", viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    page = await context.new_page()
    come = asyncio.Event()

    async def hold(route: Request) -> None:
        await come.wait()
        await route.continue_()

    await sign_in(page, wang)
    await page.goto("/")
    await expect(page.get_by_role("textbox", name="Say something")).to_be_visible()
    await page.route("**/main-*.js", hold)
    await page.reload(wait_until="commit")
    await expect(page.locator("#first-words")).to_be_visible()
    await expect(page.locator(".brand")).to_have_text("Shiyong")
    await expect(page.locator(".hello h1")).to_have_text(re.compile("What shall we get done"))
    painted = await page.evaluate(PLACES)
    come.set()
    await expect(page.locator("#composer")).to_be_visible()
    assert await page.evaluate(PLACES) == painted
    await context.close()
