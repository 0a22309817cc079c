"""A name for a person that only one audience knows: two analysts cannot put their lists together."""

from uuid import UUID

from django.utils.crypto import salted_hmac

LENGTH = 20
"""Hexadecimal digits: 80 bits, so that a million people share none but once in 10^12 lists."""


def pseudonym(subject: UUID, *, audience: str) -> str:
    """The same for the same audience as long as the deployment keeps its ``SECRET_KEY``; leads back to nobody."""
    return salted_hmac(f"usage.reports {audience}", subject.bytes, algorithm="sha256").hexdigest()[:LENGTH]
