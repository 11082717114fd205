"""What a call of the median length is made of: delays keep their ms whatever else happens to calls."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.analysis.attribution.attribute import apportion
from keras_profile.analysis.attribution.typical_call import at_length, typical_call

MS = 1_000_000
#: The columns of made calls: what the processor does, and two delays of a known length.
WORK, SLEEP, RARE = (0, 1, 2, 3), 4, 5


def made_calls(random, calls, hits, slower=1.0, work=(1.0, 12.0, 9.0, 3.0), stalls=0.0):
    """Calls of some work and a sleep of 15 ms, in ns, and the bare calls' median.

    Other programs take 8 ms at a time, ``hits`` times for each ms of work; ``slower`` is what the
    capture makes of work; ``stalls`` is how many sleeps end 100 ms late.
    """

    def some(factor):
        base = np.array(work) * factor
        taken = random.poisson(base * hits, (calls, len(work)))
        times = base * random.lognormal(0, 0.03, taken.shape)
        times += np.where(taken > 0, random.gamma(np.maximum(taken, 1), 8.0), 0)
        sleep = 15.1 + random.exponential(0.1 + hits, (calls, 1))
        sleep += 100 * (random.random((calls, 1)) < stalls)
        return np.round(np.hstack([times, sleep]) * MS).astype(np.int64)

    return some(slower), float(np.median(some(1.0).sum(axis=1)))


def ms(parts, total_ns):
    return typical_call(parts, total_ns).shares * total_ns / MS


@pytest.mark.parametrize("calls", [10, 40, 200])
@pytest.mark.parametrize("hits", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("stalls", [0.0, 0.05])
def test_a_delay_comes_back_in_ms_on_a_quiet_and_on_a_busy_machine(calls, hits, stalls):
    random = np.random.default_rng(7)
    found = [ms(*made_calls(random, calls, hits, stalls=stalls))[SLEEP] for _ in range(40)]
    assert np.median(found) == pytest.approx(15.2 + hits, rel=0.03)
    within = np.mean(np.abs(np.array(found) / (15.2 + hits) - 1) < 0.1)
    assert within >= 0.9


def test_shares_of_all_time_would_not_bring_it_back():
    parts, total_ns = made_calls(np.random.default_rng(3), 200, 0.03)
    assert parts.sum(axis=0)[SLEEP] / parts.sum() * total_ns / MS < 14.5
    assert ms(parts, total_ns)[SLEEP] == pytest.approx(15.2, rel=0.03)


def test_what_the_capture_adds_is_taken_from_all():
    parts, total_ns = made_calls(np.random.default_rng(5), 100, 0.0, slower=1.1)
    found = ms(parts, total_ns)
    assert found[SLEEP] == pytest.approx(15.2, rel=0.08)
    assert found[1] == pytest.approx(12.0, rel=0.05)


def test_what_takes_turns_is_the_average_of_both():
    parts = np.array([[10, 30], [30, 10]] * 8) * MS
    assert ms(parts, 40 * MS) == pytest.approx([20, 20])


def test_the_parts_of_another_length_are_those_of_calls_of_that_length():
    parts = np.array([[5, batches * 10] for batches in (1, 2, 3, 4, 5, 6, 7, 8, 9)]) * MS
    assert ms(parts, 25 * MS) == pytest.approx([5, 20])
    assert ms(parts, 75 * MS) == pytest.approx([5, 70])


def test_what_comes_in_few_calls_has_its_mean():
    parts = np.array([[20, 0]] * 9 + [[20, 20]]) * MS
    shares = typical_call(parts, 20 * MS).shares
    assert shares == pytest.approx([20 / 22, 2 / 22])


def test_what_is_large_in_few_calls_has_its_mean_though_it_comes_in_all():
    """As tracing: a little of it in each call, and all of a model's in some."""
    parts = np.array([[20, 1]] * 7 + [[20, 201]] * 3) * MS
    shares = typical_call(parts, 21 * MS).shares
    assert shares == pytest.approx([20 / 81, 61 / 81])


def test_a_call_that_was_held_up_once_is_not_what_a_call_is_made_of():
    random = np.random.default_rng(2)
    parts = np.round(np.array([5.0, 15.0]) * random.lognormal(0, 0.02, (10, 2)) * MS).astype(np.int64)
    before = ms(parts, 20 * MS)
    parts[3, 1] += 150 * MS
    assert ms(parts, 20 * MS) == pytest.approx(before, rel=0.05)


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_few_calls_are_enough(calls):
    parts = np.array([[10, 30], [12, 31], [11, 36]])[:calls] * MS
    found = typical_call(parts, 40 * MS)
    assert found.shares.sum() == pytest.approx(1)
    assert found.shares[0] == pytest.approx(0.25, abs=0.03)
    low, high = found.intervals().T
    assert (low <= found.shares + 1e-9).all()
    assert (found.shares <= high + 1e-9).all()


def test_a_phase_that_a_pause_made_long_in_one_of_two_calls_does_not_disappear():
    """The median is shorter than both calls, so the line through them ends below zero."""
    paused = np.array([[80, 2, 4], [90, 22, 4]]) * MS
    assert ms(paused, 70 * MS)[1:] == pytest.approx([2, 4], rel=0.3)
    steady = np.array([[80, 2, 4], [90, 2, 4]]) * MS
    assert ms(steady, 70 * MS)[1:] == pytest.approx([2, 4], rel=0.3)


def test_equal_calls_are_scaled():
    parts = np.array([[10, 30]] * 5) * MS
    found = typical_call(parts, 20 * MS)
    assert found.shares == pytest.approx([0.25, 0.75])
    assert found.intervals() == pytest.approx(np.array([[0.25, 0.25], [0.75, 0.75]]))
    assert found.factors() == pytest.approx([0.5, 0.5])


def test_factors_make_a_mean_call_the_typical_one():
    parts, total_ns = made_calls(np.random.default_rng(4), 30, 0.05)
    found = typical_call(parts, total_ns)
    assert (found.factors() * parts.mean(axis=0)).sum() == pytest.approx(total_ns)
    unused = typical_call(np.hstack([parts, np.zeros((30, 1), np.int64)]), total_ns)
    assert unused.factors()[-1] == pytest.approx(total_ns / parts.sum(axis=1).mean())


def test_whole_numbers_sum_to_the_call():
    parts, total_ns = made_calls(np.random.default_rng(6), 30, 0.1)
    assert sum(apportion(typical_call(parts, total_ns).shares, round(total_ns))) == round(total_ns)


def test_intervals_hold_the_truth():
    random = np.random.default_rng(8)
    held = []
    for _ in range(60):
        parts, total_ns = made_calls(random, 40, 0.05)
        low, high = typical_call(parts, total_ns).intervals()[SLEEP] * total_ns / MS
        held.append(low - 0.15 <= 15.25 <= high + 0.15)
    assert np.mean(held) > 0.85


# --- what lies within a part ---


def test_a_sleep_keeps_its_ms_where_others_of_the_phase_are_held_up():
    sleep = np.array([15.1, 15.2, 15.1, 15.2, 15.1])
    phase = np.array([16.0, 48.0, 17.0, 16.5, 30.0])
    (found,) = at_length(sleep[:, None], phase, 16.6)
    assert found == pytest.approx(15.1, abs=0.1)


def test_work_goes_with_its_phase():
    phase = np.array([10.0, 20.0, 14.0, 12.0, 18.0])
    found = at_length(np.stack([phase * 0.5, phase * 0.25], axis=1), phase, 15.0)
    assert found == pytest.approx([7.5, 3.75])
    assert at_length((phase * 0.5)[:, None], phase, 5.0) == pytest.approx([2.5])


def test_what_few_calls_have_goes_with_its_mean():
    column = np.array([[0.0], [0.0], [0.0], [8.0]])
    assert at_length(column, np.full(4, 10.0), 10.0) == pytest.approx([2.0])
