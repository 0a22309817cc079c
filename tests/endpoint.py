"""The test double: the demonstration endpoint, started as a real process with its controls open."""

import asyncio
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from app.demonstration.faults import Script
from app.demonstration.scripts import Counters, Entry

ROOT = Path(__file__).resolve().parent.parent

T = TypeVar("T")


class DemonstrationEndpoint:
    """``with DemonstrationEndpoint() as endpoint``: ready when entered, ended by its pid when left.

    It also ends by itself when this process dies, however that happens. Calls to its controls are short and blocking.
    """

    def __init__(self, *, pace: float = 0, first_token_s: float = 0, key: str = "", port: int = 0) -> None:
        command = [sys.executable, "-m", "app.demonstration", "--port", str(port), "--pace", str(pace)]
        command += ["--first-token-s", str(first_token_s), "--key", key, "--control", "--until-stdin-closes"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"the demonstration endpoint did not start: {line!r}")
        self.base_url = line.split()[-1]
        self._root = self.base_url.removesuffix("/v1")

    @property
    def pid(self) -> int:
        return self._process.pid

    def script(self, script: Script) -> None:
        """From now on; the newest script that matches a request wins."""
        self._call("POST", "/control", msgspec.json.encode(script))

    def next(self, script: Script) -> None:
        """For one request only."""
        self.script(replace(script, times=1))

    def reset(self) -> None:
        self._call("DELETE", "/control")

    def log(self) -> list[Entry]:
        return msgspec.json.decode(self._call("GET", "/control/log"), type=list[Entry])

    def counters(self) -> Counters:
        return msgspec.json.decode(self._call("GET", "/control/counters"), type=Counters)

    def wait_until(self, happened: Callable[[list[Entry]], T | None], *, timeout_s: float = 15.0) -> T:
        """The first true value of ``happened(log)``; fails when it never comes."""
        end = time.monotonic() + timeout_s
        while not (found := happened(self.log())):
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {timeout_s} s: {self.log()}")
            time.sleep(0.01)
        return found

    async def until(self, happened: Callable[[list[Entry]], T | None], *, timeout_s: float = 15.0) -> T:
        """The same while the caller's event loop runs on, which closing a connection needs."""
        end = time.monotonic() + timeout_s
        while not (found := happened(self.log())):
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {timeout_s} s: {self.log()}")
            await asyncio.sleep(0.01)
        return found

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self._root + path, data=body, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            content: bytes = response.read()
        return content
