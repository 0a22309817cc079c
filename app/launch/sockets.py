"""Ports of this machine: which are free, which were chosen before."""

import json
import socket
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.launch.errors import LaunchError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Nobody answers there, and we may listen there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int) -> None:
    if port < 1024 and not is_free(port):
        raise LaunchError(
            f"Port {port} is taken, or only the administrator may use it. Nothing was changed. "
            "Start with another one: python3 run.py --port 8000"
        )
    if not is_free(port):
        other = next(number for number in range(port + 1, 65536) if is_free(number))
        raise LaunchError(
            f"Port {port} is taken by another program. Nothing was changed. "
            f"Start with a free one: python3 run.py --port {other}"
        )


def require_answer(name: str, url: str, *, default_port: int) -> None:
    """Somebody listens where this variable points to: later it would look like a fault of the product."""
    parts = urlsplit(url)
    host, port = unquote(parts.hostname or ""), parts.port or default_port
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise LaunchError(
            f"{name} points to {host}:{port}, where nobody answers ({error.strerror or error}). Nothing was changed. "
            "Start that server, or correct the variable, or unset it for the embedded one."
        ) from None


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def chosen(record: Path, name: str, *, besides: Collection[int] = ()) -> int:
    """The port this service had the last time if it is still free, else another one, written down."""
    try:
        ports: dict[str, int] = json.loads(record.read_text())
    except (OSError, ValueError):
        ports = {}
    port = ports.get(name)
    if port is None or port in besides or not is_free(port):
        port = any_free()
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({**ports, name: port}))
    return port
