"""What real endpoints sent, as a reader sees it: the same words and the same picture live and after a reload."""

from dataclasses import dataclass
from functools import partial

import pytest
from playwright.async_api import Page, ViewportSize, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conftest import session_of
from tests.conversations.test_recordings import FOLDER, RECORDED, recording, said
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import PICTURES
from tests.journeys.test_first_visit import answer, ask, state
from tests.tab import eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="the recordings (shared/recordings) are not here"),
]

TALL = ViewportSize(width=1440, height=6000)
"""The longest answer whole inside the scrolled box, so that a picture of it is cut off nowhere."""
CHUNKS_PER_S = 400
COUNT_LIVE = """() => {
    window.drawn_live = 0;
    const look = () => { window.drawn_live += document.querySelector('.prose[data-live]') ? 1 : 0; };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One finished answer: its words, those of its thinking, and the PNG of its text."""

    words: str
    thinking: str
    picture: bytes


async def test_recorded_answers_look_the_same_live_and_after_a_reload(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    faults: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda line: faults.append(f"{line.text} {line.location}") if line.type == "error" else None)
    page.on("request", lambda request: foreign.append(request.url) if not _ours(web, request.url) else None)
    session = await in_database(lambda: session_of(li))
    await page.context.add_cookies([{"name": "sessionid", "value": session, "url": web}])
    await page.goto("/")
    await page.evaluate(COUNT_LIVE)
    await page.get_by_role("button", name="深度思考").click()
    for number, name in enumerate(RECORDED):
        endpoint.script(Script(contains=name, replay=recording(name), tokens_per_s=CHUNKS_PER_S))
        await ask(page, name)
        await state(answer(page, number), "completed")
        await expect(answer(page, number)).to_have_attribute("aria-busy", "false")
    assert await page.evaluate("() => window.drawn_live") > 0
    await page.set_viewport_size(TALL)
    live = {name: await _seen(page, number, f"{name}-live") for number, name in enumerate(RECORDED)}
    await page.reload()
    await expect(page.locator("[data-generation]")).to_have_count(len(RECORDED))
    for number, name in enumerate(RECORDED):
        again = await _seen(page, number, f"{name}-reloaded")
        assert (again.words, again.thinking) == (live[name].words, live[name].thinking)
        assert again.thinking == said(name)[1]
        await eventually(partial(_looks_like, live[name].picture, page, number, f"{name}-reloaded"))
    assert (faults, foreign) == ([], [])


async def _seen(page: Page, number: int, name: str) -> Seen:
    """With its thinking unfolded only after the picture was taken, which is of the text alone."""
    one = answer(page, number)
    await expect(one).to_have_attribute("aria-busy", "false")
    await expect(one.locator(".md.plain")).to_have_count(0)
    picture = await _picture(page, number, name)
    strip = one.get_by_role("button", name="展开思考过程")
    thinking = ""
    if await strip.count():
        await strip.click()
        thinking = await one.locator(".reasoning-all").text_content() or ""
        await one.get_by_role("button", name="收起思考过程").click()
    return Seen(await one.locator(".prose").inner_text(), thinking, picture)


async def _picture(page: Page, number: int, name: str) -> bytes:
    """Kept in ``PICTURES``, too, to compare."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    prose = answer(page, number).locator(".prose")
    return await prose.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


async def _looks_like(wanted: bytes, page: Page, number: int, name: str) -> bool:
    """In the end: the colours of code and the glyphs of formulas come a little later."""
    return await _picture(page, number, name) == wanted


def _ours(web: str, url: str) -> bool:
    return url.startswith((web, web.replace("http", "ws", 1), "blob:", "data:"))
