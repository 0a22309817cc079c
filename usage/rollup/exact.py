"""Sums that are whole numbers on both databases, however large."""

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce

UNIT_PICO = 10**12


def whole_sum(what: str | Combinable, only: Q | None = None) -> Expression:
    """A whole number on both databases: PostgreSQL's sum of bigint is numeric, which divides with a fraction."""
    return Cast(Coalesce(Sum(what, filter=only), 0, output_field=BigIntegerField()), BigIntegerField())


def money_sums(name: str, pico: str, only: Q | None = None) -> dict[str, Expression]:
    """Units, and what is left under one: a 64-bit sum of pico-units overflows at 9.2 million."""
    rest = whole_sum(F(pico) % UNIT_PICO, only)
    return {
        f"{name}_units": whole_sum(F(pico) / UNIT_PICO, only) + rest / UNIT_PICO,
        f"{name}_rest_pico": rest % UNIT_PICO,
    }
