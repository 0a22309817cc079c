"""`python3 run.py lock`: requirements/*.in to *.txt, with hashes, for every system and Python from 3.11."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from app.launch import packages
from app.launch.claim import in_turn
from app.launch.console import say, step
from app.launch.errors import LaunchError
from app.launch.layout import Layout

USES = ("lint", "test", "run", "node")
"""The largest first: the others are held to its versions, so that one environment serves all."""
ADDRESSES = {
    ".txt": re.compile(r"https?://|file:/|--(?:extra-)?index-url|--find-links"),
    ".json": re.compile(r'"resolved":\s*"http'),
}
"""Where packages come from is the machine's own setting, and no registry's name is committed."""


def main(layout: Layout, arguments: Sequence[str]) -> int:
    uv = _uv(layout)
    for use in USES:
        held = ["--constraints", "requirements/lint.txt"] if use in {"test", "run"} else []
        argv: list[str | Path] = [
            uv, "pip", "compile", f"requirements/{use}.in", "--output-file", f"requirements/{use}.txt",
            "--universal", "--python-version=3.11", "--generate-hashes",
            "--quiet", "--no-header", "--annotation-style=line", *held, *arguments,
        ]  # fmt: skip
        step(
            f"requirements/{use}.txt", argv, log=layout.logs / "lock.log", cwd=layout.root, env=os.environ, fetches=True
        )
    if found := addresses(layout):
        raise LaunchError(f"The pinned files name a registry, which must not be committed: {found[0]}")
    say("Look at what changed (git diff --stat requirements), then run the tests.")
    return 0


def addresses(layout: Layout) -> list[str]:
    """Every line of the pinned files that names a registry."""
    return [
        f"{path.relative_to(layout.root)}:{number}: {line.strip()[:80]}"
        for path in (*sorted(layout.requirements.glob("*.txt")), *layout.frontend.glob("package-lock.json"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if ADDRESSES[path.suffix].search(line)
    ]


def _uv(layout: Layout) -> Path:
    packages.ensure(layout, "run")
    folder = layout.var / "uv"
    with in_turn(layout.var / "setup.lock"):
        if not (folder / "bin" / "uv").exists():
            argv: list[str | Path] = [layout.python, "-m", "pip", "install", "--no-input", f"--target={folder}", "uv"]
            environ = packages.clean_environment()
            step("uv", argv, log=layout.logs / "pip.log", cwd=layout.root, env=environ, fetches=True)
    return folder / "bin" / "uv"
