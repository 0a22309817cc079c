"""Somebody without a mouse, and somebody with a few strong colours: everything can be reached, and is seen to be.

Journeys K1, K2, K3 and K5 of ui.md 4.6 and its sections 4.3 and 4.4, in one: from signing in to signing out.
"""

from dataclasses import dataclass, field
from functools import partial

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conversations.transcripts import a_conversation
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import is_told, picture, sign_in
from tests.journeys.test_feedback import kept
from tests.journeys.test_first_visit import answer, ask, state
from tests.journeys.test_keeping_place import TWO_FRAMES
from tests.journeys.test_writing import composer

pytestmark = pytest.mark.slow

MOST_STOPS = 80
FOCUS = """() => {
    const it = document.activeElement;
    const box = it.getBoundingClientRect();
    const label = it.closest('label');
    const frame = it.closest('.composer, .search-field');
    const rings = [it, label].some((one) => {
        const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : {};
        return one && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    });
    const coloured = frame && getComputedStyle(frame);
    const accent = Object.assign(document.createElement('i'), { style: 'color: var(--accent)' });
    document.body.append(accent);
    const edge = coloured && [coloured.borderTopColor, coloured.boxShadow].some(
        (value) => value.includes(getComputedStyle(accent).color));
    accent.remove();
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        name: (it.ariaLabel || label?.textContent || it.labels?.[0]?.textContent || it.textContent).trim(),
        visible: rings || (it.matches('textarea, input') && Boolean(edge)),
        uncovered: at !== null && (it.contains(at) || at.contains(it) || Boolean(label?.contains(at))),
        lost: it === document.body,
    };
}"""


DARK_AT_ONCE = """() => {
    document.documentElement.dataset.theme = 'dark';
    return getComputedStyle(document.getElementById('composer')).color;
}"""


@dataclass(frozen=True)
class Hands:
    """On the keys only. Wherever the focus stops on its way, it can be seen."""

    page: Page
    trail: list[str] = field(default_factory=list)

    async def press(self, key: str) -> str:
        """The name of what has the focus then."""
        await self.page.keyboard.press(key)
        await self.page.evaluate(TWO_FRAMES)  # an edge changes its colour from one frame to the next
        focus = await self.page.evaluate(FOCUS)
        assert not focus["lost"], f"{key}: the focus is lost, after “{self.trail[-1:]}”"
        assert focus["visible"], f"{key}: the focus on “{focus['name']}” cannot be seen"
        assert focus["uncovered"], f"{key}: “{focus['name']}” is covered"
        self.trail.append(focus["name"])
        return self.trail[-1]

    async def go_to(self, name: str, *, back: bool = False) -> None:
        """Tab after Tab."""
        for _ in range(MOST_STOPS):
            if (await self.press("Shift+Tab" if back else "Tab")).startswith(name):
                return
        raise AssertionError(f"“{name}” is not among {self.trail[-MOST_STOPS:]}")

    async def open(self, name: str, *, back: bool = False) -> None:
        await self.go_to(name, back=back)
        await self.page.keyboard.press("Enter")


async def test_a_whole_visit_without_a_mouse(page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    endpoint.script(Script(contains="通知", endless=True, tokens_per_s=60))
    hands = Hands(page)
    await page.goto("/signin")
    await expect(page.get_by_label("邮箱")).to_be_visible()
    await hands.go_to("邮箱")
    await page.keyboard.type("li@example.com")
    await hands.go_to("密码")
    await page.keyboard.type("li-knows-this")
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_be_focused()

    await expect(page.get_by_role("main").get_by_role("link", name="写作")).to_be_visible()
    await hands.open("写作")
    await expect(page).to_have_url("/s/write")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("写一份放假通知")
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_be_focused()
    await expect(answer(page, 0).locator(".prose")).to_be_visible()
    await page.keyboard.press("Escape")
    await state(answer(page, 0), "stopped")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(composer(page)).to_be_focused()

    await _judges_the_answer(page, hands)
    await _finds_it_again(page, hands)
    await _changes_the_look_and_leaves(page, hands)


async def _judges_the_answer(page: Page, hands: Hands) -> None:
    await hands.go_to("复制", back=True)
    while not await page.evaluate("() => document.activeElement.closest('.answer') !== null"):
        await hands.go_to("复制", back=True)
    await page.keyboard.press("Enter")
    await is_told(page, "已复制")
    assert [await hands.press(key) for key in ("ArrowRight", "ArrowRight")] == ["回答得好", "回答得不好"]
    await page.keyboard.press("Enter")
    await expect(page.locator(".asking .chip").first).to_be_focused()
    await page.keyboard.press("Space")
    await hands.open("提交")
    await expect(page.get_by_role("button", name="回答得不好")).to_be_focused()
    await kept("not-my-voice")


async def _finds_it_again(page: Page, hands: Hands) -> None:
    await hands.open("新对话", back=True)
    await expect(page).to_have_url("/")
    await expect(composer(page)).to_be_focused()
    await hands.go_to("写一份放假通知", back=True)
    await page.keyboard.press("F2")
    await page.keyboard.type("放假")
    await page.keyboard.press("Enter")
    await expect(page.locator(".side .row > a")).to_be_focused()
    await expect(page.locator(".side .row > a")).to_have_text("放假")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("通知")
    await expect(page.get_by_role("option").locator("mark").first).to_have_text("通知")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-message] h2").first).to_be_focused()


async def _changes_the_look_and_leaves(page: Page, hands: Hands) -> None:
    await page.keyboard.press("Control+,")
    settings = page.get_by_role("dialog", name="设置")
    await expect(settings).to_be_visible()
    await hands.go_to("跟随系统")
    assert await hands.press("ArrowRight") == "浅色"
    assert await hands.press("ArrowRight") == "深色"
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await picture(page, "keyboard-settings")
    await page.keyboard.press("Escape")
    await expect(settings).to_have_count(0)
    await hands.open("设置", back=True)
    await hands.open("退出登录")
    await expect(page).to_have_url("/signin")


async def test_a_question_is_asked_otherwise_and_the_first_way_looked_at_again(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """K2. Of an answer's buttons Tab stops at one; the arrows go to the others, around."""
    endpoint.script(Script(contains="三天", text="城墙和钟楼。"))
    endpoint.script(Script(contains="五天", text="再加上华山。"))
    hands = Hands(page)
    await page.emulate_media(reduced_motion="reduce")
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "去西安三天")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(composer(page)).to_be_focused()
    while not await page.evaluate("() => document.activeElement.closest('.answer') !== null"):
        await hands.press("Shift+Tab")
    row = [await hands.press("ArrowRight") for _ in range(5)]
    assert row == ["回答得好", "回答得不好", "重新生成", "换一种方式重新生成，或举报", "复制"]
    await hands.open("编辑", back=True)
    await expect(page.get_by_role("textbox", name="编辑问题")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("去西安五天")
    await page.keyboard.press("Control+Enter")
    await expect(composer(page)).to_be_focused()
    await expect(answer(page, 0)).to_contain_text("华山")
    await hands.open("上一个版本", back=True)
    await expect(answer(page, 0)).to_contain_text("城墙和钟楼")
    await expect(page.locator(".said-text")).to_have_text("去西安三天")
    await expect(page.get_by_role("button", name="上一个版本")).to_be_focused()
    await hands.press("End")
    await expect(answer(page, 0)).to_contain_text("华山")


async def test_with_less_motion_a_change_of_looks_is_there_at_once(page: Page, web: str, li: User) -> None:
    """In a very short transition what is inherited would go over level by level: unseen yet, and no stop of Tab."""
    await page.emulate_media(reduced_motion="reduce")
    await sign_in(page, li)
    await page.goto("/")
    await expect(composer(page)).to_be_focused()
    colour = "() => getComputedStyle(document.getElementById('composer')).color"
    light = await page.evaluate(colour)
    at_once = await page.evaluate(DARK_AT_ONCE)
    assert at_once != light
    await page.evaluate(TWO_FRAMES)
    assert at_once == await page.evaluate(colour)


async def test_a_conversation_is_named_pinned_deleted_and_comes_back(page: Page, web: str, li: User) -> None:
    """K3."""
    for title in ("西安三日", "周报"):
        await in_database(partial(a_conversation, li, title))
    hands = Hands(page)
    row = page.locator(".side .row > a")
    await page.emulate_media(reduced_motion="reduce")
    await sign_in(page, li)
    await page.goto("/")
    await expect(row).to_have_text(["周报", "西安三日"])
    await hands.go_to("西安三日", back=True)
    await page.keyboard.press("F2")
    await page.keyboard.type("国庆西安")
    await page.keyboard.press("Enter")
    await expect(row.last).to_be_focused()
    await hands.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="重命名")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(row).to_have_text(["国庆西安", "周报"])
    await expect(page.locator(".side h2").first).to_have_text("置顶")
    await expect(row.first).to_be_focused()
    await page.keyboard.press("Delete")
    await expect(row).to_have_text(["周报"])
    await expect(row).to_be_focused()
    await expect(page.locator(".toast")).to_be_visible()
    assert await hands.press("F8") == "撤销"
    await page.keyboard.press("Enter")
    await expect(row).to_have_text(["国庆西安", "周报"])
    await expect(row.last).to_be_focused()


async def test_in_forced_colours_what_is_on_does_not_look_like_what_is_off(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Grounds and shadows are gone there; edges, Highlight and words are left (ui.md 3.4)."""
    endpoint.script(Script(contains="慢慢", text="一句话。" * 9))
    await in_database(lambda: a_conversation(li, "另一个"))
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    await sign_in(page, li)
    await page.goto("/")
    thinking = ".chip[aria-pressed]"
    off = await _paint(page, thinking)
    await page.locator(thinking).click()
    await expect(page.locator(thinking)).to_have_attribute("aria-pressed", "true")
    await page.mouse.move(0, 0)
    assert await _paint(page, thinking) != off
    await ask(page, "慢慢写")
    await state(answer(page, 0), "completed")
    for part in (".said-text", ".composer", ".chip", ".go"):
        assert await _has_an_edge(page, part), part
    thumb = ".answer [aria-pressed]"
    off = await _paint(page, thumb)
    await page.locator(thumb).first.click()
    await expect(page.locator(thumb).first).to_have_attribute("aria-pressed", "true")
    await page.mouse.move(0, 0)
    assert await _paint(page, thumb) != off
    await picture(page, "forced-colours")
    assert await _paint(page, ".side .row[data-current]") != await _paint(page, ".side .row:not([data-current])")
    await page.get_by_role("button", name="设置").click()
    chosen, other = ".segments label:has(:checked)", ".segments label:not(:has(:checked))"
    await expect(page.locator(chosen).first).to_be_visible()
    await picture(page, "forced-colours-settings")
    assert await _paint(page, chosen) != await _paint(page, other)


async def _paint(page: Page, selector: str) -> dict[str, str]:
    """What is seen of an element besides its words."""
    seen: dict[str, str] = await page.locator(selector).first.evaluate(
        """(it) => {
            const { color, backgroundColor, borderTopColor, borderTopWidth, outlineStyle } = getComputedStyle(it);
            return { color, backgroundColor, borderTopColor, borderTopWidth, outlineStyle };
        }"""
    )
    return seen


async def _has_an_edge(page: Page, selector: str) -> bool:
    found: bool = await page.locator(selector).first.evaluate(
        "(it) => { const s = getComputedStyle(it); return s.borderTopStyle === 'solid' && s.borderTopWidth !== '0px'; }"
    )
    return found
