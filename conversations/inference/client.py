"""The way out: HTTP requests to hosted endpoints. The only file that knows the openai SDK and its HTTP layers.

The SDK brings addresses, pools, proxies and TLS. Its retries are off, since only the router may retry; its typed chunks
are not used, since they cost 118 us each; its body is read raw. Another transport can take its place behind
``open_stream``.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import aiohttp
import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient, OpenAIError
from openai._types import RequestOptions

from conversations.inference.errors import BadStream, CallFailed, ConnectFailed, UpstreamReset
from conversations.inference.types import Endpoint

MAX_CONNECTIONS = 4096
MAX_ERROR_BYTES = 64 * 1024

_SENT_HEADERS = {"host", "accept", "content-type", "content-length", "transfer-encoding", "connection"}
"""Of the SDK's headers these pass: none of those that describe this machine or come from OPENAI_* variables."""

# A pool belongs to the event loop that made its sockets. Keys are (address, key), so a changed key gets a new pool.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], AsyncOpenAI]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamResponse:
    """Headers have arrived. ``headers`` ignores case. ``body`` raises ``UpstreamReset`` when the connection breaks.

    Whoever opened it calls ``close``, always: an unfinished body then closes its connection, a finished one is reused.
    """

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]
    close: Callable[[], Awaitable[None]]


class _Refused(OpenAIError):
    """Carries a response that is not 2xx past the SDK, which would read its body without a bound."""

    def __init__(self, response: httpx2.Response, content: bytes) -> None:
        super().__init__(response.status_code)
        self.response = response
        self.content = content


async def open_stream(
    endpoint: Endpoint, body: Mapping[str, object] | None, *, path: str = "/chat/completions"
) -> UpstreamResponse:
    """POST ``body``, or GET without one. Returns whatever the status; follows no redirect.

    No time limit but the connection's: the caller has a watchdog. Raises ``ConnectFailed``, ``UpstreamReset`` or
    ``BadStream``.
    """
    client = _client(endpoint)
    connect_s = endpoint.timeouts.connect_s
    options: RequestOptions = {"timeout": httpx2.Timeout(None, connect=connect_s, pool=connect_s)}
    raw: bool = True  # a literal would be typed as a stream of decoded chunks
    try:
        if body is None:
            response = await client.get(path, cast_to=httpx2.Response, options=options, stream=raw)
        else:
            response = await client.post(path, cast_to=httpx2.Response, body=body, options=options, stream=raw)
    except _Refused as refused:
        status, headers = refused.response.status_code, refused.response.headers
        return UpstreamResponse(status=status, headers=headers, body=_once(refused.content), close=_nothing)
    except (OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
        raise _failure(error) from None
    assert isinstance(response, httpx2.Response)
    read = _body(response)

    async def close_both() -> None:
        await read.aclose()
        await response.aclose()

    return UpstreamResponse(status=response.status_code, headers=response.headers, body=read, close=close_both)


async def close() -> None:
    """Close the running loop's connections; for the end of a process or of a test."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.close()


def _client(endpoint: Endpoint) -> AsyncOpenAI:
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    key = (endpoint.base_url, endpoint.api_key)
    if key not in clients:
        clients[key] = _new_client(endpoint)
    return clients[key]


def _new_client(endpoint: Endpoint) -> AsyncOpenAI:
    async def send_only_ours(request: httpx2.Request) -> None:
        for name in set(request.headers) - _SENT_HEADERS:
            del request.headers[name]
        request.headers["user-agent"] = "Shiyong"
        request.headers["accept-encoding"] = "identity"  # a compressed stream arrives in lumps
        if endpoint.api_key:
            request.headers["authorization"] = f"Bearer {endpoint.api_key}"

    async def stop_at_refusal(response: httpx2.Response) -> None:
        if not response.is_success:
            raise _Refused(response, await _beginning(response))

    return AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key or "none",
        max_retries=0,
        http_client=DefaultAioHttpClient(
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=60.0),
            trust_env=not _is_loopback(endpoint.base_url),  # a proxy has no business between us and this machine
            event_hooks={"request": [send_only_ours], "response": [stop_at_refusal]},
        ),
    )


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _beginning(response: httpx2.Response) -> bytes:
    """At most ``MAX_ERROR_BYTES`` of an error's body; a body that breaks off is as good as its beginning."""
    content = b""
    with contextlib.suppress(httpx2.HTTPError, aiohttp.ClientError, OSError):
        async for read in response.aiter_bytes():
            content += read
            if len(content) >= MAX_ERROR_BYTES:
                break
    return content[:MAX_ERROR_BYTES]


async def _body(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    compressed = response.headers.get("content-encoding", "identity") != "identity"
    try:
        async for read in response.aiter_bytes() if compressed else response.aiter_raw():
            yield read
    except httpx2.DecodingError:
        raise BadStream("broken compression", status=response.status_code) from None
    except (httpx2.HTTPError, httpx2.StreamError, aiohttp.ClientError, OSError) as error:
        raise UpstreamReset(f"connection broke: {_name(error)}", status=response.status_code) from None


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _nothing() -> None:
    """A refusal was closed when it was raised."""


def _failure(error: BaseException) -> CallFailed:
    """Judged by its causes: the layers between call a lost connection a connect time-out."""
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    for kinds, failed, words in _FAILURES:
        for cause in causes:
            if isinstance(cause, kinds):
                return failed(f"{words}: {_name(cause)}")
    return ConnectFailed(_name(causes[-1]))


_FAILURES: tuple[tuple[tuple[type[BaseException], ...], type[CallFailed], str], ...] = (
    ((aiohttp.InvalidURL, httpx2.UnsupportedProtocol, httpx2.InvalidURL), ConnectFailed, "bad address"),
    ((aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError), ConnectFailed, "no connection"),
    ((aiohttp.ClientResponseError,), BadStream, "not HTTP"),
    ((aiohttp.ClientConnectionError, ConnectionError), UpstreamReset, "connection broke before an answer"),
    ((ValueError,), ConnectFailed, "bad address"),
)


def _name(error: BaseException) -> str:
    """Class, and the system's word if there is one; never the message, which may hold an address with a key in it."""
    number = getattr(error, "errno", None)
    return f"{type(error).__name__} ({os.strerror(number)})" if isinstance(number, int) else type(error).__name__
