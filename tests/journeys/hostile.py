"""Words that try to be more than words, and what a page did about them."""

import json
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Page

CORPUS = Path(__file__).resolve().parents[1] / "golden" / "hostile.json"
FEWEST = 300


def payloads() -> Sequence[str]:
    """Without those that hold a NUL, which no database keeps; they are tested where no database is in between."""
    found = [str(entry["text"]) for entry in json.loads(CORPUS.read_text(encoding="utf-8"))]
    kept = [text for text in found if "\0" not in text]
    assert len(kept) >= FEWEST
    return kept


class Watch:
    """What a page fetched from elsewhere, and what it asked or told by itself, from now on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.foreign: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda request: self._fetched(request.url))
        page.on("dialog", lambda dialog: self.dialogs.append(dialog.message))

    def _fetched(self, url: str) -> None:
        origin = "/".join(self._page.url.split("/")[:3])
        if not url.startswith((origin, origin.replace("http", "ws", 1), "blob:", "data:", "about:")):
            self.foreign.append(url)
