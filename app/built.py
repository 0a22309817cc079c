"""What Vite built, from its manifest: the files of the page's first paint, and those it needs without a network."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.templatetags.static import static

ENTRY = "src/main.tsx"
THREAD = "src/screens/Thread.tsx"
WORKER = "src/offline/worker.ts"
SCREENS = "src/screens/"
"""Small parts of the page that come when they are wanted: wanted without a network too. What answers need is not."""


@cache
def _manifest() -> dict[str, dict[str, Any]]:
    path = settings.FRONTEND_DIST / ".vite" / "manifest.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _closure(*names: str) -> list[str]:
    """These parts and all they import statically, the first ones first."""
    found: list[str] = []

    def walk(name: str) -> None:
        if name not in found:
            found.append(name)
            for imported in _manifest()[name].get("imports", []):
                walk(imported)

    for name in names:
        walk(name)
    return found


def _styles(names: list[str]) -> list[str]:
    return [static(style) for name in names for style in _manifest()[name].get("css", [])]


@cache
def first_styles() -> str:
    """Of what the template paints (frontend/scripts/first.mjs): in the page, so its paint waits for no file."""
    path = settings.FRONTEND_DIST / ".vite" / "first.css"
    return path.read_text() if path.exists() else ""


@cache
def first_styles_hash() -> str:
    """As a policy for the page's contents names them."""
    return f"'sha256-{b64encode(sha256(first_styles().encode()).digest()).decode()}'"


@cache
def assets(*more: str) -> dict[str, list[str]]:
    """Scripts, preloads and styles: the entry and all it imports statically, and ``more`` parts that it fetches."""
    if ENTRY not in _manifest():
        return {"scripts": [], "preloads": [], "styles": []}
    entry, *imported = _closure(ENTRY, *more)
    return {
        "scripts": [static(_manifest()[entry]["file"])],
        "preloads": [static(_manifest()[name]["file"]) for name in imported],
        "styles": _styles([entry, *imported]),
    }


@cache
def service_worker() -> str | None:
    """After the list of what it keeps, so that a new build is another script. None without a build."""
    if WORKER not in _manifest():
        return None
    wanted = _manifest()[ENTRY].get("dynamicImports", [])
    parts = _closure(ENTRY, *(name for name in wanted if name.startswith(SCREENS)))
    files = [static(_manifest()[name]["file"]) for name in parts] + _styles(parts)
    kept = {"version": sha256("\n".join(files).encode()).hexdigest()[:12], "files": [*dict.fromkeys(files)]}
    script = (settings.FRONTEND_DIST / _manifest()[WORKER]["file"]).read_text()
    return f"self.kept = {json.dumps(kept)};\n{script}"
