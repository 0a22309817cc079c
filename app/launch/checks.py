"""`python3 run.py check`: every linter and consistency check, all of them even if one fails, then a table."""

import base64
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.launch import locking, node, packages
from app.launch.console import say
from app.launch.errors import LaunchError
from app.launch.layout import Layout
from app.launch.leftovers import end


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    argv: Sequence[str | Path]
    cwd: Path


def main(layout: Layout, arguments: Sequence[str]) -> int:
    """``arguments``: the beginnings of the names of the checks wanted; none means all."""
    if {"-h", "--help"} & set(arguments):
        say("usage: python3 run.py check [NAME ...]\n\n" + "\n".join(check.name for check in _checks(layout)))
        return 0
    packages.ensure(layout, "lint")
    node.ensure_modules(layout)
    wanted = [check for check in _checks(layout) if not arguments or check.name.startswith(tuple(arguments))]
    if not wanted:
        raise LaunchError("No check has such a name. Nothing was run. The names: python3 run.py check --help")
    with tempfile.TemporaryDirectory(prefix="shiyong-check-") as scratch:
        environ = _environment(layout, Path(scratch))
        failed = [check.name for check in wanted if not _passes(check, environ)]
    if not arguments:
        failed += _scan_pins(layout)
    say(f"\n{len(wanted)} checks: all is well" if not failed else f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def _checks(layout: Layout) -> list[Check]:
    def python(name: str, *words: str | Path) -> Check:
        return Check(name=name, argv=[layout.python, *words], cwd=layout.root)

    return [
        python("ruff check", "-m", "ruff", "check", "."),
        python("ruff format", "-m", "ruff", "format", "--check", "."),
        python("mypy", "-m", "mypy"),
        python("lint-imports", layout.venv / "bin" / "lint-imports"),
        python("migrations", "manage.py", "makemigrations", "--check", "--dry-run"),
        python("api schema", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
        python("django", "manage.py", "check"),
        Check(name="frontend", argv=["npm", "run", "check"], cwd=layout.frontend),
    ]


def _environment(layout: Layout, scratch: Path) -> dict[str, str]:
    """Settings that touch nobody's data; ``npm`` is found on its PATH."""
    ours = {
        "SECRET_KEY": "for-checks-only-" * 4,
        "FIELD_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
        "DATABASE_URL": f"sqlite:///{scratch / 'check.sqlite3'}",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "DJANGO_SETTINGS_MODULE": "app.settings",
    }
    return {**packages.clean_environment(), "PATH": node.environment(layout)["PATH"], **ours}


def _passes(check: Check, environ: dict[str, str]) -> bool:
    started = time.monotonic()
    process = subprocess.Popen(
        check.argv, cwd=check.cwd, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        output = process.communicate()[0].decode(errors="replace")
    finally:
        end(process)
    passed = process.returncode == 0
    say(f"{'ok    ' if passed else 'FAILED'}  {check.name:<14} {time.monotonic() - started:5.1f} s")
    if not passed:
        say("\n".join(f"        {line}" for line in output.strip().splitlines()))
    return passed


def _scan_pins(layout: Layout) -> list[str]:
    found = locking.addresses(layout)
    say(f"{'FAILED' if found else 'ok    '}  pinned files")
    for line in found:
        say(f"        {line}")
    return ["pinned files"] if found else []
