"""Rates are ratios of sums, and keep both, so that they can be checked and added before they are divided."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

DIGITS = Decimal("0.000001")
Z = 1.959963984540054
"""The normal quantile of a two-sided 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    numerator: int
    denominator: int

    @property
    def value(self) -> Decimal | None:
        """Six digits, half to even; None of nothing."""
        return decimal(self.numerator, self.denominator)

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Wilson's 95 % interval (JASA 22, 1927) of a share; it stays within 0 and 1, also of few."""
        n = self.denominator
        if not n:
            return None
        share, square = self.numerator / n, Z * Z
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
        low, high = (Decimal(max(0.0, min(1.0, end))).quantize(DIGITS) for end in (middle - half, middle + half))
        return low, high


def decimal(numerator: int, denominator: int) -> Decimal | None:
    """Exact up to the last of its six digits, whatever the size of the two."""
    if not denominator:
        return None
    return Decimal(round(Fraction(numerator * 10**6, denominator))).scaleb(-6)


def per(amounts: Mapping[str, int], count: int) -> Mapping[str, int]:
    """Pico-units by currency for each of ``count``; nothing of none."""
    return {currency: round(Fraction(pico, count)) for currency, pico in amounts.items()} if count else {}
