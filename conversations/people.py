"""What conversations need to know of a person. The model itself is ``settings.AUTH_USER_MODEL``."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Person(Protocol):
    pk: int
    email: str
    name: str
    locale: str
    instructions: str
    """What they always want to be kept in mind, in their own words."""
    subject: UUID
    is_active: bool
    date_joined: datetime

    @property
    def is_internal(self) -> bool: ...


def hints_group(person_pk: int) -> str:
    """The channel-layer group of all processes where a person has a tab open: hints only, never text."""
    return f"person.{person_pk}"
