"""What is on the page for everybody: without scripts, in small windows, words to copy, links that warn.

Numbers are ui.md's checks.
"""

import asyncio

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Scenario
from tests.conversations.transcripts import a_conversation
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import is_told, picture, sign_in
from tests.journeys.fitting import misfits
from tests.journeys.test_first_visit import answer, ask, state

pytestmark = pytest.mark.slow

PROSE = """**注意：**请看 https://a.example/b。好

```python
  print("一")

print(2)
```

[外面](https://outside.example/path) ![图](https://evil.example/p.png)
"""

PRINTER = "window.print = () => { window.printed = true; dispatchEvent(new Event('beforeprint')); }"
DIAGRAMS = """```mermaid
gantt
  title 三天的安排
```

```mermaid
graph LR
  城墙 --> 钟楼
```
"""


async def show(page: Page, li: User, endpoint: DemonstrationEndpoint, text: str) -> Locator:
    endpoint.script(Script(contains="看看", text=text))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "看看")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(answer(page, 0).locator(".plain")).to_have_count(0)  # what draws Markdown may come after the words
    return answer(page, 0)


async def test_before_and_without_any_script_there_is_a_page_to_type_on(browser: Browser, web: str) -> None:
    """Check 1."""
    context = await browser.new_context(base_url=web, locale="zh-CN", java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="实用")).to_be_visible()
    box = page.get_by_role("textbox", name="说点什么")
    await box.fill("写得进去")
    await expect(box).to_have_value("写得进去")
    await context.close()


async def test_an_answer_fetches_nothing_and_reads_right_in_chinese(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Checks 27 and 30, and 3's second half: a picture is a chip with a name, and no request leaves this site."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown = await show(page, li, endpoint, PROSE)
    await expect(shown).to_contain_text("图片未加载 · evil.example")
    assert [url for url in asked if not url.startswith((web, "data:", "blob:"))] == []
    await expect(shown.locator("strong")).to_have_text("注意：")
    await expect(shown.get_by_role("link", name="https://a.example/b")).to_have_attribute("href", "https://a.example/b")


async def test_a_diagram_that_cannot_be_drawn_is_shown_as_its_source(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """And takes no other with it; on another look the drawn one is drawn in other colours."""
    shown = await show(page, li, endpoint, DIAGRAMS)
    await expect(shown.get_by_text("图画不出来，下面是它的源码。")).to_have_count(1)
    await expect(shown.locator("pre")).to_contain_text("title 三天的安排")
    drawn = shown.get_by_role("img", name="图")
    await expect(drawn).to_have_count(1)
    await expect(drawn).to_have_js_property("complete", True)
    light = await drawn.get_attribute("src")
    await page.emulate_media(color_scheme="dark")
    await expect(drawn).not_to_have_attribute("src", light or "")
    await shown.get_by_role("button", name="查看源码").click()
    await expect(shown.get_by_text("城墙 --> 钟楼")).to_be_visible()
    await shown.get_by_role("button", name="查看图").click()
    await expect(drawn).to_be_visible()


async def test_a_link_that_leads_out_names_where_it_goes(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 29."""
    shown = await show(page, li, endpoint, PROSE)
    link = shown.get_by_role("link", name="外面")
    await expect(link).to_have_attribute("href", "https://outside.example/path")
    await link.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("outside.example")
    await page.keyboard.press("Escape")
    await expect(link).to_be_focused()
    await page.context.route("https://outside.example/**", lambda route: route.fulfill(body="outside"))
    await link.click()
    async with page.context.expect_page() as opened:
        await dialog.get_by_role("button", name="打开", exact=True).click()
    outside = await opened.value
    await outside.wait_for_load_state()
    assert await outside.evaluate("() => window.opener") is None


async def test_a_copied_answer_is_markdown_with_its_label_and_code_is_only_code(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 34, without export: Markdown for a plain field, elements for a rich one, and code to the byte."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = await show(page, li, endpoint, PROSE)
    await shown.get_by_role("button", name="复制", exact=True).click()
    await page.wait_for_function(
        "async (words) => (await navigator.clipboard.readText()) === words", arg=f"{PROSE}\n\n（以上内容由 AI 生成）"
    )
    rich = await page.evaluate("async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()")
    assert "<strong>注意：</strong>" in rich
    assert "以上内容由 AI 生成" in rich
    assert "class=" not in rich
    await shown.get_by_role("button", name="复制代码").click()
    await page.wait_for_function(
        "async () => (await navigator.clipboard.readText()) === '  print(\"一\")\\n\\nprint(2)'"
    )


async def test_an_answer_copied_before_markdown_is_drawn_is_not_taken_for_formatted_text(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawn = asyncio.Event()

    async def hold(route: Route) -> None:
        await drawn.wait()
        await route.continue_()

    await page.route("**/Prose-*.js", hold)
    endpoint.script(Script(contains="给我看", text="**注意**"))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "给我看")
    shown = answer(page, 0)
    await state(shown, "completed")
    await expect(shown.locator(".plain")).to_have_text("**注意**")
    await shown.get_by_role("button", name="复制", exact=True).click()
    await page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('**注意**')")
    assert await page.evaluate("async () => (await navigator.clipboard.read())[0].types") == ["text/plain"]
    drawn.set()
    await expect(shown.locator("strong")).to_have_text("注意")


async def test_a_long_answer_is_told_in_few_words(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 40, its fourth part."""
    await show(page, li, endpoint, "一句话。" * 800)
    await is_told(page, "回答完成，共 1 段。")
    assert len(await page.evaluate("() => window.heard")) <= 4


async def test_nothing_moves_by_itself_for_who_asked_for_calm(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 40, its fifth part."""
    endpoint.script(Script(contains="慢慢", endless=True, tokens_per_s=40))
    await page.emulate_media(reduced_motion="reduce")
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "慢慢写")
    await state(answer(page, 0), "streaming")
    await page.wait_for_function("() => !document.getAnimations().some((it) => it.playState === 'running')")


async def test_a_long_conversation_is_printed_whole(page: Page, web: str, li: User) -> None:
    """Also what was not read yet, and what does not stand in the window."""
    conversation = await in_database(lambda: a_conversation(li, "很长", turns=120, text="城墙很长。"))
    await page.add_init_script(PRINTER)
    await sign_in(page, li)
    await page.goto(f"/c/{conversation.pk}")
    await expect(page.locator(".turn")).to_have_count(50)
    await page.emulate_media(media="print")
    await expect(page.get_by_text("没有印出来")).to_be_visible()
    await page.keyboard.press("Control+p")
    await page.wait_for_function("() => window.printed")
    await expect(page.locator(".answer")).to_have_count(120)
    await expect(page.get_by_text("没有印出来")).to_have_count(0)
    await expect(page.get_by_role("heading", name="很长")).to_be_visible()
    paper = page.locator(".thread")
    assert await paper.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    for part in (".dock", ".side", ".bar", ".quiet"):
        await expect(page.locator(part).first).to_be_hidden()
    assert await misfits(page) == []


async def test_a_paused_scenario_says_so_and_keeps_the_words(page: Page, web: str, li: User) -> None:
    await in_database(lambda: Scenario.objects.filter(slug="translate").update(is_paused=True))
    await sign_in(page, li)
    await page.goto("/s/translate")
    await expect(page.get_by_text("“翻译”暂停使用")).to_be_visible()
    box = page.get_by_role("textbox", name="说点什么")
    await box.fill("翻译这句")
    await box.press("Enter")
    await expect(box).to_have_value("翻译这句")
    await expect(page.get_by_role("button", name="发送")).to_have_attribute("aria-disabled", "true")
    await picture(page, "paused")
    await page.get_by_role("link", name="全部场景").click()
    await expect(page).to_have_url("/")


async def test_what_one_always_wants_goes_with_every_question(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    await sign_in(page, li)
    await page.goto("/")
    await page.get_by_role("button", name="设置").click()
    box = page.get_by_role("textbox", name="希望助手一直记得的事")
    await box.fill("叫我小李，先给结论")
    await picture(page, "settings")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_text("已保存")).to_be_visible()
    await page.keyboard.press("Escape")
    await ask(page, "你好")
    await state(answer(page, 0), "completed")
    asked = [entry for entry in endpoint.log() if "叫我小李，先给结论" in str(entry)]
    assert asked
    await page.reload()
    await page.get_by_role("button", name="设置").click()
    await expect(box).to_have_value("叫我小李，先给结论")


async def test_an_address_of_nothing_says_so(page: Page, web: str, li: User) -> None:
    await sign_in(page, li)
    response = await page.goto("/nowhere")
    assert response is not None
    assert response.status == 404
    await expect(page.get_by_role("heading", name="这里什么也没有")).to_be_visible()
    conversation = await in_database(lambda: a_conversation(li, "在"))
    await page.goto(f"/c/{str(conversation.pk)[:-4]}0000")
    await expect(page.get_by_role("heading", name="找不到这个对话")).to_be_visible()
    await page.get_by_role("link", name="回到新对话").click()
    await expect(page).to_have_url("/")
