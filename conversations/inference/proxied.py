"""To an endpoint through the proxy that the environment names. The only file that knows the openai SDK.

The SDK and the HTTP layers below it bring proxies of every kind. Its retries are off, since only the router may retry;
its typed chunks are not used, since they cost 118 us each; its body is read raw.
"""

import contextlib
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient, OpenAIError
from openai._types import RequestOptions

from conversations.inference.errors import BadStream, CallFailed, ConnectFailed, UpstreamReset, word_for
from conversations.inference.response import MAX_REFUSAL_BYTES, UpstreamResponse, pouring, refusal
from conversations.inference.transport.address import Address, Origin

MAX_CONNECTIONS = 4096

_SENT_HEADERS = {"host", "accept", "content-type", "content-length", "transfer-encoding", "connection"}
"""Of the SDK's headers these pass: none of those that describe this machine or come from OPENAI_* variables."""


def is_behind_a_proxy(origin: Origin) -> bool:
    """Whether the environment puts one between us and this host. None has any business on our own machine."""
    proxies = getproxies()
    if not (proxies.get(origin.scheme) or proxies.get("all")) or _is_loopback(origin.host):
        return False
    return not proxy_bypass(origin.host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Refused(OpenAIError):
    """Carries a response that is not 2xx past the SDK, which would read its body without a bound."""

    def __init__(self, response: httpx2.Response, content: bytes) -> None:
        super().__init__(response.status_code)
        self.response = response
        self.content = content


class Proxied:
    """One endpoint as one key sees it."""

    def __init__(self, base_url: str, address: Address, api_key: str) -> None:
        self._root = httpx2.URL(base_url)
        self._address = address
        self._client = _client(base_url, api_key)

    async def send(self, path: str, body: Mapping[str, object] | None, *, connect_s: float) -> UpstreamResponse:
        url = str(self._root.copy_with(raw_path=self._address.target(path).encode()))
        options: RequestOptions = {"timeout": httpx2.Timeout(None, connect=connect_s, pool=connect_s)}
        raw: bool = True  # a literal would be typed as a stream of decoded chunks
        try:
            if body is None:
                response = await self._client.get(url, cast_to=httpx2.Response, options=options, stream=raw)
            else:
                response = await self._client.post(url, cast_to=httpx2.Response, body=body, options=options, stream=raw)
        except _Refused as refused:
            return refusal(refused.response.status_code, refused.response.headers, refused.content)
        except (OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            raise _failure(error) from None
        assert isinstance(response, httpx2.Response)
        return _response(response)

    async def close(self) -> None:
        await self._client.close()


def _client(base_url: str, api_key: str) -> AsyncOpenAI:
    async def send_only_ours(request: httpx2.Request) -> None:
        for name in set(request.headers) - _SENT_HEADERS:
            del request.headers[name]
        request.headers["user-agent"] = "Shiyong"
        request.headers["accept-encoding"] = "identity"  # a compressed stream arrives in lumps
        if api_key:
            request.headers["authorization"] = f"Bearer {api_key}"

    async def stop_at_refusal(response: httpx2.Response) -> None:
        if not response.is_success:
            raise _Refused(response, await _beginning(response))

    return AsyncOpenAI(
        base_url=base_url,
        api_key=api_key or "none",
        max_retries=0,
        http_client=DefaultAioHttpClient(
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=60.0),
            event_hooks={"request": [send_only_ours], "response": [stop_at_refusal]},
        ),
    )


async def _beginning(response: httpx2.Response) -> bytes:
    """At most ``MAX_REFUSAL_BYTES``; a body that breaks off is as good as its beginning."""
    content = b""
    with contextlib.suppress(httpx2.HTTPError, aiohttp.ClientError, OSError):
        async for read in response.aiter_bytes():
            content += read
            if len(content) >= MAX_REFUSAL_BYTES:
                break
    return content


def _response(response: httpx2.Response) -> UpstreamResponse:
    compressed = response.headers.get("content-encoding", "identity") != "identity"
    body = response.aiter_bytes() if compressed else response.aiter_raw()

    async def read() -> bytes:
        try:
            return await anext(body, b"")
        except httpx2.DecodingError:
            raise BadStream("broken compression", status=response.status_code) from None
        except (httpx2.HTTPError, httpx2.StreamError, aiohttp.ClientError, OSError) as error:
            raise UpstreamReset(f"connection broke: {word_for(error)}", status=response.status_code) from None

    return UpstreamResponse(
        status=response.status_code,
        headers=response.headers,
        read=read,
        pour=pouring(read),
        close=response.aclose,
    )


def _failure(error: BaseException) -> CallFailed:
    """Judged by its causes: the layers between call a lost connection a connect time-out."""
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    for kinds, failed, words in _FAILURES:
        for cause in causes:
            if isinstance(cause, kinds):
                return failed(f"{words}: {word_for(cause)}")
    return ConnectFailed(word_for(causes[-1]))


_FAILURES: tuple[tuple[tuple[type[BaseException], ...], type[CallFailed], str], ...] = (
    ((aiohttp.InvalidURL, httpx2.UnsupportedProtocol, httpx2.InvalidURL), ConnectFailed, "bad address"),
    ((aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError), ConnectFailed, "no connection"),
    ((aiohttp.ClientResponseError,), BadStream, "not HTTP"),
    ((aiohttp.ClientConnectionError, ConnectionError), UpstreamReset, "connection broke before an answer"),
    ((ValueError,), ConnectFailed, "bad address"),
)
