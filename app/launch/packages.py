"""var/venv: one environment for all three uses. requirements/lint.txt holds test.txt, and that run.txt."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal

from app.launch.claim import in_turn
from app.launch.console import say, step
from app.launch.errors import LaunchError
from app.launch.layout import Layout

Use = Literal["run", "test", "lint"]

PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\\\n]+?)\s*\\?$", re.MULTILINE)
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def ensure(layout: Layout, use: Use) -> None:
    """Install requirements/USE.txt unless all it pins is there. What was installed besides stays."""
    wanted = pins(layout.requirements / f"{use}.txt")
    if wanted <= _installed(layout):
        return
    with in_turn(layout.var / "setup.lock"):
        there = _installed(layout)
        if wanted <= there:
            return
        usable = not _moved(layout) and _works(layout.python)
        _record(layout).unlink(missing_ok=True)
        if not usable:
            _create(layout)
            there = frozenset()
        pip_install(layout, layout.requirements / f"{use}.txt", title=f"Python packages ({len(wanted)})")
        replaced = {_name(pin) for pin in wanted}
        _remember(layout, wanted | {pin for pin in there if _name(pin) not in replaced})


def pip_install(layout: Layout, pinned: Path, *, title: str, target: Path | None = None) -> None:
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    if os.geteuid() == 0:
        options.append("--root-user-action=ignore")
    if target is not None:
        options += ["--upgrade", f"--target={target}"]
    argv: list[str | Path] = [layout.python, "-m", "pip", "install", *options, "-r", pinned]
    step(title, argv, log=layout.logs / "pip.log", cwd=layout.root, env=clean_environment(), fetches=True)


def clean_environment() -> dict[str, str]:
    """Ours without what would make another Python of the one in var/venv, or a pip that installs elsewhere.

    Nor is Python kept from writing bytecode: each start would compile the whole product in each of its processes.
    """
    misleading = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"}
    left_out = misleading | {"PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in left_out}


def pins(pinned: Path) -> frozenset[str]:
    """``name==version`` with its marker, if any. The hashes are pip's business."""
    return frozenset(PIN.findall(pinned.read_text()))


def _name(pin: str) -> str:
    return pin.split("==", 1)[0]


def _create(layout: Layout) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise LaunchError(
            "This Python cannot make virtual environments. Nothing was changed. "
            f"Install its other half, then start again: apt-get install python{PYTHON}-venv (or python3-venv)"
        )
    argv: list[str | Path] = [sys.executable, "-m", "venv", "--clear", layout.venv]
    step("Python environment", argv, log=layout.logs / "venv.log", cwd=layout.root, env=clean_environment())


def _works(python: Path) -> bool:
    """Of the same version as the one that runs us, and with a pip: an interrupted `-m venv` leaves none."""
    if not python.exists():
        return False
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, env=clean_environment(), check=False)
    if answer.returncode or answer.stdout.strip() != PYTHON:
        say(f"· var/venv is not a working environment of Python {PYTHON}: it is made anew")
        return False
    return True


# --- the record of what is installed: which Python, where (scripts hold the path), and the pins -----------------------


def _record(layout: Layout) -> Path:
    return layout.venv / "installed.json"


def _identity(layout: Layout) -> list[str]:
    return [PYTHON, str(layout.venv)]


def _read(layout: Layout) -> tuple[list[str], frozenset[str]] | None:
    try:
        record = json.loads(_record(layout).read_text())
        return record["identity"], frozenset(record["pins"])
    except (OSError, ValueError, KeyError):
        return None


def _moved(layout: Layout) -> bool:
    record = _read(layout)
    return record is not None and record[0] != _identity(layout)


def _installed(layout: Layout) -> frozenset[str]:
    record = _read(layout)
    if record is None or _moved(layout) or not layout.python.exists():
        return frozenset()
    return record[1]


def _remember(layout: Layout, installed: frozenset[str]) -> None:
    _record(layout).write_text(json.dumps({"identity": _identity(layout), "pins": sorted(installed)}))
