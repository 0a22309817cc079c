"""An embedded start, with all its processes to be killed at once: as run.py makes it, by itself or by run.py."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from django.db import connection

from app.launch.layout import HERE, Layout
from app.launch.leftovers import end_marked, marked
from tests import processes
from tests.conftest import database_url
from tests.folders import SETTINGS, borrow_packages, page_is_built
from tests.ports import reserved
from tests.processes import Process

SOURCES = ("app", "conversations", "usage", "requirements", "frontend/dist/.vite")
FILES = ("run.py", "manage.py", "Procfile")
START_S = 90.0


class Embedded(Protocol):
    origin: str

    def kill(self) -> None:
        """kill -9 for all of it, the web process before what it would miss."""

    def start(self) -> float:
        """Again. Returns once the page is served, with the CPU seconds that the web process has taken for it."""

    def stop(self) -> None: ...


class Bare:
    """The processes of ``python3 run.py``, but for beat, which only speaks to the worker."""

    def __init__(self, folder: Path) -> None:
        self.port, valkey = reserved(), reserved()
        self.origin = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        environ = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"redis://127.0.0.1:{valkey}/0",
            "PUBLIC_ORIGINS": self.origin,
            "EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "app.settings",
        }
        self._valkey = processes.valkey(valkey, folder, "--appendonly", "yes")
        self._valkey_port = valkey
        self._web = processes.web(self.port, folder, environ)
        self._worker = Process(
            *(sys.executable, "-m", "celery", "-A", "app", "worker", "--concurrency", "1", "--pool", "solo"),
            environ=environ,
            log=folder / "worker.log",
        )

    def kill(self) -> None:
        for process in (self._web, self._worker, self._valkey):
            process.kill()

    def start(self) -> float:
        """As run.py does it: Valkey answers before the others are begun."""
        self._valkey.start()
        self._valkey.wait_until(lambda: processes.accepts(self._valkey_port))
        for process in (self._web, self._worker):
            process.start()
        self._web.wait_until(lambda: processes.answers(f"{self.origin}/healthz"))
        return cpu_s(self._web.pid)

    def stop(self) -> None:
        for process in (self._web, self._worker, self._valkey):
            process.stop()


class ByRunPy:
    """``python3 run.py`` itself, in a folder of its own where all is set up, on the database of the tests."""

    def __init__(self, folder: Path) -> None:
        self.port = reserved()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._layout = Layout(folder)
        self._log = folder / "run.log"
        self._fill(folder)
        kept = {"SECRET_KEY", "FIELD_KEY"}  # those of the sessions that tests make
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if name not in SETTINGS - kept and "TEST" not in name and name != "DJANGO_SETTINGS_MODULE"
        }
        self.start()

    def _fill(self, folder: Path) -> None:
        without = shutil.ignore_patterns("__pycache__")
        for source in SOURCES:
            shutil.copytree(HERE.root / source, folder / source, ignore=without)
        for file in FILES:
            shutil.copy(HERE.root / file, folder)
        borrow_packages(self._layout)
        page_is_built(self._layout)
        (self._layout.var / "shiyong.sqlite3").symlink_to(connection.settings_dict["NAME"])

    def kill(self) -> None:
        """run.py and honcho before the web process, or they would end the others in order."""
        self._run.kill()
        self._run.wait()
        for pid in sorted(marked(self._layout.var), key=_place):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start(self) -> float:
        with self._log.open("ab") as log:
            command = [sys.executable, "run.py", "--port", str(self.port)]
            self._run = subprocess.Popen(
                command, cwd=self._layout.root, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until = time.monotonic() + START_S
        while not processes.answers(f"{self.origin}/healthz"):
            assert self._run.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < until, self._log.read_text()[-3000:]
            time.sleep(0.02)
        return cpu_s(next(pid for pid in marked(self._layout.var) if b"uvicorn" in _words(pid)))

    def stop(self) -> None:
        if self._run.poll() is None:
            self._run.terminate()
            self._run.wait()
        end_marked(self._layout.var)


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _words(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _place(pid: int) -> int:
    words = _words(pid)
    return 0 if b"honcho" in words else 1 if b"uvicorn" in words else 2
