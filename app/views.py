"""The page's first paint, and whether this process is well."""

import re

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from app import built
from app.accounts.api import me
from app.greeting import greeting_at, hour_in

DOORS = ("/signin", "/signup")
THEMES = ("system", "light", "dark")
TEXT_SIZES = ("small", "standard", "large", "largest")
PLACES = re.compile(r"/|/(t|signin|signup|s/[a-z0-9_-]+|c/[0-9a-fA-F-]{36})/?")
"""The addresses the page's own router knows (frontend/src/screens/place.ts)."""


@require_safe
@never_cache
@gzip_page
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The shell of every address of the web chat. One that its router does not know is 404."""
    boot = me(request)
    account = boot["user"]["locale"] if boot["user"] else ""
    shell = _shell(request.path)
    painted = {**_choices(request, account), "boot": boot, **_parts(shell)}
    return render(request, "page.html", painted, status=404 if shell == "nothing" else 200)


@require_safe
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """The same shell of nobody: kept by the service worker, it says nothing of who asked for it."""
    return render(request, "page.html", {**_choices(request, ""), "boot": None, **_parts("conversation")})


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker serves what lies under its own address."""
    if (script := built.service_worker()) is None:
        raise Http404
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _choices(request: HttpRequest, account_locale: str) -> dict[str, object]:
    """The page mirrors its choices in cookies, so the first paint has them: no flash of another language or look."""
    choices = request.COOKIES
    english = (choices.get("ui_locale") or account_locale or _preferred(request)) == "en"
    return {
        "english": english,
        "brand": "Shiyong" if english else "实用",
        "greeting": _greeting(request, english=english),
        "theme": choices["ui_theme"] if choices.get("ui_theme") in THEMES else "system",
        "text_size": choices["ui_text"] if choices.get("ui_text") in TEXT_SIZES else "standard",
        "sidebar_open": choices.get("ui_sidebar") != "closed",
        "label": " ".join(settings.AI_LABEL),
    }


def _greeting(request: HttpRequest, *, english: bool) -> str:
    """As the page will say it: by the hour of the reader's own clock. Empty where the page says something else, or the
    reader is here for the first time.
    """
    hour = hour_in(request.COOKIES.get("ui_zone", ""), timezone.now())
    return "" if request.path != "/" or hour is None else greeting_at(hour, english=english)


def _parts(shell: str) -> dict[str, object]:
    """What is painted, and what of the build it needs."""
    assets = built.assets(built.THREAD) if shell == "conversation" else built.assets()
    return {"shell": shell, "assets": assets, "first_styles": built.first_styles()}


def _shell(path: str) -> str:
    """What is painted before the scripts: a door has no composer, a conversation no greeting, no place neither."""
    if not PLACES.fullmatch(path):
        return "nothing"
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
    """Ready for new people: the database answers, and nobody has said that this process will go (SIGUSR1)."""
    live = request.scope["state"]["live"]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ready": live.is_ready}, status=200 if live.is_ready else 503)
