"""Where an error becomes an answer: ``{"code", "params"}``, with the codes of docs/protocol.md."""

import logging
import math
import secrets
from typing import Any

from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from conversations.errors import Busy, Conflict, ConversationError, NotFound, RateLimited, TooLarge, Unavailable

logger = logging.getLogger(__name__)

_STATUS: dict[type[ConversationError], int] = {
    NotFound: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
    Busy: status.HTTP_409_CONFLICT,
    TooLarge: status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    RateLimited: status.HTTP_429_TOO_MANY_REQUESTS,
    Unavailable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


def render_error(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler."""
    if isinstance(error, ConversationError):
        return _answer(_STATUS.get(type(error), status.HTTP_400_BAD_REQUEST), error.code, error.params)
    if isinstance(error, Http404 | exceptions.NotFound):
        return _answer(status.HTTP_404_NOT_FOUND, "not_found")
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _answer(status.HTTP_401_UNAUTHORIZED, "session_expired")
    if isinstance(error, exceptions.PermissionDenied):
        return _answer(status.HTTP_403_FORBIDDEN, "not_found")
    if isinstance(error, exceptions.Throttled):
        return _answer(
            status.HTTP_429_TOO_MANY_REQUESTS, "rate_limited", {"seconds": math.ceil(getattr(error, "wait", None) or 1)}
        )
    if isinstance(error, exceptions.ValidationError):
        field = next(iter(error.detail)) if isinstance(error.detail, dict) else ""
        return _answer(status.HTTP_400_BAD_REQUEST, "invalid", {"field": str(field)})
    if isinstance(error, RecursionError):
        return _answer(status.HTTP_400_BAD_REQUEST, "invalid")  # JSON nested without end: no code of ours recurses
    if isinstance(error, exceptions.APIException):
        return _answer(error.status_code, "invalid")
    ref = secrets.token_hex(4)
    logger.error("a request failed, ref %s", ref, exc_info=error)
    return _answer(status.HTTP_500_INTERNAL_SERVER_ERROR, "internal", {"ref": ref})


def _answer(status_code: int, code: str, params: dict[str, Any] | None = None) -> Response:
    return Response({"code": code, "params": params or {}}, status=status_code)
