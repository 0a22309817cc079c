"""The page's first paint, and whether this process is well."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from app.accounts.api import me

ENTRY = "src/main.tsx"
DOORS = ("/signin", "/signup")
THEMES = ("system", "light", "dark")
TEXT_SIZES = ("small", "standard", "large", "largest")


@cache
def _assets() -> dict[str, list[str]]:
    """Scripts, preloads and styles of the entry, from Vite's manifest: the entry and all it imports statically."""
    manifest_path = settings.FRONTEND_DIST / ".vite" / "manifest.json"
    if not manifest_path.exists():
        return {"scripts": [], "preloads": [], "styles": []}
    manifest: dict[str, dict[str, Any]] = json.loads(manifest_path.read_text())
    found: list[str] = []

    def walk(name: str) -> None:
        if name not in found:
            found.append(name)
            for imported in manifest[name].get("imports", []):
                walk(imported)

    walk(ENTRY)
    return {
        "scripts": [static(manifest[ENTRY]["file"])],
        "preloads": [static(manifest[name]["file"]) for name in found[1:]],
        "styles": [static(style) for name in found for style in manifest[name].get("css", [])],
    }


@require_safe
@never_cache
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The shell of every address of the web chat; the page's own router knows which one it is."""
    boot = me(request)
    # The page mirrors its choices in cookies, so that the first paint has them: no flash of another language or look.
    choices = request.COOKIES
    account = boot["user"]["locale"] if boot["user"] else ""
    locale = choices.get("ui_locale") or account or _preferred(request)
    painted = {
        "boot": boot,
        "english": locale == "en",
        "theme": choices["ui_theme"] if choices.get("ui_theme") in THEMES else "system",
        "text_size": choices["ui_text"] if choices.get("ui_text") in TEXT_SIZES else "standard",
        "sidebar_open": choices.get("ui_sidebar") != "closed",
        "shell": _shell(request.path),
        "assets": _assets(),
    }
    return render(request, "page.html", painted)


def _shell(path: str) -> str:
    """What is painted before the scripts: a door has no composer, a conversation no greeting."""
    if path in DOORS:
        return "door"
    return "conversation" if path.startswith("/c/") else "empty"


def _preferred(request: HttpRequest) -> str:
    language = getattr(request, "LANGUAGE_CODE", "zh-hans")
    return "en" if language.startswith("en") else "zh"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready for people: the database answers and this process is not going away."""
    live = request.scope["state"]["live"]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ready": not live.is_draining}, status=503 if live.is_draining else 200)
