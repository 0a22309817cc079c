"""What conversations need to know of a person. The model itself is ``settings.AUTH_USER_MODEL``."""

from typing import Protocol
from uuid import UUID


class Person(Protocol):
    pk: int
    email: str
    name: str
    locale: str
    subject: UUID
    is_active: bool

    @property
    def is_internal(self) -> bool: ...


def hints_group(person_pk: int) -> str:
    """The channel-layer group of all sockets of one person: hints only, never text."""
    return f"person.{person_pk}"
