"""A folder that has run.py and everything it needs, with a product of a few lines in the place of Shiyong."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.launch.layout import HERE, Layout
from app.launch.leftovers import end_marked, marked
from app.launch.node import BUILT
from tests.folders import SETTINGS, borrow_packages, page_is_built
from tests.ports import reserved

ROLES = ("web", "worker", "beat", "demonstration")
PROCFILE = """\
web: exec python toy.py web
worker: exec python toy.py worker
beat: exec python toy.py beat
demonstration: exec python toy.py demonstration
"""
PRODUCT = """\
import http.server, os, pathlib, signal, subprocess, sys, time

role = sys.argv[1]
pathlib.Path("var", role + ".env").write_text("\\0".join(k + "=" + v for k, v in os.environ.items()))


def stop(*_):
    time.sleep(0.3 if role == "web" else 0)
    pathlib.Path("var", role + ".end").write_text(str(time.monotonic()))
    os._exit(0)


signal.signal(signal.SIGTERM, stop)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


if role == "worker":  # as Celery does: a child of its own
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("var", role + ".pid").write_text(str(os.getpid()))
if role == "web":
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answers).serve_forever()
time.sleep(600)
"""
MANAGE = """\
import pathlib, sys

with open("var/managed", "a") as record:
    record.write(sys.argv[1] + "\\n")
pathlib.Path("var/shiyong.sqlite3").touch()
"""


def wait_for(condition: Callable[[], object], *, seconds: float = 15) -> bool:
    """Whether ``condition()`` came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


@dataclass
class Toy:
    layout: Layout
    port: int
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name not in SETTINGS and "TEST" not in name}

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """For starts that end by themselves."""
        return subprocess.run(
            [sys.executable, "run.py", *arguments], cwd=self.layout.root, env={**self.environ, **variables},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """A start that goes on; returns once it has said where to click and every process has come up."""
        for role in ROLES:
            (self.layout.var / f"{role}.pid").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "run.py", "--port", str(self.port), *arguments], cwd=self.layout.root, env=self.environ,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.started.append(process)
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                assert wait_for(lambda: all(self.pid_of(role) for role in ROLES))
                return process
        raise AssertionError("it ended before it was ready:\n" + "".join(said))

    def pid_of(self, role: str) -> int:
        """0 while it has not come up."""
        path = self.layout.var / f"{role}.pid"
        return int(path.read_text() or 0) if path.exists() else 0

    def environ_of(self, role: str) -> dict[str, str]:
        pairs = (self.layout.var / f"{role}.env").read_text().split("\0")
        return dict(pair.split("=", 1) for pair in pairs)

    def living(self) -> list[int]:
        return marked(self.layout.var)


@pytest.fixture
def bare(tmp_path: Path) -> Toy:
    """Only run.py and its package, as in a fresh clone."""
    root = tmp_path / "product"
    shutil.copytree(HERE.root / "app" / "launch", root / "app" / "launch", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE.root / "app" / "__init__.py", root / "app")
    shutil.copy(HERE.root / "run.py", root)
    return Toy(Layout(root), reserved())


@pytest.fixture
def _hung_up_on() -> Iterator[None]:
    """Tests that run under nohup ignore SIGHUP, and so would all they start: run.py keeps to that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def toy(bare: Toy, _hung_up_on: None) -> Iterator[Toy]:
    """Set up already, as after a first start: the packages are ours, the page is built."""
    layout = bare.layout
    (layout.root / "Procfile").write_text(PROCFILE)
    (layout.root / "toy.py").write_text(PRODUCT)
    (layout.root / "manage.py").write_text(MANAGE)
    shutil.copytree(HERE.requirements, layout.requirements)
    (layout.frontend / BUILT).parent.mkdir(parents=True)
    (layout.frontend / BUILT).write_text("{}")
    for app in ("conversations", "usage"):
        (layout.root / app / "migrations").mkdir(parents=True)
    borrow_packages(layout)
    page_is_built(layout)
    yield bare
    for process in bare.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    end_marked(layout.var)
