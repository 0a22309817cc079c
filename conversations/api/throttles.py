"""How often one person may ask. Counts live in Redis; while it is away nobody is held back."""

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView


class PersonThrottle(UserRateThrottle):
    """Of each scope on its own; who is not signed in is refused elsewhere."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            return True


class EngagementThrottle(PersonThrottle):
    scope = "engagement"
    rate = "60/min"
    """A page sends a batch every few seconds at most; this leaves room for several tabs."""


class RatingThrottle(PersonThrottle):
    scope = "rating"
    rate = "60/min"
