"""Models that keep something from call to call: changes are compared, and the model stays as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("trials_of.py")
GRAPHS = ("predict_on_batch", "function_open_batch", "concrete_function")


def trials_of(folder, factory, entry, *recipes):
    done = subprocess.run(
        [sys.executable, SCRIPT, factory, entry, folder, *recipes],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("factory", "entry", "recipes"),
    [
        ("stateful", "predict", GRAPHS),
        ("counting", "predict", GRAPHS),
        ("counting", "call", GRAPHS),
        ("dropping", "predict_on_batch", GRAPHS[1:]),
    ],
)
def test_what_a_model_keeps_is_the_same_for_all_and_given_back(tmp_path, factory, entry, recipes):
    found = trials_of(tmp_path, factory, entry, *recipes)
    assert found["variables"] > 0
    assert found["same"]
    assert found["draws"]
    assert not found["random"]
    assert found["trials"] == {name: ["tried", found["trials"][name][1]] for name in recipes}


def test_what_draws_from_the_global_generators_is_compared_under_the_same_seeds(tmp_path):
    found = trials_of(tmp_path, "random_outputs", "call", "input_as_tensor", "function_open_batch")
    assert not found["random"]
    assert found["draws"]
    assert found["trials"]["input_as_tensor"][0] == "tried"
    # A graph draws others from the same seed, which is no fault of its own.
    assert found["trials"]["function_open_batch"] == [
        "tried",
        "it draws other random numbers from the same seed",
    ]


def test_the_rows_of_a_shuffled_dataset_are_compared_as_a_set(tmp_path):
    found = trials_of(
        tmp_path, "shuffled", "predict", "dataset_batched", "predict_on_batch", "dataset_prefetched"
    )
    assert not found["random"]
    assert {status for status, _ in found["trials"].values()} == {"tried"}


def test_the_rows_of_several_calls_are_not_one_where_a_call_depends_on_those_before(tmp_path):
    found = trials_of(tmp_path, "stateful", "predict", "one_predict_for_many_calls")
    status, reason = found["trials"]["one_predict_for_many_calls"]
    assert (status, reason) == ("not_applicable", "a call's outputs depend on the calls before it")
