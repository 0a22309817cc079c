"""Durations in logarithmic buckets, so that percentiles of sums come from sums.

DDSketch (Masson, Rim, Lee; VLDB 2019) with a relative error of alpha = 0.02:
gamma = (1 + alpha) / (1 - alpha), bucket = ceil(ln ms / ln gamma), up to 1 ms is bucket 0.
A percentile is never averaged: histograms are added and asked again.
"""

import math
from collections.abc import Mapping

ALPHA = 0.02
GAMMA = (1 + ALPHA) / (1 - ALPHA)
_LOG_GAMMA = math.log(GAMMA)


def bucket_of(ms: int | None) -> int | None:
    """Computed once, when the fact is recorded; None stays unknown."""
    if ms is None:
        return None
    return 0 if ms <= 1 else math.ceil(math.log(ms) / _LOG_GAMMA)


def estimate_ms(bucket: int) -> float:
    """The value within 2 % of everything in the bucket: 2 gamma^i / (gamma + 1)."""
    return float(2 * GAMMA**bucket / (GAMMA + 1))


def quantile_ms(counts: Mapping[int, int], q: float) -> int | None:
    """The estimate at rank ceil(q n), in whole milliseconds; None if nothing was measured."""
    bucket = at_rank(counts, q)
    return None if bucket is None else round(estimate_ms(bucket))


def at_rank(counts: Mapping[int, int], q: float) -> int | None:
    """The value at rank ceil(q n) of values that came so many times; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    rank = max(1, math.ceil(q * total))
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    raise AssertionError("a rank lies within the total")
