"""Requests of a page, one at a time on one connection: how long each took, and how many bytes came."""

import http.client
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.load.stage import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    seconds: float
    body: bytes


class Reader:
    """A signed-in person of the server's, who waits for each answer before asking again."""

    def __init__(self, server: Server, *, person: int = 0) -> None:
        (target,) = server.targets
        self._page = http.client.HTTPConnection(target.host, target.port, timeout=30)
        self._headers = {"Cookie": f"sessionid={server.sessions[person]}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._page.close()

    def read(self, paths: Iterable[str]) -> list[Reply]:
        return [self._read(path) for path in paths]

    def _read(self, path: str) -> Reply:
        asked = time.perf_counter()
        self._page.request("GET", path, headers=self._headers)
        response = self._page.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return Reply(seconds=time.perf_counter() - asked, body=body)
