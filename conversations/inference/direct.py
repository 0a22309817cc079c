"""Straight to an endpoint, over a connection of our own."""

from collections.abc import Mapping

import msgspec

from conversations.inference.errors import ConnectFailed
from conversations.inference.response import UpstreamResponse, refusal_read
from conversations.inference.transport.address import Address
from conversations.inference.transport.pool import Pool


class Direct:
    """One endpoint as one key sees it. ``pool`` may serve several of the same origin and key."""

    def __init__(self, address: Address, api_key: str, pool: Pool) -> None:
        authorization = f"Bearer {api_key}" if api_key else address.credentials
        lines = [
            f"host: {address.authority}",
            "accept: application/json",
            "connection: keep-alive",
            "user-agent: Shiyong",
            "accept-encoding: identity",  # a compressed stream arrives in lumps
        ]
        if authorization:
            if not authorization.isascii() or not authorization.isprintable():
                raise ConnectFailed("a key that no header can carry")
            lines.append(f"authorization: {authorization}")
        self._address = address
        self._headers = "\r\n".join(lines)
        self._pool = pool

    async def send(self, path: str, body: Mapping[str, object] | None, *, connect_s: float) -> UpstreamResponse:
        target = self._address.target(path)
        if body is None:
            request = f"GET {target} HTTP/1.1\r\n{self._headers}\r\n\r\n".encode()
        else:
            content = msgspec.json.encode(body)
            described = f"content-type: application/json\r\ncontent-length: {len(content)}"
            request = f"POST {target} HTTP/1.1\r\n{self._headers}\r\n{described}\r\n\r\n".encode() + content
        response = await self._pool.send(request, connect_s=connect_s)
        return response if 200 <= response.status < 300 else await refusal_read(response)

    async def close(self) -> None:
        self._pool.close()
