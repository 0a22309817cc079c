from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.usage import oracle
from usage.histogram import bucket_of, estimate, quantile

milliseconds = st.integers(0, 10_000_000)


@given(ms=milliseconds)
def test_a_bucket_is_the_first_power_of_gamma_that_holds_it(ms: int) -> None:
    assert bucket_of(ms) == oracle.bucket(ms)


@given(ms=st.integers(1, 10_000_000))
def test_an_estimate_is_within_two_percent(ms: int) -> None:
    bucket = bucket_of(ms)
    assert bucket is not None
    assert abs(estimate(bucket) - ms) <= 0.0201 * ms


def test_unknown_has_no_bucket_and_nothing_has_no_percentile() -> None:
    assert bucket_of(None) is None
    assert quantile({}, 0.5) is None


@given(one=st.lists(milliseconds), other=st.lists(milliseconds), percent=st.sampled_from([1, 50, 95, 100]))
def test_merged_histograms_are_the_histogram_of_merged(one: list[int], other: list[int], percent: int) -> None:
    merged = Counter(map(bucket_of, one)) + Counter(map(bucket_of, other))
    assert merged == Counter(map(bucket_of, one + other))
    counts = {bucket: n for bucket, n in merged.items() if bucket is not None}
    assert quantile(counts, percent / 100) == oracle.percentile(one + other, percent)
