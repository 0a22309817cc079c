"""What the browser loads comes compressed: the budgets of the page are of what goes over the line."""

import gzip
import re
import urllib.request

import pytest

pytestmark = pytest.mark.slow


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
        assert (plain, zipped, brotli) == ("", "gzip", "br")
        assert gzip.decompress(bytes_) == text
        assert len(smallest) < len(bytes_) < len(text)
