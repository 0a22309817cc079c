"""What the browser loads comes compressed: the budgets of the page are of what goes over the line."""

import gzip
import re
import urllib.request

import pytest
from playwright.async_api import Page, Route

pytestmark = pytest.mark.slow

LOOKS = """() => [...document.querySelectorAll('body, #root *')].map((it) => {
    const { x, y, width, height } = it.getBoundingClientRect();
    const { color, backgroundColor, borderRadius, fontSize, fontWeight, lineHeight, display } = getComputedStyle(it);
    return [it.tagName, it.className.toString(), x, y, width, height,
            color, backgroundColor, borderRadius, fontSize, fontWeight, lineHeight, display].join(' ');
})"""
ONE_PACKET = 1400
"""In bytes: what is smaller is not compressed (scripts/compress.mjs)."""
IS_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"


async def lose(route: Route) -> None:
    await route.abort()


def fetched(url: str, encoding: str) -> tuple[str, bytes]:
    """How it was encoded, and its bytes as they came."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(asked) as response:
        return response.headers.get("Content-Encoding", ""), response.read()


def test_everything_before_the_first_paint_comes_compressed_to_who_accepts_that(web: str) -> None:
    _, page = fetched(f"{web}/", "identity")
    files = re.findall(r'(?:src|href)="(/static/assets/[^"]+\.(?:js|css))"', page.decode())
    assert {file.rpartition(".")[2] for file in files} == {"js", "css"}
    for file in files:
        (plain, text), (zipped, bytes_) = fetched(web + file, "identity"), fetched(web + file, "gzip")
        (brotli, smallest) = fetched(web + file, "gzip, deflate, br")
        if len(text) < ONE_PACKET:
            continue
        assert (plain, zipped, brotli) == ("", "gzip", "br")
        assert gzip.decompress(bytes_) == text
        assert len(smallest) < len(bytes_) < len(text)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", ["/", "/c/00000000-0000-0000-0000-000000000000"])
async def test_the_first_paint_waits_for_no_file_and_looks_as_it_does_with_every_style(
    page: Page, web: str, width: int, address: str
) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await page.route("**/static/assets/**", lose)
    await page.goto(address)
    await page.wait_for_function(IS_PAINTED)
    without = await page.evaluate(LOOKS)
    await page.unroute("**/static/assets/**")
    await page.route("**/static/assets/*.js", lose)
    await page.goto(address)
    assert without == await page.evaluate(LOOKS)
    assert len(without) > 5


def test_the_page_itself_comes_compressed_too(web: str) -> None:
    """Its first styles are in it."""
    encoding, bytes_ = fetched(f"{web}/", "gzip")
    assert encoding == "gzip"
    assert b"<style>" in gzip.decompress(bytes_)
