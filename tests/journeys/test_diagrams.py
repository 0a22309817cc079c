"""Diagrams are pictures in the page's own colours."""

import re

import pytest
from playwright.async_api import Page

from app.accounts.models import User
from conversations.database import in_database
from tests.conversations.transcripts import a_conversation
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.slow

KEEP_PICTURES = """const make = URL.createObjectURL; window.pictures = [];
URL.createObjectURL = (blob) => { window.pictures.push(blob); return make.call(URL, blob); };"""
INK = "() => getComputedStyle(document.querySelector('.prose')).color"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize("look", ["light", "dark"])
async def test_words_in_a_diagram_are_the_pages_ink(page: Page, web: str, li: User, look: str, motion: str) -> None:
    """For who asked for calm, too: there an element that changes its colour is still of the old one for a moment."""
    conversation = await in_database(lambda: a_conversation(li, text="```mermaid\ngraph LR\n  A-->B\n```\n"))
    await page.emulate_media(color_scheme=look, reduced_motion=motion)  # type: ignore[arg-type]
    await page.add_init_script(KEEP_PICTURES)
    await sign_in(page, li)
    await page.goto(f"/c/{conversation.pk}")
    await page.locator(".diagram img").wait_for()
    svg = await page.evaluate("() => window.pictures.at(-1).text()")
    colours = dict(re.findall(r"--(fg|bg):(rgb[^;]+);", svg))
    assert colours["fg"] == await page.evaluate(INK)
    assert colours["bg"] != colours["fg"]
