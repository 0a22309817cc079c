"""A model's text is not trusted: whatever it writes, nothing runs, nothing is fetched, live and after a reload."""

import json

import pytest
from playwright.async_api import Page, expect

from app.accounts.models import User
from app.demonstration.faults import Script
from conversations.database import in_database
from tests.conftest import session_of
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import picture
from tests.journeys.hostile import Watch, payloads
from tests.journeys.test_first_visit import answer, ask, state

pytestmark = pytest.mark.slow

AT_ONCE = 80
"""Payloads in one answer, as paragraphs of their own: an open fence hides at most these."""
LONGEST = 2_000
"""Those that are about length alone are tested one by one, in the page's own tests."""


async def test_nothing_runs_and_nothing_is_fetched(
    page: Page, web: str, li: User, endpoint: DemonstrationEndpoint
) -> None:
    hostile = [text for text in payloads() if len(text) <= LONGEST]
    session = await in_database(lambda: session_of(li))
    await page.context.add_cookies([{"name": "sessionid", "value": session, "url": web}])
    await page.goto("/")
    watch = Watch(page)
    for number, first in enumerate(range(0, len(hostile), AT_ONCE)):
        text = "\n\n".join(hostile[first : first + AT_ONCE])
        endpoint.script(Script(contains=f"round {number}", literals=_pieces(f"{text}\n\nend of round {number}")))
        await ask(page, f"round {number}")
        await state(answer(page, number), "completed")
        await expect(answer(page, number)).to_contain_text(f"end of round {number}")
    await picture(page, "hostile")
    await _is_harmless(page)
    await page.reload()
    await expect(answer(page, number)).to_contain_text(f"end of round {number}")
    await _is_harmless(page)
    assert (watch.foreign, watch.dialogs) == ([], [])


def _pieces(text: str, size: int = 400) -> tuple[str, ...]:
    """As JSON literals, each character one byte, as the double wants them."""
    return tuple(json.dumps(text[start : start + size], ensure_ascii=True) for start in range(0, len(text), size))


async def _is_harmless(page: Page) -> None:
    dangers = await page.evaluate(
        """() => [...document.querySelectorAll('.answer *')].flatMap((element) => {
            const found = [];
            if (/^(script|iframe|object|embed|link|meta|style|base|form)$/i.test(element.tagName))
                found.push(element.tagName);
            for (const { name, value } of element.attributes) {
                if (name.startsWith('on')) found.push(name);
                if (/^(href|src|xlink:href|action)$/.test(name) && /^\\s*(javascript|vbscript|data):/i.test(value))
                    found.push(name + '=' + value.slice(0, 40));
            }
            if (element.tagName === 'IMG' && !element.src.startsWith('blob:')) found.push('img ' + element.src);
            return found;
        })"""
    )
    assert dangers == []
