"""What the person at the terminal sees: one line per long step, with the seconds it takes."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.launch.errors import StepFailed
from app.launch.leftovers import end

TAIL_LINES = 15
REPORT_S = 10
"""Between two signs of life where the output is a file or a CI log and a line cannot be rewritten."""

NO_NETWORK = (
    "NewConnectionError", "Failed to establish a new connection", "Temporary failure in name resolution",
    "Network is unreachable", "ProxyError", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT",
)  # fmt: skip


def say(text: str = "") -> None:
    print(text, flush=True)


def step(
    title: str, argv: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str], fetches: bool = False
) -> None:
    """Run a program to its end, its output in ``log``; raises ``StepFailed`` with its last lines shown.

    It gets a session of its own: Ctrl-C reaches run.py alone, which then ends the whole group.
    ``fetches``: it gets packages from a registry, so the network may be what is missing.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in argv], cwd=cwd, env=dict(env),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _watch(title, process, started)
        finally:
            end(process)
    seconds = time.monotonic() - started
    if process.returncode:
        _show(f"✗ {title} ({seconds:.0f} s)", last=True)
        raise StepFailed(_explain(title, process.returncode, log, fetches=fetches))
    _show(f"✓ {title} ({seconds:.0f} s)", last=True)


def shown(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a program that speaks for itself; its exit code. Ended with its whole group if we are interrupted."""
    process = subprocess.Popen(argv, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait()
    finally:
        end(process)


def _watch(title: str, process: "subprocess.Popen[bytes]", started: float) -> None:
    every = 1 if sys.stdout.isatty() else REPORT_S
    _show(f"· {title} …")
    while True:
        try:
            process.wait(timeout=every)
        except subprocess.TimeoutExpired:
            _show(f"· {title} … {time.monotonic() - started:.0f} s")
        else:
            return


def _show(line: str, *, last: bool = False) -> None:
    if sys.stdout.isatty():
        print(f"\r\x1b[K{line}", end="\n" if last else "", flush=True)
    else:
        print(line, flush=True)


def _explain(title: str, code: int, log: Path, *, fetches: bool) -> str:
    lines = log.read_text(errors="replace").splitlines()
    for line in lines[-TAIL_LINES:]:
        print(f"    {line}", file=sys.stderr)
    kept = "What was there before is kept."
    where = f"The whole output is in {os.path.relpath(log)}."
    if fetches and any(sign in line for line in lines for sign in NO_NETWORK):
        return (
            f"{title}: the package registry cannot be reached. {kept} Connect to the network and start again. {where}"
        )
    return f"{title} failed (exit code {code}). {kept} {where} Mend what it names and start again."
