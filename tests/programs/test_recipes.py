"""Recipes are tried on a group's own model, with inputs kept from its calls, after the program."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def tried(run_program):
    """The run of the replay loop with a few recipes after it."""
    finished = run_program(
        "replay.py", options=("--no-html", "--seconds", "40", "--recipes", "predict_on_batch,call_inference")
    )
    assert finished.code == 0, finished.err
    return finished


def test_the_most_expensive_group_has_comparisons(tried):
    most_expensive = tried.report["groups"][0]
    assert {one["recipe"] for one in most_expensive["comparisons"]} == {"predict_on_batch", "call_inference"}
    best = most_expensive["comparisons"][0]
    assert best["verdict"] == "faster"
    low, high = best["speedup_ci99"]
    assert 1 < low <= best["speedup"] <= high
    assert best["outputs"]["max_abs_error"] <= 1e-4


def test_the_calls_of_the_trials_are_none_of_the_program_s(tried):
    assert tried.report["program"]["calls"] == tried.counts["act"] + tried.counts["replay"]
    ended = tried.process.of_kind("ended")[-1]["at_ns"]
    assert (tried.process.calls["begin_ns"] < ended).all()


def test_the_program_s_own_output_is_all_there_is_on_standard_output(tried):
    assert [line.split()[0] for line in tried.out.splitlines()] == ["act", "replay", "fit", "took"]


def test_events_of_recipes_say_of_which_group_they_are(tried):
    groups = {event["group"] for event in tried.process.of_kind("group")}
    for kind in ("trying", "measuring", "tried"):
        told = tried.process.of_kind(kind)
        assert told
        assert {event["group"] for event in told} <= groups
