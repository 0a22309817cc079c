"""Durations and speeds in logarithmic buckets, so that percentiles of sums come from sums.

DDSketch (Masson, Rim, Lee; VLDB 2019) with a relative error of alpha = 0.02:
gamma = (1 + alpha) / (1 - alpha), bucket = ceil(ln ms / ln gamma), up to 1 ms is bucket 0.
A speed is in tenths of a token in a second, in place of ms.
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


def estimate(bucket: int) -> float:
    """The value within 2 % of everything in the bucket: 2 gamma^i / (gamma + 1)."""
    return float(2 * GAMMA**bucket / (GAMMA + 1))


def quantile(counts: Mapping[int, int], q: float) -> int | None:
    """The estimate at rank ceil(q n), in whole milliseconds, or tenths; None if nothing was measured."""
    total = sum(counts.values())
    if not total:
        return None
    rank = max(1, math.ceil(q * total))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0:
            return round(estimate(bucket))
    raise AssertionError("a rank lies within the total")
