"""How fast the page is: every figure of docs/performance.md, section 4, as its table.

    var/venv/bin/python -m pytest -n0 -s tests/journeys/measure.py

prints it and keeps it as ``var/page.md``. After ``npm run build``, on a quiet machine: a busy one tells little.
"""

import json
import re
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conversations.transcripts import a_conversation
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import sign_in
from tests.journeys.test_first_visit import answer, ask, state
from tests.journeys.test_heap import heap_of
from tests.journeys.test_three_at_once import begun_thrice, stop_all, typed
from tests.load.meter import percentile
from tests.load.report import table
from tests.processes import ROOT

VISITS = 7
THREADS = 20
FRAMES = 400
WATCH = """() => {
    window.seen = { lcp: 0, shift: 0 };
    new PerformanceObserver((list) => { window.seen.lcp = list.getEntries().at(-1).startTime; })
        .observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => { for (const it of list.getEntries()) window.seen.shift += it.value; })
        .observe({ type: 'layout-shift', buffered: true });
}"""
PAINTED = """() => ({
    first: performance.getEntriesByName('first-contentful-paint')[0].startTime, ...window.seen,
})"""
READ_AGAIN = """(written) => {
    const look = () => document.querySelector('.answer .prose')?.textContent.startsWith(written)
        ? (window.readAgain = performance.now()) : requestAnimationFrame(look);
    look();
}"""
SCROLLED = """(frames) => new Promise((done) => {
    const box = document.querySelector('.thread');
    const took = [];
    let nodes = 0;
    let before = performance.now();
    const frame = (now) => {
        took.push(now - before);
        before = now;
        nodes = Math.max(nodes, document.getElementsByTagName('*').length);
        if (took.length === frames) return done({ took: took.slice(1), nodes });
        box.scrollTop -= 120;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""

SIZES = {
    "entry": "JavaScript before the first paint",
    "thread": "what a conversation needs more, with the renderer of answers",
    "overlays": "all that opens over the page",
    "css": "styles",
    "first": "of these, in the page itself",
}

Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    found: list[Row] = []
    yield found
    written = table([("what", "budget", "measured"), *found])
    (ROOT / "var" / "page.md").write_text(f"{written}\n", encoding="utf-8")
    print(f"\n\n{written}")


def test_sizes(rows: list[Row]) -> None:
    said = subprocess.run(["node", "scripts/budget.mjs"], cwd=ROOT / "frontend", capture_output=True, text=True)
    for line in said.stdout.splitlines():
        name, size, *_, budget = line.split()
        what = SIZES[name]
        rows.append((f"{what}, `scripts/budget.mjs`", f"{budget} KB gz", f"{size} KB"))


@pytest.mark.parametrize(
    ("how", "budget"), [("on this machine", "0.3 s"), ("1.6 Mbit/s, 150 ms, a CPU four times slower", "0.8 s")]
)
async def test_first_paint(rows: list[Row], browser: Browser, web: str, how: str, budget: str) -> None:
    """Each visit is somebody's first: nothing is kept."""
    visits = [await _visit(browser, web, is_slow="Mbit" in how) for _ in range(VISITS)]
    firsts = [visit["first"] for visit in visits]
    rows.append((f"first paint of `/`, {how}: median, slowest of {VISITS}", budget, _ms(firsts)))
    if "Mbit" in how:
        rows.append(("the largest paint there: median, slowest", "1.8 s", _ms([visit["lcp"] for visit in visits])))
        rows.append(("layout shift there", "0.02", f"{max(visit['shift'] for visit in visits):.3f}"))


async def _visit(browser: Browser, web: str, *, is_slow: bool) -> dict[str, Any]:
    context = await browser.new_context(base_url=web, locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.add_init_script(f"({WATCH})()")
    if is_slow:
        protocol = await context.new_cdp_session(page)
        line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
        await protocol.send("Network.enable")
        await protocol.send("Network.emulateNetworkConditions", line)
        await protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await page.goto("/")
    await expect(page.get_by_role("main").get_by_role("link", name="翻译")).to_be_visible()
    painted: dict[str, Any] = await page.evaluate(PAINTED)
    await context.close()
    return painted


async def test_a_thousand_messages(rows: list[Row], page: Page, web: str, li: User) -> None:
    conversation = await in_database(lambda: a_conversation(li, "很长", turns=500, text="城墙很长，慢慢走。" * 25))
    await sign_in(page, li)
    await page.goto(f"/c/{conversation.pk}")
    await expect(page.locator(".turn").last).to_contain_text("慢慢走。 499")
    scrolled = await page.evaluate(SCROLLED, FRAMES)
    frames = scrolled["took"]
    measured = f"{1000 / statistics.median(frames):.0f}/s, {percentile(frames, 95):.0f} ms"
    rows.append(("scrolling up through 1,000 messages: frames, p95 of a frame", "58/s, 20 ms", measured))
    rows.append(("elements meanwhile, at most", "6,000", f"{scrolled['nodes']:,}"))


async def test_three_answers(rows: list[Row], page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    await sign_in(page, li)
    await begun_thrice(page, endpoint)
    slow = await typed(page)
    await in_database(stop_all)
    keys, long = slow["keys"], slow["long"]
    what = "200 keys while three answers of 100 tokens a second come"
    rows.append(
        (f"{what}: event durations over 16 ms, p98", "100 ms", f"{percentile(keys, 98):.0f} ms" if keys else "none")
    )
    measured = f"{len(long)}, the longest {max(long):.0f} ms" if long else "none"
    rows.append(("tasks over 50 ms meanwhile", "none", measured))


async def test_a_whole_answer(rows: list[Row], page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    endpoint.script(Script(contains="慢慢写", text="**一句话**，又一句话。\n\n- 一\n- 二\n\n" * 100, tokens_per_s=400))
    await page.add_init_script(f"({WATCH})()")
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "慢慢写")
    await state(answer(page, 0), "completed")
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    rows.append(("layout shift of a whole answer", "0.02", f"{await page.evaluate('() => window.seen.shift'):.3f}"))


async def test_a_reload_meanwhile(
    rows: list[Row], page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    """Check 17: what was written before the reload is read again, counted from the first paint of the shell."""
    endpoint.script(Script(contains="慢慢写", endless=True, tokens_per_s=60))
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "慢慢写")
    prose = answer(page, 0).locator(".prose")
    await expect(prose).to_have_text(re.compile(".{200}", re.DOTALL))
    written = (await prose.text_content() or "")[:200]
    await page.add_init_script(f"({READ_AGAIN})({json.dumps(written)})")
    took = []
    for _ in range(VISITS):
        await page.reload()
        await page.wait_for_function("() => window.readAgain")
        took.append(await page.evaluate(f"() => window.readAgain - ({PAINTED})().first"))
    await in_database(stop_all)
    what = f"a reload while an answer is written: its text so far, after the first paint: median, slowest of {VISITS}"
    rows.append((what, "1 s", _ms(took)))


async def test_many_threads(rows: list[Row], page: Page, web: str, li: User) -> None:
    """The garbage is collected first; the list in the sidebar is where a reader goes on from."""
    made = await in_database(
        lambda: [
            a_conversation(li, f"第 {n} 个", turns=20, text="**一句**话。\n\n- 一\n- 二\n" * 20) for n in range(THREADS)
        ]
    )
    protocol = await page.context.new_cdp_session(page)
    await sign_in(page, li)
    await page.goto("/")
    for conversation in made:
        await page.locator(f'.side a[href="/c/{conversation.pk}"]').click()
        await expect(answer(page, 19)).to_contain_text("一句话")
    heap = await heap_of(protocol)
    rows.append((f"JavaScript heap with {THREADS} threads opened", "120 MB", f"{heap.script / 1e6:.1f} MB"))


def _ms(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.0f}, {max(values):.0f} ms"
