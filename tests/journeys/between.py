"""Somebody between a page and its server: the line is real, and of what goes over it some is held back or made up."""

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, WebSocketRoute


@dataclass
class Between:
    """``holds`` are types of frames, of either side (docs/protocol.md). Held ones wait, in order, to be let go."""

    holds: Collection[str]
    seen: Counter[str] = field(default_factory=Counter)
    held: list[Callable[[], None]] = field(default_factory=list)
    _lines: list[WebSocketRoute] = field(default_factory=list)

    def tell(self, frame: dict[str, Any]) -> None:
        """The page, as if the server had said it."""
        self._lines[-1].send(json.dumps(frame))

    def let_go(self) -> None:
        self.holds = ()
        while self.held:
            self.held.pop(0)()

    def join(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda said: self._pass(said, server.send))
        server.on_message(lambda said: self._pass(said, line.send))
        self._lines.append(line)

    def _pass(self, said: str | bytes, send: Callable[[str | bytes], None]) -> None:
        kind = json.loads(said)["type"]
        self.seen[kind] += 1
        if kind in self.holds:
            self.held.append(lambda: send(said))
        else:
            send(said)


async def stand_between(page: Page, *, holds: Collection[str]) -> Between:
    """On every line this page opens from now on."""
    between = Between(holds)
    await page.route_web_socket("**/ws/**", between.join)
    return between
