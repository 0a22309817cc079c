"""The variables a person may set, checked before anything is touched, and those every process is given."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.launch.errors import WrongSetting
from app.launch.layout import Layout
from app.launch.leftovers import MARK

DEFAULT_PORT = "8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the person chose. None: the embedded one (SQLite, Valkey, the demonstration endpoint)."""

    port: int
    database_url: str | None
    redis_url: str | None
    model_base_url: str | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    valkey: int
    demonstration: int


URLS = {
    "DATABASE_URL": (("postgres", "postgresql", "sqlite"), "postgres://shiyong:password@127.0.0.1:5432/shiyong"),
    "REDIS_URL": (("redis", "rediss", "valkey", "valkeys"), "redis://127.0.0.1:6379/0"),
    "MODEL_BASE_URL": (("https", "http"), "https://dashscope.aliyuncs.com/compatible-mode/v1"),
    "PUBLIC_ORIGINS": (("https", "http"), "https://chat.example.org"),
}
"""Their schemes and an example."""


def read(environ: Mapping[str, str], *, port: str | None) -> Choices:
    """Raises ``WrongSetting``: the variable's name and an example, never its value, which may hold a password."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    for name in URLS.keys() & given.keys():
        # Several origins are separated by commas; a comma elsewhere is part of a password.
        for url in given[name].split(",") if name == "PUBLIC_ORIGINS" else [given[name]]:
            _require_url(name, url)
    if "MODEL_BASE_URL" in given and "MODEL_NAME" not in given:
        raise WrongSetting(
            "MODEL_NAME", "is missing: MODEL_BASE_URL says where to ask, not whom", example="MODEL_NAME=qwen-plus"
        )
    return Choices(
        port=_port("--port", port) if port is not None else _port("PORT", given.get("PORT", DEFAULT_PORT)),
        database_url=given.get("DATABASE_URL"),
        redis_url=given.get("REDIS_URL"),
        model_base_url=given.get("MODEL_BASE_URL"),
    )


def _port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        joined = " " if name.startswith("-") else "="
        raise WrongSetting(name, "is not a number from 1 to 65535", example=f"{name}{joined}8001")
    return int(text)


def _require_url(name: str, url: str) -> None:
    schemes, example = URLS[name]
    scheme, found, rest = url.partition("://")
    if not found or scheme.lower() not in schemes or not rest:
        expected = ", ".join(f"{each}://" for each in schemes)
        raise WrongSetting(name, f"does not begin with one of {expected}", example=f"{name}={example}")
    if scheme.lower() == "sqlite":
        return
    try:
        parts = urlsplit(url)
        usable = parts.hostname is not None and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise WrongSetting(name, "has no usable host and port", example=f"{name}={example}")


def for_processes(choices: Choices, layout: Layout, *, ports: Ports, environ: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of every process of the product. What the person set wins, where it is theirs to set."""
    kept = layout.secrets
    valkey = f"redis://:{valkey_password(layout)}@127.0.0.1:{ports.valkey}/0"
    defaults = {
        "SECRET_KEY": _kept(kept / "secret_key", lambda: secrets.token_urlsafe(50)),
        "FIELD_KEY": _kept(kept / "field_key", lambda: base64.urlsafe_b64encode(os.urandom(32)).decode()),
        "DATABASE_URL": f"sqlite:///{quote(str(layout.var / 'shiyong.sqlite3'))}",
        "PUBLIC_ORIGINS": f"{choices.address},http://localhost:{choices.port}",
        "DEMONSTRATION_URL": f"http://127.0.0.1:{ports.demonstration}/v1",
    }
    ours = {
        "REDIS_URL": _for_redis_py(choices.redis_url) if choices.redis_url else valkey,
        "PORT": str(choices.port),
        "DEMONSTRATION_PORT": str(ports.demonstration),
        "EMBEDDED": "1",
        "DJANGO_SETTINGS_MODULE": "app.settings",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{layout.python.parent}{os.pathsep}{environ.get('PATH', os.defpath)}",
        MARK: str(layout.var),
    }
    given = {name: value for name, value in environ.items() if value.strip() or name not in defaults}
    return {**defaults, **given, **ours}


def _for_redis_py(url: str) -> str:
    """redis-py and Celery do not know Valkey's own scheme, which means the same."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.lower().replace('valkey', 'redis')}://{rest}"


def valkey_password(layout: Layout) -> str:
    return _kept(layout.secrets / "valkey_password", lambda: secrets.token_urlsafe(32))


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in this file, made at the first need. Readable by its owner only, from its first moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text().strip()
