"""One at a time: a lock file that the kernel frees when its holder dies, however it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from app.launch.console import say
from app.launch.errors import LaunchError


@contextlib.contextmanager
def the_only_start(lock: Path, *, address: str) -> Iterator[None]:
    """Held while the product runs. A second start on the same var/ is told where the first one answers."""
    with _opened(lock) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = held.read().strip() or "another process"
            raise LaunchError(
                f"Shiyong is already running from {lock.parents[2]}: {holder}. Nothing was changed. "
                "Open that address, or stop it with Ctrl-C where it was started, then start again."
            ) from None
        _sign(held, f"process {os.getpid()}, {address}")
        yield


@contextlib.contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """Held while packages are installed, which run, test and check may all want at once."""
    with _opened(lock) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"· Waiting for {held.read().strip() or 'another process'}, which is installing packages …")
            fcntl.flock(held, fcntl.LOCK_EX)
        _sign(held, f"process {os.getpid()}")
        yield


def _opened(lock: Path) -> IO[str]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o644), "r+")


def _sign(held: IO[str], text: str) -> None:
    held.seek(0)
    held.truncate()
    held.write(text)
    held.flush()
