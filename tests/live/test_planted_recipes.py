"""Recipes that are wrong, or that break: none is called faster, and each fails alone.

They are added to the catalogue of a copy of the program.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "keras_profile"

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
    "hangs": ("import time", "time.sleep(10 ** 9)", "did not come back within"),
    "hangs_later": (_HANGS_LATER, "call(x)", "did not come back within"),
    "dies": ("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)", "died (signal SIGKILL)"),
    "absurd_memory": ("import numpy as np", "np.ones(10 ** 15)", "memory ran out"),
}
#: When a recipe is given up, and when in this copy.
LIMITS = {
    "hung_after_calls: int = 60": "hung_after_calls: int = 20",
    "hung_after_s: float = 30.0": "hung_after_s: float = 5.0",
}
PLANTED = """
from __future__ import annotations

import json

from .recipe import Change, Recipe
from .simplicity import CALL

PLANTED = json.loads({planted!r})


def planted(id, setup, call):
    return Recipe(id, id, "planted", lambda usage: [Change(id, call, setup=setup)], simplicity=CALL)


RECIPES = tuple(planted(id, setup, call) for id, (setup, call) in PLANTED.items())
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The comparisons of all planted recipes and two good ones, by recipe."""
    place = tmp_path_factory.mktemp("planted")
    shutil.copytree(SOURCE, place / "keras_profile", ignore=shutil.ignore_patterns("__pycache__"))
    # So that what hangs is given up after seconds: the limit itself has tests of its own.
    limits = place / "keras_profile" / "recorder" / "trials" / "limits.py"
    text = limits.read_text()
    for patient, impatient in LIMITS.items():
        assert patient in text
        text = text.replace(patient, impatient)
    limits.write_text(text)
    planted = {id: given[:2] for id, given in {**WRONG, **BREAKING}.items()}
    recipes = place / "keras_profile" / "recipes"
    (recipes / "planted.py").write_text(PLANTED.format(planted=json.dumps(planted)))
    with open(recipes / "catalogue.py", "a") as file:
        file.write("\nfrom . import planted\n\nRECIPES = planted.RECIPES + RECIPES\n")
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
    assert "in place of" in found[recipe]["reason"]


@pytest.mark.parametrize("recipe", list(BREAKING))
def test_a_recipe_that_breaks_fails_alone_with_its_reason(found, recipe):
    assert found[recipe]["verdict"] == "failed"
    assert BREAKING[recipe][2] in found[recipe]["reason"]


@pytest.mark.parametrize("recipe", ["predict_on_batch", "concrete_function"])
def test_the_others_are_measured(found, recipe):
    assert found[recipe]["verdict"] in ("faster", "slower", "no_difference")
    assert found[recipe]["after_ns"] > 0
