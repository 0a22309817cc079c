"""What can go wrong when a model is asked.

InferenceError
├── NoEndpointAvailable       every endpoint failed before a word; ``causes`` says how each did
└── CallFailed                how one request ended
    ├── EndpointRejected      the request is wrong (400, 413, 422): no other endpoint is asked
    │   └── ContentFiltered   the endpoint refuses this content
    └── EndpointFailed        this endpoint, this time: before the first word another one is asked
        ├── ConnectFailed     no connection
        ├── RateLimited       429
        ├── ServerFailed      5xx, 529, an error inside a 200
        ├── Unauthorized      401, 403, 404: key, name or address is wrong
        ├── FirstTokenTimeout nothing visible in time
        ├── Stalled           nothing visible for too long, after something was
        ├── MaxTimeReached    the whole answer took too long
        ├── BadStream         not the protocol: HTML, a redirect, broken JSON, an endless line
        └── UpstreamReset     the connection broke, or ended without a finish_reason

``reason`` is the word a Generation keeps, ``error_class`` the one an UpstreamCall keeps, ``retryable`` says whether the
same question may succeed later. ``detail`` is for administrators: no text of the prompt or the answer, and no key.
"""

import os
import ssl
from collections.abc import Sequence

from conversations.inference.types import ErrorClass


class InferenceError(Exception):
    reason: str
    retryable: bool = True

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class CallFailed(InferenceError):
    """``status`` is None when no response came."""

    error_class: ErrorClass

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(detail)
        self.status = status


class EndpointRejected(CallFailed):
    reason = "refused"
    retryable = False
    error_class = ErrorClass.REJECTED


class ContentFiltered(EndpointRejected):
    reason = "content_filter"
    error_class = ErrorClass.FILTERED


class EndpointFailed(CallFailed):
    pass


class ConnectFailed(EndpointFailed):
    reason = "unavailable"
    error_class = ErrorClass.CONNECT


class RateLimited(EndpointFailed):
    """``retry_after_s`` is what the endpoint asked for, unclamped; None when it did not say."""

    reason = "unavailable"
    error_class = ErrorClass.HTTP_429

    def __init__(self, detail: str = "", *, status: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(detail, status=status)
        self.retry_after_s = retry_after_s


class ServerFailed(EndpointFailed):
    reason = "unavailable"
    error_class = ErrorClass.HTTP_5XX


class Unauthorized(EndpointFailed):
    reason = "unavailable"
    retryable = False
    error_class = ErrorClass.UNAUTHORIZED


class FirstTokenTimeout(EndpointFailed):
    reason = "first_token_timeout"
    error_class = ErrorClass.TIMEOUT_FIRST_TOKEN


class Stalled(EndpointFailed):
    reason = "stall"
    error_class = ErrorClass.STALL


class MaxTimeReached(EndpointFailed):
    reason = "max_time"
    error_class = ErrorClass.MAX_TIME


class BadStream(EndpointFailed):
    reason = "bad_stream"
    error_class = ErrorClass.BAD_STREAM


class UpstreamReset(EndpointFailed):
    reason = "upstream_reset"
    error_class = ErrorClass.RESET


class NoEndpointAvailable(InferenceError):
    """``reason`` is the one all causes share, else ``unavailable``. ``causes`` are in the order of the requests."""

    def __init__(self, causes: Sequence[EndpointFailed]) -> None:
        super().__init__("; ".join(f"{cause.error_class}: {cause.detail}" for cause in causes) or "no endpoint given")
        self.causes = tuple(causes)
        reasons = {cause.reason for cause in causes}
        self.reason = reasons.pop() if len(reasons) == 1 else "unavailable"
        self.retryable = any(cause.retryable for cause in causes)


def word_for(error: BaseException) -> str:
    """Class, and the system's word if there is one; never the message, which may hold an address with a key in it."""
    name, number = type(error).__name__, getattr(error, "errno", None)
    if isinstance(error, ssl.SSLError):
        return f"{name} ({error.reason})" if error.reason else name
    return f"{name} ({os.strerror(number)})" if isinstance(number, int) and number > 0 else name
