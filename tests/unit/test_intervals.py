"""Confidence intervals: they hold the truth about as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.intervals import median_interval, share_intervals


def test_the_true_median_is_in_about_95_percent_of_simulations():
    rng = np.random.default_rng(3)
    held, simulations = 0, 300
    for _ in range(simulations):
        # Call times: a floor, and a tail to one side.
        values = (1e6 * (1 + rng.exponential(0.3, 40))).astype(np.int64)
        low, high = median_interval(values)
        held += low <= 1e6 * (1 + 0.3 * np.log(2)) <= high
    assert 0.91 <= held / simulations <= 0.99


def test_a_lower_level_is_narrower_and_holds_less_often():
    rng = np.random.default_rng(4)
    held, simulations = 0, 200
    for _ in range(simulations):
        values = rng.normal(1e6, 1e5, 40).astype(np.int64)
        low, high = median_interval(values, 0.5)
        held += low <= 1e6 <= high
        wide_low, wide_high = median_interval(values, 0.95)
        assert wide_low <= low <= high <= wide_high
    assert 0.38 <= held / simulations <= 0.66


def test_one_value_is_its_own_interval():
    assert median_interval(np.array([97_204_000])) == (97_204_000, 97_204_000)


def test_more_calls_make_it_narrower():
    rng = np.random.default_rng(5)
    few, many = (rng.normal(1e6, 1e5, size).astype(np.int64) for size in (20, 800))
    widths = [high - low for low, high in (median_interval(few), median_interval(many))]
    assert widths[1] < widths[0] / 2


@pytest.mark.parametrize("size", [1001, 10_000])
def test_thousands_of_calls_are_cut_to_some_that_are_spread_evenly(size):
    # A drift: the median is only right where calls of the whole range are taken.
    low, high = median_interval(np.arange(size, dtype=np.int64))
    assert low < size / 2 < high
    assert high - low < 0.15 * size


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=50))
def test_the_interval_is_of_the_values_and_about_the_median(values):
    low, high = median_interval(np.array(values))
    assert min(values) <= low <= high <= max(values)


def test_the_same_values_give_the_same_interval():
    values = np.random.default_rng(6).integers(1, 10**9, 77)
    parts = np.stack([values, values[::-1]], axis=1)
    assert median_interval(values) == median_interval(values.copy())
    assert np.array_equal(share_intervals(parts), share_intervals(parts.copy()))


def test_shares_that_never_vary_have_no_width():
    assert share_intervals(np.array([[30, 70]] * 12)) == pytest.approx(np.array([[0.3, 0.3], [0.7, 0.7]]))


def test_two_parts_mirror_each_other():
    parts = np.random.default_rng(7).integers(1, 1000, (40, 2))
    (low, high), (other_low, other_high) = share_intervals(parts)
    assert low + other_high == pytest.approx(1)
    assert high + other_low == pytest.approx(1)


def test_the_true_share_is_in_about_95_percent_of_simulations():
    rng = np.random.default_rng(8)
    held, simulations = 0, 300
    for _ in range(simulations):
        parts = np.stack([rng.exponential(3e5, 60), rng.exponential(7e5, 60)], axis=1).astype(np.int64)
        low, high = share_intervals(parts)[0]
        held += low <= 0.3 <= high
    assert 0.90 <= held / simulations <= 0.99


def test_longer_calls_weigh_more():
    # One call of 900 in phase 0, nine of 100 in phase 1: each has half of the time.
    parts = np.array([[900, 0]] + [[0, 100]] * 9)
    low, high = share_intervals(parts)[0]
    assert low < 0.5 < high


def test_one_call_has_its_shares():
    assert share_intervals(np.array([[1, 3]])) == pytest.approx(np.array([[0.25, 0.25], [0.75, 0.75]]))


def test_calls_of_no_time_have_no_shares():
    assert share_intervals(np.zeros((5, 3), np.int64)).tolist() == [[0.0, 0.0]] * 3
