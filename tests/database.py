"""Reading the database from asynchronous tests, and what it is asked for."""

from typing import TypeVar

from django.db import connection, models

from conversations.database import in_database

M = TypeVar("M", bound=models.Model)


async def rows(query: "models.QuerySet[M]") -> list[M]:
    return await in_database(lambda: list(query))


def of_few_rows(tables: int) -> int:
    """How many statements insert a few rows into so many tables: PostgreSQL gets them as one."""
    return 1 if connection.vendor == "postgresql" else tables
