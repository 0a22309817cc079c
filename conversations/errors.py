"""What can go wrong with what a person asks for. Rendered only at the edges, as a code; the page has the sentences.

ConversationError
├── Invalid            invalid            the frame or field is not of the protocol
├── TooLong            too_long           over the limit of characters
├── TooLarge           too_large          over the limit of bytes
├── Conflict           conflict           the same id with another body
├── NotFound           not_found          no such thing, or not yours
├── SessionExpired     session_expired    signed out
└── Later                                 the same request may succeed later
    ├── Busy           busy               this conversation's answer is still being written
    ├── QueueFull      queue_full         too many are waiting
    ├── RateLimited    rate_limited       too fast
    ├── Paused         paused             the scenario takes no new turns
    ├── Unavailable    unavailable        no endpoint, or a part of the service is away
    └── Internal       internal           a fault of ours, logged under ``ref``
"""

from typing import ClassVar
from uuid import UUID

Param = str | int


class ConversationError(Exception):
    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(self, *, retry_after_s: int | None = None, **params: Param) -> None:
        super().__init__(self.code, params)
        self.retry_after_s = retry_after_s
        self.params = params
        self.answers: UUID | None = None
        """The id of the page's frame or generation this answers, where one is known."""


class Invalid(ConversationError):
    code = "invalid"


class TooLong(ConversationError):
    code = "too_long"


class TooLarge(ConversationError):
    code = "too_large"


class Conflict(ConversationError):
    code = "conflict"


class NotFound(ConversationError):
    code = "not_found"


class SessionExpired(ConversationError):
    code = "session_expired"


class Later(ConversationError):
    retryable = True


class Busy(Later):
    code = "busy"


class QueueFull(Later):
    code = "queue_full"


class RateLimited(Later):
    code = "rate_limited"


class Paused(Later):
    code = "paused"


class Unavailable(Later):
    code = "unavailable"


class Internal(Later):
    code = "internal"
