"""What stands at the top of the view stays where it is, however what is above it grows. Numbers are ui.md's checks."""

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.models import Conversation, Message
from tests.conversations.transcripts import a_conversation
from tests.database import rows
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import sign_in
from tests.journeys.test_answers import LONG
from tests.journeys.test_first_visit import answer, ask, state
from tests.journeys.test_writing import questions
from tests.tab import eventually

pytestmark = pytest.mark.slow

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def long_question(web: str, li: User) -> Conversation:
    """Its first question is folded on the page, and more than a screen follows it."""
    conversation = a_conversation(li, "长问题", turns=12, text="城墙很长。" * 60)
    first = Message.objects.filter(conversation=conversation, role="user").order_by("created_at")[0]
    Message.objects.filter(pk=first.pk).update(text="一行字\n" * 60)
    return conversation


@pytest.fixture
def thousand_messages(web: str, li: User) -> Conversation:
    return a_conversation(li, "很长", turns=500, text="城墙很长，慢慢走。" * 25)


async def test_unfolding_what_is_above_moves_nothing_in_view(page: Page, li: User, long_question: Conversation) -> None:
    """Check 24."""
    await sign_in(page, li)
    await page.goto(f"/c/{long_question.pk}")
    await expect(answer(page, 11)).to_be_in_viewport()
    await page.locator(".thread").hover()
    await page.mouse.wheel(0, -900)
    await expect(page.get_by_role("button", name="回到最新")).to_be_visible()
    inside = page.locator(".turn").nth(9)
    await expect(inside).to_be_in_viewport()
    await page.evaluate(TWO_FRAMES)
    before = await inside.evaluate("row => row.getBoundingClientRect().top")
    height = await page.locator(".thread").evaluate("box => box.scrollHeight")
    await page.locator("[data-unfold]").first.evaluate("button => button.click()")
    await page.wait_for_function("was => document.querySelector('.thread').scrollHeight > was + 500", arg=height)
    await page.evaluate(TWO_FRAMES)
    assert abs(await inside.evaluate("row => row.getBoundingClientRect().top") - before) <= 1


STEP_PX = 150
SCROLLED_UP = """([step, frames]) => new Promise((done) => {
    const box = document.querySelector('.thread');
    const report = { most_moved: 0, most_nodes: 0, top_turn: 0 };
    const inView = () => {
        const rows = [...box.querySelectorAll('.turn')].map((row) => ({ row, ...edges(row) }));
        const near = rows.filter(({ top, bottom }) => bottom > -3 * step && top < innerHeight);
        return { drawn: near.every(({ row }) => row.childElementCount > 0),
                 tops: new Map(near.filter(({ bottom }) => bottom > 0).map(({ row, top }) => [row, top])) };
    };
    const edges = (row) => { const { top, bottom } = row.getBoundingClientRect(); return { top, bottom }; };
    let before = null;
    let went = 0;
    const frame = () => {
        const { drawn, tops } = inView();
        for (const [row, top] of tops)
            if (before?.has(row))
                report.most_moved = Math.max(report.most_moved, Math.abs(top - before.get(row) - went));
        report.most_nodes = Math.max(report.most_nodes, document.querySelectorAll('*').length);
        const [topmost] = tops.keys();
        report.top_turn = parseInt(topmost.querySelector('.said-text')?.textContent.slice(2));
        if (frames === 0) return done(report);
        before = tops;
        const waits = box.scrollTop < 2 * step;
        went = waits ? (went === 1 ? -1 : 1) : drawn ? step : 1;
        if (went === step) frames -= 1;
        box.scrollTop -= went;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""
"""Scrolls up a step a frame, a pixel where not all is drawn yet, a pixel up and down where what was before is still
being read, and looks how far each turn in view moved each time.

It always scrolls: what is held is put back when the scroll is told, which is before this looks, or else after it.
"""


async def test_a_thousand_messages_open_at_their_end_and_are_read_upwards_without_a_jump(
    page: Page, li: User, thousand_messages: Conversation
) -> None:
    """Check 25, without its frames a second: what is in view moves in every frame as far as was scrolled."""
    await sign_in(page, li)
    await page.goto(f"/c/{thousand_messages.pk}")
    await expect(page.locator(".turn").last).to_be_in_viewport()
    await expect(page.locator(".turn").last).to_contain_text("慢慢走。 499")
    await expect(page.locator(".turn")).to_have_count(50)
    await page.locator(".thread").hover()
    await page.mouse.wheel(0, -600)
    await expect(page.get_by_role("button", name="回到最新")).to_be_visible()
    scrolled = await page.evaluate(SCROLLED_UP, [STEP_PX, 200])
    assert scrolled["top_turn"] < 449
    assert scrolled["most_moved"] <= 1
    assert scrolled["most_nodes"] <= 6000

    async def beginning() -> bool:
        """Also after the last turns came, which keep the view where it was: away from the first one."""
        await page.locator(".thread").evaluate("box => { box.scrollTop = 0; }")
        return "慢慢走。 0" in (await page.locator(".turn").first.text_content() or "")

    await eventually(beginning, timeout_s=60)
    await expect(page.locator(".turn")).to_have_count(500)
    await page.get_by_role("button", name="回到最新").click()
    await expect(page.locator(".turn").last).to_be_in_viewport()
    await expect(page.locator(".turn").last).to_contain_text("慢慢走。 499")


async def test_a_message_far_up_in_a_long_conversation_is_gone_to(
    page: Page, li: User, thousand_messages: Conversation
) -> None:
    answers = Message.objects.filter(conversation=thousand_messages)
    (early,) = await rows(answers.filter(generations__text__endswith=" 20"))
    await sign_in(page, li)
    await page.goto(f"/c/{thousand_messages.pk}?m={early.pk}")
    found = page.locator(f'[data-message="{early.pk}"]')
    await expect(found.locator("h2")).to_be_focused()
    await expect(found).to_be_in_viewport()
    await expect(page.locator(".turn").nth(22)).to_contain_text("问 22")
    await expect(found).to_be_in_viewport()


async def test_who_comes_back_is_where_they_left_off(
    page: Page, li: User, long_question: Conversation, thousand_messages: Conversation
) -> None:
    """In a short thread, and in one of which only what is near the view is drawn."""
    await sign_in(page, li)
    for conversation, turns in ((long_question, 12), (thousand_messages, 50)):
        await page.goto(f"/c/{conversation.pk}")
        await expect(page.locator(".turn")).to_have_count(turns)
        await page.locator(".thread").hover()
        await page.mouse.wheel(0, -2500)
        await expect(page.get_by_role("button", name="回到最新")).to_be_visible()
        await page.evaluate(TWO_FRAMES)
        left = await page.evaluate(READ)
        await page.get_by_role("link", name="新对话").first.click()
        await expect(page.locator(".turn")).to_have_count(0)
        await page.go_back()
        await expect(page.locator(".turn").last).to_be_attached()
        await page.evaluate(TWO_FRAMES)
        question, top = await page.evaluate(READ)
        assert question == left[0]
        assert abs(top - left[1]) <= 1


READ = """() => {
    const box = document.querySelector('.thread').getBoundingClientRect();
    const row = [...document.querySelectorAll('.turn')].find((it) => it.getBoundingClientRect().bottom > box.top + 1);
    return [row.querySelector('.said-text').textContent, row.getBoundingClientRect().top - box.top];
}"""
"""The question of the turn at the top of the view, and how far below the edge the turn begins."""


async def test_an_answer_that_nobody_has_seen_is_opened_at_its_question(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    endpoint.script(Script(contains="长一点", text=LONG, tokens_per_s=300))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "长一点")
    await state(answer(page, 0), "streaming")
    await page.goto("/")
    row = page.locator(".side .row")
    await expect(row).to_contain_text("有新回答")
    await row.get_by_role("link").click()
    await expect(answer(page, 0)).to_contain_text("第399句话")
    await expect(questions(page).first).to_be_in_viewport()
    await page.wait_for_function("() => document.querySelector('.thread').scrollTop < 100")
