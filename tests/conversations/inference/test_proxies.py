"""A proxy that the environment names is used, but never for this machine."""

import socket

import pytest

from conversations.inference.proxied import is_behind_a_proxy
from conversations.inference.transport.address import Address
from tests.conversations.inference.listening import asking, endpoint_at, listen
from tests.conversations.inference.transport.line import Serve, Talk, once, serving

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

EVENTS = b"".join(
    b"data: %b\n\n" % payload
    for payload in (
        b'{"choices":[{"index":0,"delta":{"content":"well"}}]}',
        b'{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
        b"[DONE]",
    )
)
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%b" % (len(EVENTS), EVENTS)


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


NEEDED: dict[str, tuple[str, dict[str, str], bool]] = {
    "none is named": ("http://api.example/v1", {}, False),
    "for http": ("http://api.example/v1", {"HTTP_PROXY": "http://proxy"}, True),
    "in lower case": ("http://api.example/v1", {"http_proxy": "http://proxy"}, True),
    "for https": ("https://api.example/v1", {"HTTPS_PROXY": "http://proxy"}, True),
    "for the other scheme": ("https://api.example/v1", {"HTTP_PROXY": "http://proxy"}, False),
    "for all": ("https://api.example/v1", {"ALL_PROXY": "http://proxy"}, True),
    "not for this host": ("http://api.example/v1", {"HTTP_PROXY": "http://proxy", "NO_PROXY": "example"}, False),
    "not for another": ("http://api.example/v1", {"HTTP_PROXY": "http://proxy", "NO_PROXY": "pi.example"}, True),
    "for no host": ("http://api.example/v1", {"HTTP_PROXY": "http://proxy", "NO_PROXY": "*"}, False),
    "localhost": ("http://localhost:8000/v1", {"ALL_PROXY": "http://proxy"}, False),
    "127.0.0.2": ("http://127.0.0.2/v1", {"ALL_PROXY": "http://proxy"}, False),
    "::1": ("https://[::1]/v1", {"ALL_PROXY": "http://proxy"}, False),
}


@pytest.mark.parametrize(("url", "environ", "is_needed"), NEEDED.values(), ids=NEEDED)
def test_when_a_proxy_is_needed(
    url: str, environ: dict[str, str], is_needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert is_behind_a_proxy(Address.parse(url).origin) is is_needed


def remembering(requests: list[bytes], answer: bytes) -> Serve:
    async def serve(talk: Talk) -> None:
        while True:
            requests.append(await talk.request())
            await talk.answer(answer)

    return serve


async def test_an_answer_comes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[bytes] = []
    async with serving(remembering(requests, ANSWER)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        heard = await listen(endpoint_at("http://api.example/v1?api-version=1", key="sk-ours"))

    assert (heard.error, heard.text) == (None, "well")
    lines = requests[0].split(b"\r\n\r\n")[0].decode().split("\r\n")
    assert lines[0] == "POST http://api.example/v1/chat/completions?api-version=1 HTTP/1.1"
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    assert headers["host"] == "api.example"
    assert headers["authorization"] == "bearer sk-ours"
    assert headers["user-agent"] == "shiyong"
    assert not {name for name in headers if name.startswith("x-")}


FAILURES = {
    "it refuses": (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "http_5xx"),
    "it sends elsewhere": (b"HTTP/1.1 302 Found\r\nlocation: http://x/\r\ncontent-length: 0\r\n\r\n", "bad_stream"),
    "it is not HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", "bad_stream"),
    "it breaks off": (ANSWER[:-40], "reset"),
    "it closes": (b"", "reset"),
}


@pytest.mark.parametrize(("answer", "word"), FAILURES.values(), ids=FAILURES)
async def test_its_failures_are_those_of_an_endpoint(answer: bytes, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(once(answer)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        heard = await listen(endpoint_at("http://api.example/v1"), asking())

    assert heard.words[0] == word
    assert "api.example" not in str(heard.error)


async def test_without_it_there_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # taken, so that nobody else listens there
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{deaf.getsockname()[1]}")

        heard = await listen(endpoint_at("http://api.example/v1"))

    assert heard.words == ["connect"]
