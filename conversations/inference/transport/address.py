"""Where an endpoint is: its base URL, taken apart once and checked."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from conversations.inference.errors import ConnectFailed

_PORTS = {"http": 80, "https": 443}
_IN_A_PATH = "/:@!$&'()*+,;=-._~%"
_IN_A_QUERY = _IN_A_PATH + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom a connection is to. ``host`` is a name in ASCII or an address without brackets."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    origin: Origin
    authority: str
    """The value of ``Host``: without the default port, an IPv6 address in brackets and without its zone."""
    path: str
    query: str
    credentials: str = field(repr=False)
    """What a URL with a name and a password asks to be sent as ``Authorization``; empty without."""

    @classmethod
    def parse(cls, base_url: str) -> Self:
        """Raises ``ConnectFailed``, whose words hold nothing of the URL: there may be a key in it."""
        try:
            parts = urlsplit(base_url)
            port = parts.port or _PORTS[parts.scheme]
            host = (parts.hostname or "").encode("ascii" if ":" in (parts.hostname or "") else "idna").decode()
        except (ValueError, KeyError):  # a UnicodeError is a ValueError
            raise ConnectFailed("bad address") from None
        if not host or not host.isprintable() or " " in host:
            raise ConnectFailed("bad address: no host")
        name = f"[{host.partition('%')[0]}]" if ":" in host else host
        user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        return cls(
            origin=Origin(scheme=parts.scheme, host=host, port=port),
            authority=name if port == _PORTS[parts.scheme] else f"{name}:{port}",
            path=quote(parts.path.rstrip("/"), safe=_IN_A_PATH),
            query=quote(parts.query, safe=_IN_A_QUERY),
            credentials=f"Basic {b64encode(user.encode()).decode()}" if parts.username else "",
        )

    def target(self, path: str) -> str:
        """What a request line asks for; the query of a base URL (an api-version, say) belongs to every request."""
        return f"{self.path}{path}?{self.query}" if self.query else f"{self.path}{path}"
