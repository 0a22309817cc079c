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
class Written:
    """What the page shows of the answer that was let through last, by the rule that the page has: in order, or not.

    Where something is missing it asks for it, and the reply is held like everything else.
    """

    generation: str = ""
    seq: int = 0
    text: str = ""

    def take(self, frame: dict[str, Any]) -> None:
        if frame["generation"] != self.generation:
            self.generation, self.seq, self.text = frame["generation"], 0, ""
        if frame["type"] == "snapshot" and frame["seq"] >= self.seq:
            self.seq, self.text = frame["seq"], frame.get("text", "")
        elif frame["type"] == "delta" and frame["after"] == self.seq:
            self.seq, self.text = frame["seq"], self.text + frame.get("text", "")


@dataclass
class Between:
    """``holds`` are types of frames, of either side (docs/protocol.md). Held ones wait, in order, to be let go."""

    holds: Collection[str]
    seen: Counter[str] = field(default_factory=Counter)
    held: list[Held] = field(default_factory=list)
    written: Written = field(default_factory=Written)
    """By ``write_to``."""
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
            while words not in self.written.text:
                if self.held:
                    held = self.held.pop(0)
                    self.written.take(held.frame)
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
