"""Reading the database from asynchronous tests."""

from typing import TypeVar

from django.db import models

from conversations.database import in_database

M = TypeVar("M", bound=models.Model)


async def rows(query: "models.QuerySet[M]") -> list[M]:
    return await in_database(lambda: list(query))
