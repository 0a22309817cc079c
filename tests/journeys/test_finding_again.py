"""The sidebar as a place to find things: search, names, pins, the archive, and second thoughts about deleting."""

import pytest
from django.db.models import QuerySet
from playwright.async_api import Locator, Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from conversations.models import Conversation, Message
from tests.conversations.transcripts import a_conversation, another_answer
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import is_told, picture, sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = pytest.mark.slow


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name=title, exact=True)


async def has_titles(page: Page, *wanted: str) -> None:
    await expect(page.locator(".side .row > a")).to_have_text(wanted)


def two_branches(li: User) -> Message:
    """A question asked twice; the first answer, which the page does not show by itself, names the tower."""
    conversation = a_conversation(li, "西安三日", turns=30, text="城墙很长。" * 20)
    last = Message.objects.filter(conversation=conversation, role="user").order_by("-created_at")[0]
    old = last.children.get()
    old.generations.update(text="钟楼在城中央，鼓楼在它西北。" + "慢慢走。" * 80)
    another_answer(last, "新的回答")
    return old


async def test_a_hit_opens_at_its_message_in_whatever_branch_it_is(page: Page, web: str, li: User) -> None:
    old = await in_database(lambda: two_branches(li))
    await sign_in(page, li)
    await page.goto("/")
    await expect(row(page, "西安三日")).to_be_visible()
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="搜索对话")
    await expect(field).to_be_focused()
    await picture(page, "search-recent")
    await field.fill("鼓楼")
    hit = page.get_by_role("option")
    await expect(hit).to_have_count(1)
    await expect(hit.locator("mark")).to_have_text("鼓楼")
    await is_told(page, "1 条结果")
    await picture(page, "search")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"/c/{old.conversation_id}?m={old.pk}")
    found = page.locator(f'[data-message="{old.pk}"]')
    await expect(found).to_be_in_viewport()
    await expect(found).to_contain_text("鼓楼在它西北")
    await expect(found.locator("h2")).to_be_focused()


async def test_an_empty_desk_leads_back_to_where_one_was_last(page: Page, web: str, li: User) -> None:
    await sign_in(page, li)
    last = page.locator(".last-time a > span")
    await page.goto("/")
    await expect(page.locator(".cards")).to_be_visible()
    await expect(last).to_have_count(0)
    await in_database(lambda: [a_conversation(li, title) for title in ("最早", "周报", "菜谱", "西安三日")])
    await page.reload()
    await expect(last).to_have_text(["西安三日", "菜谱", "周报"])
    await last.first.click()
    await expect(answer(page, 0)).to_be_attached()
    await expect(page).to_have_title("西安三日 · 实用")


async def test_what_cannot_be_found_says_so(page: Page, web: str, li: User) -> None:
    await in_database(lambda: a_conversation(li, "西安三日"))
    await sign_in(page, li)
    await page.goto("/")
    await page.get_by_role("button", name="搜索对话").click()
    await page.get_by_role("combobox").fill("大雁塔")
    await expect(page.get_by_text("没有找到“大雁塔”")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_renaming_does_not_mistake_a_confirmed_word_for_the_end(page: Page, web: str, li: User) -> None:
    conversation = await in_database(lambda: a_conversation(li, "周报"))
    await sign_in(page, li)
    await page.goto("/")
    await row(page, "周报").focus()
    await page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="新标题")
    await field.fill("十一月周报")
    await field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(row(page, "十一月周报")).to_be_focused()
    await _is_kept(Conversation.objects.filter(pk=conversation.pk, title="十一月周报"))
    await page.reload()
    await expect(row(page, "十一月周报")).to_be_visible()


async def test_deleting_can_be_undone_and_the_row_is_where_it_was(page: Page, web: str, li: User) -> None:
    await in_database(lambda: [a_conversation(li, title) for title in ("一", "二", "三")])
    await sign_in(page, li)
    await page.goto("/")
    await row(page, "二").focus()
    await page.keyboard.press("Delete")
    assert await hold_undo(page) == "一"
    await expect(row(page, "二")).to_have_count(0)
    await expect(page.locator(".toast")).to_contain_text("“二”已删除")
    await picture(page, "deleted")
    await page.get_by_role("button", name="撤销").click()
    await expect(row(page, "二")).to_be_visible()
    await has_titles(page, "三", "二", "一")


async def test_in_the_drawer_of_a_phone_deleting_can_be_undone_too(page: Page, web: str, li: User) -> None:
    """Behind the drawer the page is inert, and the chance to undo with it."""
    await in_database(lambda: a_conversation(li, "一"))
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, li)
    await page.goto("/")
    await page.get_by_role("button", name="打开侧栏").click()
    await row(page, "一").focus()
    await page.keyboard.press("Delete")
    await hold_undo(page)
    await page.get_by_role("button", name="撤销").click()
    await expect(row(page, "一")).to_be_visible()


async def hold_undo(page: Page) -> str:
    """Focus the chance to undo in the frame it appears in, so that it stays. Returns what had the focus before."""
    before = await page.wait_for_function(
        """() => {
            const undo = document.querySelector('.toast button');
            const before = document.activeElement.textContent;
            undo?.focus();
            return undo && (before || 'nothing');
        }"""
    )
    focused: str = await before.json_value()
    return focused


async def test_an_open_conversation_that_was_deleted_comes_back_whole(page: Page, web: str, li: User) -> None:
    conversation = await in_database(lambda: a_conversation(li, "二", text="在这里"))
    await sign_in(page, li)
    await page.goto(f"/c/{conversation.pk}")
    await expect(answer(page, 0)).to_contain_text("在这里")
    await row(page, "二").focus()
    await page.keyboard.press("Delete")
    await hold_undo(page)
    await expect(page).to_have_url("/")
    await page.get_by_role("button", name="撤销").click()
    await row(page, "二").click()
    await expect(answer(page, 0)).to_contain_text("在这里")


async def test_pinned_ones_stand_on_top_and_archived_ones_by_themselves(page: Page, web: str, li: User) -> None:
    await in_database(lambda: [a_conversation(li, title) for title in ("论文提纲", "周报", "西安")])
    await sign_in(page, li)
    await page.goto("/")
    await _choose(page, "论文提纲", "置顶")
    await expect(page.locator(".side section h2").first).to_have_text("置顶")
    await expect(page.locator(".side .row > a").first).to_have_text("论文提纲")
    await _choose(page, "周报", "归档")
    await expect(row(page, "周报")).to_have_count(0)
    await expect(row(page, "西安")).to_be_focused()
    await _is_kept(Conversation.objects.filter(title="论文提纲", pinned_at__isnull=False))
    await _is_kept(Conversation.objects.filter(title="周报", archived_at__isnull=False))
    await page.reload()
    await expect(row(page, "西安")).to_be_visible()
    await has_titles(page, "论文提纲", "西安")
    await picture(page, "pinned")
    await page.get_by_role("button", name="已归档").click()
    await expect(row(page, "周报")).to_be_visible()
    await _choose(page, "周报", "移出归档")
    await page.get_by_role("button", name="回到全部对话").click()
    await expect(row(page, "周报")).to_be_visible()


async def _is_kept(wanted: QuerySet[Conversation]) -> None:
    """By the server: the page shows it before."""

    async def found() -> bool:
        return bool(await rows(wanted.all()))

    await eventually(found)


async def _choose(page: Page, title: str, item: str) -> None:
    """From the menu of a row, as Shift+F10 or a right click opens it."""
    await row(page, title).click(button="right")
    await page.get_by_role("menuitem", name=item, exact=True).click()


async def test_an_answer_that_ended_elsewhere_leaves_a_dot_until_it_is_seen(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(contains="慢慢", endless=True, tokens_per_s=20))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "慢慢写")
    await state(answer(page, 0), "streaming")
    await page.get_by_role("link", name="新对话").first.click()
    here = page.locator(".side .row").first
    await expect(here).to_contain_text("正在回答")
    await in_database(lambda: _stop_from_elsewhere(li))
    await expect(here).to_contain_text("有新回答")
    await page.reload()
    await expect(here).to_contain_text("有新回答")
    await here.get_by_role("link").click()
    await state(answer(page, 0), "stopped")

    async def is_read() -> bool:
        return all(conversation.read_at for conversation in await rows(Conversation.objects.all()))

    await eventually(is_read)
    await page.goto("/")
    await expect(here).to_be_visible()
    await expect(here).not_to_contain_text("有新回答")


def _stop_from_elsewhere(li: User) -> None:
    conversation = Conversation.objects.get(owner=li)
    conversation.generations.update(stop_requested_at=conversation.updated_at)
