"""The recipes that old releases have: the question's workarounds first."""

from __future__ import annotations

import pytest

from support.commands import TESTS

CASES_FILE = TESTS / "live" / "recipe_cases.py"
GENERATIONS = ("tf-2.0", "tf-2.6", "tf-2.15")
WORKAROUNDS = ("rebuilt_uncompiled", "loaded_uncompiled", "call_inference", "predict_on_batch")
#: What is tried on each release: a function of recipe_cases.py, recipes, options.
USAGES = {
    "compiled": (
        (
            *WORKAROUNDS,
            "function_open_batch",
            "concrete_function",
            "function_reduce_retracing",
            "dataset_from_tensors",
            "exported_signature",
        ),
        (),
    ),
    "subclassed": (("rebuilt_uncompiled", "loaded_uncompiled"), ()),
    "recurrent": (
        ("unroll_flipped", "dense_for_time_distributed", "without_recurrent_dropout"),
        ("--entry", "predict_on_batch"),
    ),
}


@pytest.fixture
def tried(recorder_of):
    """The comparisons by recipe of a usage on a release; equal runs are made once."""

    def run(generation, usage, recipes, *options):
        found = recorder_of(generation).try_recipes(
            f"{CASES_FILE}:{usage}", "--recipes", ",".join(recipes), "--seconds", "8", *options
        )
        return {one["recipe"]: one for one in found}

    return run


#: TensorFlow 2.0 saves a model of the user's own class, but cannot predict with what it loads.
TRIED = [
    (generation, usage)
    for generation in GENERATIONS
    for usage in USAGES
    if (generation, usage) != ("tf-2.0", "subclassed")
]


@pytest.mark.parametrize(("generation", "usage"), TRIED)
def test_the_recipes_are_built_compared_and_measured(tried, generation, usage):
    recipes, options = USAGES[usage]
    found = tried(generation, usage, recipes, *options)
    assert set(found) == set(recipes)
    assert {
        id: one["reason"]
        for id, one in found.items()
        if one["verdict"] not in ("faster", "slower", "no_difference")
        and "not in the better half" not in one["reason"]
        and "no time was left" not in one["reason"]
    } == {}


@pytest.mark.group("releases/test_recipes tf-2.0")
@pytest.mark.parametrize("recipe", WORKAROUNDS)
def test_the_question_s_workarounds_help_on_the_release_it_was_asked_about(tried, recipe):
    recipes, options = USAGES["compiled"]
    found = tried("tf-2.0", "compiled", recipes, *options)
    assert found[recipe]["verdict"] == "faster"


@pytest.mark.group("releases/test_recipes tf-2.15")
@pytest.mark.parametrize("recipe", ["call_inference", "function_open_batch"])
def test_leaving_predict_still_helps_with_the_last_keras_2(tried, recipe):
    recipes, options = USAGES["compiled"]
    assert tried("tf-2.15", "compiled", recipes, *options)[recipe]["verdict"] == "faster"


@pytest.mark.group("releases/test_recipes tf-2.15")
def test_the_map_of_a_dataset_is_made_parallel_where_the_release_does_not_do_it(tried):
    old = tried("tf-2.0", "dataset_of_small_batches", ("dataset_parallel_map",))
    new = tried("tf-2.15", "dataset_of_small_batches", ("dataset_parallel_map",))
    assert old["dataset_parallel_map"]["verdict"] in ("faster", "slower", "no_difference")
    assert new["dataset_parallel_map"]["verdict"] == "not_applicable"
    assert "num_parallel_calls" in new["dataset_parallel_map"]["reason"]
