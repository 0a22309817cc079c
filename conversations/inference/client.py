"""The way out: HTTP requests to hosted endpoints.

Straight to them over the light transport, or through the openai SDK where the environment names a proxy.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakKeyDictionary

from conversations.inference.direct import Direct
from conversations.inference.proxied import Proxied, is_behind_a_proxy
from conversations.inference.response import UpstreamResponse
from conversations.inference.transport.address import Address, Origin
from conversations.inference.transport.pool import Pool
from conversations.inference.types import Endpoint


class _Way(Protocol):
    async def send(self, path: str, body: Mapping[str, object] | None, *, connect_s: float) -> UpstreamResponse: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Ways:
    """Of one event loop, since a connection belongs to the loop that made it. A changed key gets a new way and pool."""

    by_endpoint: dict[tuple[str, str], _Way] = field(default_factory=dict)  # base URL and key
    pools: dict[tuple[Origin, str], Pool] = field(default_factory=dict)  # origin and key

    def to(self, endpoint: Endpoint) -> _Way:
        key = (endpoint.base_url, endpoint.api_key)
        if key not in self.by_endpoint:
            self.by_endpoint[key] = self._new(endpoint)
        return self.by_endpoint[key]

    def _new(self, endpoint: Endpoint) -> _Way:
        address = Address.parse(endpoint.base_url)
        if is_behind_a_proxy(address.origin):
            return Proxied(endpoint.base_url, address, endpoint.api_key)
        key = (address.origin, endpoint.api_key or address.credentials)
        if key not in self.pools:
            self.pools[key] = Pool(address.origin)
        return Direct(address, endpoint.api_key, self.pools[key])


_ways: WeakKeyDictionary[asyncio.AbstractEventLoop, _Ways] = WeakKeyDictionary()


async def open_stream(
    endpoint: Endpoint, body: Mapping[str, object] | None, *, path: str = "/chat/completions"
) -> UpstreamResponse:
    """POST ``body``, or GET without one. Returns whatever the status; follows no redirect.

    A response that is not 2xx was read to 64 KiB at most. No time limit but the connection's: the caller has a
    watchdog. Raises ``ConnectFailed``, ``UpstreamReset`` or ``BadStream``.
    """
    ways = _ways.setdefault(asyncio.get_running_loop(), _Ways())
    return await ways.to(endpoint).send(path, body, connect_s=endpoint.timeouts.connect_s)


async def close() -> None:
    """Close the running loop's connections; for the end of a process or of a test."""
    ways = _ways.pop(asyncio.get_running_loop(), _Ways())
    for way in ways.by_endpoint.values():
        await way.close()
