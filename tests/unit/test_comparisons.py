"""Verdicts from rounds, and costs from calls with several numbers of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.comparisons.costs import crossover, fit, fit_scaling, predicted
from keras_profile.analysis.comparisons.payoff import saved_ns
from keras_profile.analysis.comparisons.verdicts import best_of, compare_trials, fastest_of, trial_notes
from keras_profile.model.recording import Schema
from keras_profile.model.report import CostModel
from keras_profile.model.trials import Round, ScalingPoint, ScalingTrial, Trial, TrialOutputs, Trials

EQUAL = TrialOutputs(True, 0.0, 1e-4, ["the measured input"], 32)


def trial(walls=(), recipe="one", status="tried", outputs=EQUAL, **changed):
    """A trial whose rounds have these calls, in ns."""
    fields = {
        "recipe": recipe,
        "title": recipe,
        "code": "y = 1",
        "where": "in_process",
        "approximate": False,
        "status": status,
        "reason": "",
        "calls": 1,
        "warmup_ns": None,
        "peak_bytes": None,
        "outputs": outputs,
        "rounds": [
            Round(number, [int(ns) for ns in np.atleast_1d(calls)]) for number, calls in enumerate(walls)
        ],
    }
    return Trial(**fields | changed)


def trials(original, *others, **changed):
    return Trials(
        Schema("keras_profile.trials", 1),
        **{
            "interrupted": False,
            "original": trial(original, recipe=None, outputs=None),
            "original_elsewhere": None,
            "random_outputs": False,
            "trials": list(others),
            "scaling": [],
            "scaling_reason": "",
        }
        | changed,
    )


def verdict(original, walls, **changed):
    return compare_trials(trials(original, trial(walls, **changed)))[0]


def noisy(random, ns, rounds, calls=5):
    """Rounds of a call that takes ``ns``, with noise of 10% and a slow call now and then."""
    walls = ns * random.lognormal(0, 0.1, (rounds, calls))
    return walls * np.where(random.random((rounds, calls)) < 0.05, 3, 1)


def test_faster():
    one = verdict([1000, 1010, 990, 1005] * 3, [100, 101, 99, 100] * 3)
    assert one.verdict == "faster"
    assert one.speedup == pytest.approx(10, rel=0.02)
    low, high = one.speedup_ci99
    assert low <= one.speedup <= high
    assert (one.before_ns, one.after_ns, one.rounds) == (1002, 100, 12)


def test_slower():
    assert verdict([1000, 1010, 990, 1005] * 3, [2000, 2010, 1990, 2000] * 3).verdict == "slower"


def test_an_effect_below_three_percent_is_none():
    exact = [1_000_000] * 20
    assert verdict(exact, [980_000] * 20).verdict == "no_difference"
    assert verdict(exact, [960_000] * 20).verdict == "faster"


def test_one_round_claims_nothing():
    one = verdict([1000], [1])
    assert (one.verdict, one.speedup_ci99) == ("no_difference", None)


def test_the_interval_that_is_shown_is_the_one_that_decides():
    random = np.random.default_rng(5)
    for rounds in (2, 4, 8):
        for gain in (1.0, 1.1, 1.5, 4.0):
            one = verdict(noisy(random, 1e6 * gain, rounds), noisy(random, 1e6, rounds))
            low, high = one.speedup_ci99
            assert low <= one.speedup <= high
            assert (one.verdict == "faster") == (low > 1 and one.speedup >= 1.03)
            assert (one.verdict == "slower") == (high < 1 and one.speedup <= 1 / 1.03)


def test_two_rounds_that_agree_claim_a_large_difference_alone():
    assert verdict([1000, 1001], [10, 10]).verdict == "faster"
    assert verdict([1000, 1100], [900, 905]).verdict == "no_difference"


def test_rounds_are_compared_with_their_own():
    """The machine becomes twice as slow half-way; a change that is not faster gains nothing by it."""
    drift = [1000] * 6 + [2000] * 6
    assert verdict(drift, [990, 1010] * 3 + [1990, 2010] * 3).verdict == "no_difference"
    late = trial(rounds=[Round(number + 6, [2000]) for number in range(6)])
    assert compare_trials(trials(drift, late))[0].speedup == 1.0


def test_what_a_call_takes_now_is_one_figure():
    """To it the speed-up is applied, of changes in other rounds and of those against another process."""
    drift = [1000] * 6 + [2000] * 6
    late = trial(rounds=[Round(number + 6, [500]) for number in range(6)])
    elsewhere = trial([200] * 8, recipe=None, outputs=None)
    process = trial([100] * 8, "two", where="own_process")
    found = compare_trials(trials(drift, late, process, original_elsewhere=elsewhere))
    assert [(one.before_ns, one.speedup, one.after_ns) for one in found] == [
        (1500, 4.0, 375),
        (1500, 2.0, 750),
    ]


def test_a_call_compared_with_itself_claims_hardly_ever_a_difference():
    """Of 300 comparisons at most 3% may claim one."""
    random = np.random.default_rng(7)
    for rounds in (4, 8, 24):
        claims = sum(
            verdict(noisy(random, 1e6, rounds), noisy(random, 1e6, rounds)).verdict != "no_difference"
            for _ in range(300)
        )
        assert claims <= 9, f"{claims} of 300 with {rounds} rounds"


def test_a_real_difference_is_found():
    random = np.random.default_rng(8)
    found = sum(
        verdict(noisy(random, 1e6, 16), noisy(random, 7e5, 16)).verdict == "faster" for _ in range(100)
    )
    assert found >= 95


def test_work_of_many_calls_is_divided():
    one = verdict([1000] * 8, [1600] * 8, calls=32)
    assert (one.after_ns, one.verdict) == (50, "faster")


def test_random_outputs_cannot_tell():
    content = trials([1000] * 8, trial([10] * 8, outputs=None), random_outputs=True)
    assert compare_trials(content)[0].verdict == "cannot_tell"
    assert any("random" in note for note in trial_notes(content))


@pytest.mark.parametrize("status", ["outputs_differ", "failed", "not_applicable", "not_tried"])
def test_what_was_not_measured_keeps_its_reason(status):
    one = verdict([1000] * 8, [], status=status, reason="so it is")
    assert (one.verdict, one.reason, one.after_ns, one.speedup) == (status, "so it is", None, None)
    assert one.before_ns == 1000


def test_outputs_that_were_not_compared_are_never_faster():
    assert verdict([1000] * 8, [10] * 8, outputs=None).verdict == "cannot_tell"


def test_processes_are_held_against_a_process():
    elsewhere = trial([500] * 8, recipe=None, outputs=None)
    content = trials([1000] * 8, trial([500] * 8, where="own_process"), original_elsewhere=elsewhere)
    one = compare_trials(content)[0]
    assert (one.speedup, one.verdict) == (1.0, "no_difference")


# --- which is recommended ---


def rounds_of(ns, spread=0.02, seed=3):
    """Eight rounds of calls of about ``ns``."""
    return ns * np.random.default_rng(seed).normal(1, spread, 8)


def first(*others, calls=None):
    return compare_trials(trials(rounds_of(1e8, seed=1), *others), calls)[0]


def test_of_changes_that_cannot_be_told_apart_the_simplest_is_recommended():
    exotic = trial(rounds_of(2.7e7, 0.1, 4), "concrete_function")
    simple = trial(rounds_of(2.8e7, 0.1, 5), "predict_on_batch")
    graph = trial(rounds_of(2.75e7, 0.1, 6), "function_open_batch")
    found = compare_trials(trials(rounds_of(1e8, seed=1), exotic, simple, graph))
    assert best_of(found).recipe == found[0].recipe == "predict_on_batch"
    assert fastest_of(found).recipe != "predict_on_batch"


def test_a_change_that_gains_clearly_more_is_recommended():
    assert first(
        trial(rounds_of(2e7), "function_open_batch"), trial(rounds_of(9e7), "predict_on_batch")
    ).recipe == ("function_open_batch")


def test_what_pays_off_within_the_programs_calls_comes_first():
    """Ten times as fast after 1.8 s of building against five times after 0.3 s."""
    compiled = trial(rounds_of(1e7), "function_jit_compiled", warmup_ns=1_800_000_000)
    graph = trial(rounds_of(2e7), "function_open_batch", warmup_ns=300_000_000)
    assert first(compiled, graph).recipe == "function_jit_compiled"
    assert first(compiled, graph, calls=30).recipe == "function_open_batch"
    assert first(compiled, graph, calls=15).recipe == "function_open_batch"
    assert first(compiled, calls=15).recipe == "function_jit_compiled"  # none does: the table still has one


def test_the_simpler_one_does_where_it_saves_nearly_all():
    fast = trial(rounds_of(1e6), "function_fixed_signature", warmup_ns=10**8)
    simple = trial(rounds_of(3e6), "predict_on_batch", warmup_ns=10**8)
    assert first(fast, simple).recipe == first(fast, simple, calls=20).recipe == "predict_on_batch"


def test_a_condition_that_no_call_shows_comes_after_what_holds_for_all():
    fixed = trial(rounds_of(1e7), "concrete_function", condition="only if every call has exactly 32 rows")
    any_rows = trial(rounds_of(2e7), "unroll_flipped")
    assert first(fixed, any_rows).recipe == "unroll_flipped"
    barely = trial(rounds_of(8e7), "unroll_flipped")
    chosen = first(fixed, barely)
    assert (chosen.recipe, chosen.condition) == (
        "concrete_function",
        "only if every call has exactly 32 rows",
    )


def test_what_alters_results_is_never_recommended():
    half = trial(rounds_of(1e6), "half_precision", approximate=True)
    found = compare_trials(trials(rounds_of(1e8, seed=1), half, trial(rounds_of(5e7), "unroll_flipped")))
    assert best_of(found).recipe == "unroll_flipped"


def test_after_how_many_calls_a_change_pays_off():
    one = verdict([1000] * 8, [200] * 8, warmup_ns=8200)
    assert (one.pays_off_after, saved_ns(one, 10), saved_ns(one, 11)) == (11, 0, 800)
    assert verdict([1000] * 8, [200] * 8, warmup_ns=200).pays_off_after == 1
    assert verdict([1000] * 8, [2000] * 8, warmup_ns=200).pays_off_after is None
    many = verdict([1000] * 8, [3200] * 8, warmup_ns=4100, calls=32)
    assert (many.after_ns, many.pays_off_after) == (100, 2)


def test_where_a_call_takes_another_time_beside_the_changes_a_note_says_so():
    content = trials([20_000_000] * 8, trial([10_000_000] * 8))
    (note,) = trial_notes(content, alone_ns=10_000_000)
    assert "10.0 ms before" in note
    assert "20.0 ms" in note
    assert trial_notes(content, alone_ns=19_000_000) == []


def test_what_gains_most_comes_first():
    content = trials(
        [1000] * 8,
        trial([1000] * 8, "same"),
        trial([100] * 8, "ten"),
        trial([], "none", "failed"),
        trial([10] * 8, "hundred"),
        trial([2000] * 8, "slow"),
    )
    assert [one.recipe for one in compare_trials(content)] == ["hundred", "ten", "same", "slow", "none"]


# --- costs ---


def scaling(fixed, batch, row, size=32, rows=(1, 8, 32, 64, 256, 1024), recipe=None):
    return ScalingTrial(
        recipe,
        "x",
        [
            ScalingPoint(
                one,
                -(-one // size) if size else 1,
                [round(fixed + batch * (-(-one // size) if size else 1) + row * one)],
            )
            for one in rows
        ],
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(10**4, 10**8), st.integers(0, 10**7), st.integers(1, 10**5))
def test_planted_costs_are_found_again(fixed, batch, row):
    model = fit(scaling(fixed, batch, row))
    assert model.largest_deviation < 0.02
    for rows in (1, 40, 500, 5000):
        planted = fixed + batch * -(-rows // 32) + row * rows
        assert predicted(model, rows, 32) == pytest.approx(planted, rel=0.1)


def test_a_single_batch_has_no_cost_of_its_own():
    model = fit(scaling(5_000_000, 0, 1000, size=None))
    assert model.batch_ns is None
    assert model.fixed_ns == pytest.approx(5_000_000, rel=1e-3)
    assert model.row_ns == pytest.approx(1000, rel=1e-3)


def test_no_cost_is_negative():
    falling = ScalingTrial(None, "x", [ScalingPoint(1, 1, [1000]), ScalingPoint(100, 1, [500])])
    model = fit(falling)
    assert min(model.fixed_ns, model.row_ns) >= 0
    assert model.largest_deviation > 0.1


def test_where_two_ways_meet():
    content = trials(
        [1], scaling=[scaling(96_000_000, 500_000, 0), scaling(0, 0, 40_000, size=None, recipe="one")]
    )
    found = fit_scaling(content, 32)
    assert found is not None
    # 96 ms + 0.5 ms a batch of 32 = 0.04 ms a row
    assert found.crossover_rows == pytest.approx(96_000_000 / (40_000 - 500_000 / 32), rel=0.02)


def rows_where_faster(original, best, verdict="faster"):
    compared = compare_trials(trials([100] * 8, trial([50] * 8 if verdict == "faster" else [100] * 8)))
    return fit_scaling(
        trials([1], scaling=[points(original), points(best, recipe="one")]), 32, compared
    ).faster_rows


def points(walls, recipe=None):
    return ScalingTrial(recipe, "one", [ScalingPoint(rows, 1, [wall]) for rows, wall in walls.items()])


def test_faster_is_said_of_the_rows_that_were_measured_alone():
    slow = {1: 100, 8: 100, 32: 100, 256: 100}
    assert rows_where_faster(slow, {1: 50, 8: 60, 32: 70, 256: 90}) == (1, 256)
    assert rows_where_faster(slow, {1: 50, 8: 60, 32: 110, 256: 90}) == (1, 8)
    assert rows_where_faster(slow, {1: 150, 8: 60, 32: 70, 256: 90}) == (8, 256)
    assert rows_where_faster(slow, {1: 150, 8: 160, 32: 170, 256: 190}) is None
    assert rows_where_faster(slow, {1: 50, 8: 60, 32: 70, 256: 90}, "no_difference") is None


def test_what_never_meets():
    slow, fast = CostModel(None, "", 1000, None, 10.0, 0, []), CostModel("a", "", 0, None, 1.0, 0, [])
    assert crossover(slow, fast, None) is None
    assert crossover(fast, slow, None) == 1


def test_nothing_measured_is_nothing_fitted():
    assert fit_scaling(trials([1]), 32) is None
