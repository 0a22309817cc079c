"""Leave no process behind. Everything that belongs to a var/ carries its path in its environment.

A process group would not do: honcho gives each process its own, and a killed run.py (`kill -9`, out of memory)
cannot end anything; the next start then finds by the mark what it left.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "SHIYONG_VAR"
PROC = Path("/proc/self/environ").exists()
"""Linux; macOS has ps."""
PATIENCE_S = 8.0
"""From asking to killing. The web process drains for 3 s, and honcho itself kills after 5 s."""


def marked(var: Path) -> list[int]:
    """Living processes that were started for this var/, but for this one and those above it."""
    mark = f"{MARK}={var}"
    found = _marked_by_proc(mark) if PROC else _marked_by_ps(mark)
    return sorted(set(found) - {os.getpid(), os.getppid()})


def _marked_by_proc(mark: str) -> Iterable[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile, or is another person's
                if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def _marked_by_ps(mark: str) -> Iterable[int]:
    listing = subprocess.run(["ps", "-axwwE", "-o", "pid=,command="], capture_output=True, text=True, check=False)
    for line in listing.stdout.splitlines():
        pid, _, words = line.strip().partition(" ")
        if f" {mark} " in f" {words} ":
            yield int(pid)


def is_running(pid: int) -> bool:
    """And is no zombie, where that can be told."""
    try:
        if PROC:
            return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1] not in {b"Z", b"X"}
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def end_marked(var: Path) -> list[int]:
    """End whatever is left; returns what was found. Asks first, then kills."""
    found = marked(var)
    if found:
        _signal(found, signal.SIGTERM)
        if not _gone(var, within_s=PATIENCE_S):
            _signal(marked(var), signal.SIGKILL)
            _gone(var, within_s=2.0)
    return found


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _gone(var: Path, *, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while marked(var):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def end(process: "subprocess.Popen[bytes]", *, patience_s: float = PATIENCE_S) -> None:
    """End a process that leads its own group (``start_new_session=True``), and its group; ended already is fine."""
    if process.poll() is None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience_s)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
