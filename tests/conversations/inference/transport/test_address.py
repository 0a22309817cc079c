"""What is made of a base URL, and what of it is never told."""

import pytest

from conversations.inference.errors import ConnectFailed
from conversations.inference.transport.address import Address, Origin

ADDRESSES = {
    "http://127.0.0.1:8000/v1": ("http", "127.0.0.1", 8000, "127.0.0.1:8000", "/v1/models"),
    "https://api.example/v1/": ("https", "api.example", 443, "api.example", "/v1/models"),
    "HTTPS://API.Example:443/v1": ("https", "api.example", 443, "api.example", "/v1/models"),
    "http://api.example": ("http", "api.example", 80, "api.example", "/models"),
    "https://[2001:db8::1]/v1": ("https", "2001:db8::1", 443, "[2001:db8::1]", "/v1/models"),
    "http://[::1]:8000/v1": ("http", "::1", 8000, "[::1]:8000", "/v1/models"),
    "http://[fe80::1%eth0]:80/v1": ("http", "fe80::1%eth0", 80, "[fe80::1]", "/v1/models"),
    "https://bücher.example/v1": ("https", "xn--bcher-kva.example", 443, "xn--bcher-kva.example", "/v1/models"),
    "https://x/a b/v1?api-version=1&q=ü#part": ("https", "x", 443, "x", "/a%20b/v1/models?api-version=1&q=%C3%BC"),
    "https://x/a%20b/v1": ("https", "x", 443, "x", "/a%20b/v1/models"),
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_taken_apart(url: str) -> None:
    scheme, host, port, authority, target = ADDRESSES[url]

    address = Address.parse(url)

    assert address.origin == Origin(scheme=scheme, host=host, port=port)
    assert address.authority == authority
    assert address.target("/models") == target
    assert address.credentials == ""


def test_a_name_and_a_password_are_sent_and_told_nowhere_else() -> None:
    address = Address.parse("https://li:p%40ss@api.example/v1")

    assert address.credentials == "Basic bGk6cEBzcw=="
    assert (address.origin.host, address.authority) == ("api.example", "api.example")
    assert "bGk6" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/v1",
        "api.example/v1",
        "ftp://sk-key@api.example/v1",
        "http://",
        "http:///sk-key",
        "http://x:sk-key/v1",
        "http://x:99999/sk-key",
        "http://[::1/sk-key",
        "http://x y/sk-key",
        "http://a..b/sk-key",
        "http://" + "x" * 64 + "/sk-key",
    ],
)
def test_a_bad_address_fails_without_being_told(url: str) -> None:
    with pytest.raises(ConnectFailed, match="bad address") as raised:
        Address.parse(url)

    assert "sk-key" not in raised.value.detail


@pytest.mark.parametrize("path", ["/v1\r\nx: y", "/v1\n", "/\x00", "/v1 HTTP/1.1"])
def test_no_line_can_be_added_to_a_request(path: str) -> None:
    target = Address.parse(f"http://x{path}").target("/models")

    assert target.isprintable()
    assert " " not in target
