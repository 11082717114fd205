"""Recipes that are wrong, or that break: none is called faster, and each fails alone.

They are added to the catalogue of a copy of the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.planted import copy_with

HERE = Path(__file__).parent

_ONE_ROW = """import numpy as np


def call(x):
    y = model.predict_on_batch(x)
    return y + (np.abs(x[:, :1]) > 3.9)
"""
_OTHER_INPUTS = """kept = []


def call(x):
    kept.append(model.predict_on_batch(x))
    return kept[0]
"""
#: More calls than it takes to be compared.
_HANGS_LATER = """import time

calls = []


def call(x):
    calls.append(x)
    if len(calls) > 12:
        time.sleep(10 ** 9)
    return model.predict_on_batch(x)
"""
#: Setup and call of each recipe whose outputs are wrong; all are much faster than predict.
WRONG = {
    "one_row_in_ten_thousand": (_ONE_ROW, "call(x)"),
    "other_inputs": (_OTHER_INPUTS, "call(x)"),
    "nan": ("import numpy as np", "np.where([[True, False]], np.nan, model.predict_on_batch(x))"),
    "other_dtype": ("", "model.predict_on_batch(x).astype('float64')"),
    "other_type": ("import tensorflow as tf", "tf.constant(model.predict_on_batch(x))"),
    "other_shape": ("", "model.predict_on_batch(x)[..., None]"),
}
#: Setup and call of each recipe that breaks, and what its reason says.
BREAKING = {
    "raises": ("", "[][0]", "IndexError"),
    "hangs": ("import time", "time.sleep(10 ** 9)", "did not return within"),
    "hangs_later": (_HANGS_LATER, "call(x)", "did not return within"),
    "dies": ("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)", "died (signal SIGKILL)"),
    "absurd_memory": ("import numpy as np", "np.ones(10 ** 15)", "memory ran out"),
}
#: When a recipe is given up, and when in this copy.
LIMITS = {
    "hung_after_calls: int = 60": "hung_after_calls: int = 20",
    "hung_after_s: float = 30.0": "hung_after_s: float = 12.0",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The comparisons of all planted recipes and two good ones, by recipe."""
    # So that what hangs is given up after seconds: the limit itself has tests of its own.
    planted = {id: given[:2] for id, given in {**WRONG, **BREAKING}.items()}
    place = copy_with(tmp_path_factory.mktemp("planted"), planted, LIMITS)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "try",
            f"{HERE / 'recipe_cases.py'}:compiled",
            "--json",
            "--seconds",
            "2",
            "--recipes",
            ",".join([*planted, "predict_on_batch", "concrete_function"]),
        ],
        env={**os.environ, "PYTHONPATH": str(place)},
        cwd=place,
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {one["recipe"]: one for one in json.loads(done.stdout)["comparisons"]}


@pytest.mark.parametrize("recipe", list(WRONG))
def test_wrong_outputs_are_found_and_not_measured(found, recipe):
    assert found[recipe]["verdict"] == "outputs_differ"
    assert found[recipe]["speedup"] is None
    assert "instead of" in found[recipe]["reason"]


@pytest.mark.parametrize("recipe", list(BREAKING))
def test_a_recipe_that_breaks_fails_alone_with_its_reason(found, recipe):
    assert found[recipe]["verdict"] == "failed"
    assert BREAKING[recipe][2] in found[recipe]["reason"]


@pytest.mark.parametrize("recipe", ["predict_on_batch", "concrete_function"])
def test_the_others_are_measured(found, recipe):
    assert found[recipe]["verdict"] in ("faster", "slower", "no_difference")
    assert found[recipe]["after_ns"] > 0
