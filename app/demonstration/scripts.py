"""The double's memory: which script a request gets, and what became of every request."""

import time
from collections import deque
from typing import Any

import msgspec

from app.demonstration.faults import Script

MAX_LOG = 50_000


class Entry(msgspec.Struct):
    """One request to /v1/chat/completions. Times are seconds since the epoch."""

    id: int
    received_at: float
    headers: dict[str, str]
    body: Any
    question: str
    tokens_sent: int = 0
    finish_reason: str | None = None
    finished: bool = False
    closed_early: bool = False
    ended_at: float | None = None


class Counters(msgspec.Struct):
    requests: int = 0
    active: int = 0
    peak_active: int = 0
    connections: int = 0
    open_connections: int = 0


class Scripts:
    def __init__(self) -> None:
        self._scripts: list[Script] = []
        self._left: dict[int, int] = {}
        self.log: deque[Entry] = deque(maxlen=MAX_LOG)
        self.counters = Counters()

    def reset(self) -> None:
        """Forget scripts and log; requests and connections that are still open are counted on."""
        self._scripts.clear()
        self._left.clear()
        self.log.clear()
        active, connected = self.counters.active, self.counters.open_connections
        self.counters = Counters(active=active, peak_active=active, open_connections=connected)

    def install(self, script: Script) -> None:
        self._scripts.append(script)
        if script.times is not None:
            self._left[id(script)] = script.times

    def script_for(self, question: str) -> Script | None:
        for script in reversed(self._scripts):
            left = self._left.get(id(script))
            if script.contains in question and left != 0:
                if left is not None:
                    self._left[id(script)] = left - 1
                return script
        return None

    def begin(self, *, headers: dict[str, str], body: Any, question: str) -> Entry:
        counters = self.counters
        counters.requests += 1
        counters.active += 1
        counters.peak_active = max(counters.peak_active, counters.active)
        entry = Entry(counters.requests, time.time(), headers, body, question)
        self.log.append(entry)
        return entry

    def end(self, entry: Entry, *, finished: bool, by_client: bool) -> None:
        self.counters.active -= 1
        entry.ended_at = time.time()
        entry.finished = finished
        entry.closed_early = by_client
