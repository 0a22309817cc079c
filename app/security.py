"""What a page of ours may load and run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from app.built import first_styles_hash

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self' {first}; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# unfold's pages hold Alpine.js, which evaluates expressions, and inline styles and scripts of their own.
ADMIN = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        policy = ADMIN if request.path.startswith("/admin/") else PAGE.format(first=first_styles_hash())
        response.headers.setdefault("Content-Security-Policy", policy)
        return response
