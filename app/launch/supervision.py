"""The processes of the Procfile under honcho, from their start to the last one's end."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.launch.console import say
from app.launch.errors import LaunchError
from app.launch.layout import Layout
from app.launch.leftovers import PATIENCE_S, end, is_running
from app.launch.sockets import LOOPBACK

READY_S = 90.0
LOOK_S = 0.1

BOOKKEEPING = re.compile(r"^[\d:]+ system +\| (?:(\w+)\.\d+ (?:started \(pid=(\d+)\)|stopped \(rc=(-?\d+)\)))?")
"""honcho's own lines; the groups are a process's name, and its pid or its exit code."""


class Procession:
    """honcho and its processes. It ends them all as soon as one ends, with five seconds to do it."""

    def __init__(self, layout: Layout, names: Sequence[str], environ: Mapping[str, str]) -> None:
        # No .env file: what has not been checked must not reach the processes.
        argv: list[str | Path] = [layout.python, "-m", "honcho", "--env", "/dev/null", "start", *names]
        self.honcho = subprocess.Popen(
            argv, cwd=layout.root, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._first = names[0]
        self._pids: dict[str, int] = {}
        self.exit_codes: dict[str, int] = {}
        self._reader = threading.Thread(target=self._forward, daemon=True)
        self._reader.start()

    def _forward(self) -> None:
        """The processes' lines to the terminal; honcho's own are read for who runs and who has stopped."""
        assert self.honcho.stdout is not None
        for raw in self.honcho.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            own = BOOKKEEPING.match(line)
            if own is None:
                say(line)
            elif own[2]:
                self._pids[own[1]] = int(own[2])
            elif own[3]:
                self.exit_codes[own[1]] = int(own[3])

    def first_to_end(self) -> str | None:
        """honcho alone would not notice the death of one whose child lives: it waits for the end of their output."""
        gone = next((name for name, pid in tuple(self._pids.items()) if not is_running(pid)), None)
        if gone is None and self.honcho.poll() is None:
            return None
        time.sleep(LOOK_S)  # for honcho's word: when it ends the others, they are gone too
        return next(iter(self.exit_codes), gone or "honcho")

    def end(self) -> None:
        """The web process first: what it still has to say needs the endpoint. honcho ends the others after it."""
        if self._first in self._pids and self.honcho.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pids[self._first], signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.honcho.wait(timeout=PATIENCE_S)
        end(self.honcho)
        self._reader.join(timeout=2)


@contextlib.contextmanager
def running(layout: Layout, names: Sequence[str], environ: Mapping[str, str]) -> Iterator[Procession]:
    procession = Procession(layout, names, environ)
    try:
        yield procession
    finally:
        procession.end()


def wait_until_ready(procession: Procession, port: int, *, host: str) -> None:
    """Until GET /healthz answers 200. ``host``: one by which Django lets itself be addressed."""
    until = time.monotonic() + READY_S
    while not _is_healthy(port, host):
        _require_alive(procession, {})
        if time.monotonic() > until:
            raise LaunchError(
                f"The web process did not answer /healthz within {READY_S:.0f} s. What you wrote is kept in var/. "
                "Its last words are above; mend what they name and start again."
            )
        time.sleep(LOOK_S)


def wait_until_one_ends(procession: Procession, others: "Mapping[str, subprocess.Popen[bytes]]") -> None:
    """Never returns: raises ``LaunchError`` that names the one that ended, or is interrupted by Ctrl-C."""
    while True:
        _require_alive(procession, others)
        time.sleep(LOOK_S)


def _require_alive(procession: Procession, others: "Mapping[str, subprocess.Popen[bytes]]") -> None:
    for name, process in others.items():
        if process.poll() is not None:
            _give_up(name, process.returncode)
    if first := procession.first_to_end():
        procession.end()
        _give_up(first, procession.exit_codes.get(first, procession.honcho.returncode))


def _give_up(name: str, code: int) -> None:
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    raise LaunchError(
        f"The process '{name}' ended unexpectedly ({how}), so the others were ended too. "
        "What you wrote is kept in var/. Its last words are above; start again with: python3 run.py"
    )


def _is_healthy(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
