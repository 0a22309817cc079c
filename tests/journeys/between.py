"""Somebody between a page and its server: the line is real, and of what goes over it some is held back or made up."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, WebSocketRoute

PATIENCE_S = 60.0
WRITING = ("snapshot", "delta", "finished")
"""Held, an answer is written as far as a test lets it, however slow the machine is."""


@dataclass(frozen=True)
class Held:
    frame: dict[str, Any]
    go: Callable[[], None]


@dataclass
class Between:
    """``holds`` are types of frames, of either side (docs/protocol.md). Held ones wait, in order, to be let go."""

    holds: Collection[str]
    seen: Counter[str] = field(default_factory=Counter)
    held: list[Held] = field(default_factory=list)
    written: str = ""
    """What was let through by ``write_to``."""
    _lines: list[WebSocketRoute] = field(default_factory=list)

    def tell(self, frame: dict[str, Any]) -> None:
        """The page, as if the server had said it."""
        self._lines[-1].send(json.dumps(frame))

    def let_go(self) -> None:
        self.holds = ()
        while self.held:
            self.held.pop(0).go()

    async def write_to(self, words: str) -> None:
        """One after the other of what is held, up to the one that brings these words."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.written:
                if self.held:
                    held = self.held.pop(0)
                    before = "" if held.frame["type"] == "snapshot" else self.written
                    self.written = before + held.frame.get("text", "")
                    held.go()
                else:
                    await asyncio.sleep(0.02)  # until the next comes from the server

    def join(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda said: self._pass(said, server.send))
        server.on_message(lambda said: self._pass(said, line.send))
        self._lines.append(line)

    def _pass(self, said: str | bytes, send: Callable[[str | bytes], None]) -> None:
        frame = json.loads(said)
        self.seen[frame["type"]] += 1
        if frame["type"] in self.holds:
            self.held.append(Held(frame, lambda: send(said)))
        else:
            send(said)


async def stand_between(page: Page, *, holds: Collection[str]) -> Between:
    """On every line this page opens from now on."""
    between = Between(holds)
    await page.route_web_socket("**/ws/**", between.join)
    return between
