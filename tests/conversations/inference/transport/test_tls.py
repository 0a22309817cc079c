"""Certificates are checked, against the machine's authorities or those that the operator names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversations.inference import client
from conversations.inference.errors import ConnectFailed
from tests.certificate import Certificate
from tests.conversations.inference.listening import endpoint_at
from tests.conversations.inference.transport.line import ANSWER, Server, Talk, answering, serving


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)


@pytest.fixture
async def server(certificate: Certificate) -> AsyncIterator[Server]:
    async with serving(answering(), tls=certificate.context) as server:
        yield server


async def asked(url: str) -> bytes:
    response = await client.open_stream(endpoint_at(url), None)
    try:
        return await response.content(at_most=100)
    finally:
        await response.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_an_authority_of_the_operator_is_trusted(
    host: str, server: Server, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))

    for _ in range(2):
        assert await asked(f"https://{host}:{server.port}/v1") == ANSWER[-5:]

    assert server.accepted == 1
    assert certificate.asked_for == ["localhost" if host == "localhost" else None]


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)

    with pytest.raises(ConnectFailed, match="CERTIFICATE_VERIFY_FAILED") as raised:
        await asked(f"https://localhost:{server.port}/v1")

    assert "localhost" not in raised.value.detail


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = Certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with serving(answering(), host="::1", tls=certificate.context) as server:
        with pytest.raises(ConnectFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await asked(f"https://[::1]:{server.port}/v1")


async def test_plain_http_where_tls_is_expected_is_no_connection() -> None:
    async def serve(talk: Talk) -> None:
        await talk.answer(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await talk.until_left()

    async with serving(serve) as server:
        with pytest.raises(ConnectFailed):
            await asked(f"https://127.0.0.1:{server.port}/v1")
