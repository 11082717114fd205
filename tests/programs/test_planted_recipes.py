"""Recipes that break do no harm to a program, a notebook or a session that they are tried in.

They are added to the catalogue of a copy of the program.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time

import pytest

from support import notebooks
from support.planted import copy_with

#: Setup and call of recipes that end or hang their process, and what their reasons say.
DEADLY = {
    "aborts": ("import os", "os.abort()", "the process died (SIGABRT)"),
    "crashes": ("import ctypes", "ctypes.string_at(0)", "the process died (SIGSEGV)"),
    "hangs_native": (
        "import ctypes\n\nlibc = ctypes.PyDLL(None)",  # keeps the interpreter's lock: nothing interrupts it
        "libc.sleep(10 ** 6)",
        "it did not return within",
    ),
}
FOREVER = """def forever():
    while True:
        try:
            sum(())
        except Exception:
            return
"""
#: The same of those that break within Python, which say that they are harmless.
BREAKING = {
    "raises": ("", "[][0]", "IndexError"),
    "import_fails": ("import no_such_module", "x", "No module named 'no_such_module'"),
    "exits": ("import sys", "sys.exit(5)", "SystemExit: 5"),
    "absurd_memory": ("import numpy as np", "np.ones(10 ** 15)", "memory ran out"),
    "sleeps": ("import time", "time.sleep(10 ** 9)", "it did not return"),
    "loops": (FOREVER, "forever()", "it did not return"),
}
GOOD = "predict_on_batch"
#: When one is given up, in this copy.
LIMITS = {
    "expected_starting_s: float = 8.0": "expected_starting_s: float = 1.0",
    "hung_after_budgets=0.3": "hung_after_budgets=0.03",
    "hung_after_s: float = 30.0": "hung_after_s: float = 5.0",
    "starting_s=max(15.0, 0.5 * seconds)": "starting_s=40.0",
}

PROGRAM = """
import sys

import keras
import numpy as np

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
for _ in range(60):
    model.predict(np.ones((1, 4), "float32"), verbose=0)
print("own end")
sys.exit(9)
"""
WATCHED = """
import keras
import numpy as np

import keras_profile

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
with keras_profile.watch(recipes={recipes!r}, seconds={seconds}, quiet=True) as w:
    for _ in range(60):
        model.predict(np.ones((1, 4), "float32"), verbose=0)
report = w.report()
for one in report.groups[0].comparisons:
    print("tried", one.recipe, one.verdict, one.reason)
print("alive")
"""


def left_over(place):
    """Processes of the copy that still run."""
    found = subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.fixture(scope="module", params=["deadly", "breaking"])
def planted(request, tmp_path_factory):
    """Where the copy is, what was planted in it, and how long recipes are tried."""
    deadly = request.param == "deadly"
    recipes = DEADLY if deadly else BREAKING
    place = tmp_path_factory.mktemp(request.param)
    planted = {id: given[:2] for id, given in recipes.items()}
    return copy_with(place, planted, LIMITS, harmless=not deadly), recipes, 150 if deadly else 45


def variables(place):
    return {**os.environ, "PYTHONPATH": str(place), "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(place, *arguments):
    """A Python of the copy with these arguments, to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=place,
        env=variables(place),
        text=True,
        capture_output=True,
        timeout=400,
        check=False,
    )


def check(comparisons, recipes):
    verdicts = {one["recipe"]: one for one in comparisons}
    for id, (_, _, words) in recipes.items():
        assert verdicts[id]["verdict"] == "failed", verdicts[id]
        assert words in verdicts[id]["reason"]
    assert verdicts[GOOD]["verdict"] == "faster"


def test_a_program_keeps_its_exit_code_and_the_other_results(planted):
    place, recipes, seconds = planted
    (place / "app.py").write_text(PROGRAM)
    options = ["--no-html", "--seconds", str(seconds), "--recipes", ",".join([*recipes, GOOD])]
    begin = time.monotonic()
    done = run(place, "-m", "keras_profile", "run", *options, "app.py")
    assert time.monotonic() - begin < 3 * seconds + 60
    assert done.returncode == 9, done.stderr
    assert done.stdout == "own end\n"
    (report,) = place.glob("reports/*/report.json")
    check(json.loads(report.read_text())["groups"][0]["comparisons"], recipes)
    assert not left_over(place)


def test_a_notebook_s_kernel_goes_on(planted, monkeypatch):
    place, recipes, _ = planted
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    some = [next(iter(recipes)), GOOD] if "aborts" in recipes else ["raises", "loops", GOOD]
    cells = f"""
import keras
import numpy as np

import keras_profile

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
---
report = keras_profile.profile(
    model, np.ones((1, 4), "float32"), recipes={some!r}, seconds=10, quiet=True
)
---
print({{one.recipe: one.verdict for one in report.comparisons}})
print("alive")
"""
    made = notebooks.run_cells(cells, place)
    said = "".join(output.get("text", "") for output in made.cells[-1].outputs)
    assert said.endswith("alive\n"), said
    verdicts = ast.literal_eval(said.splitlines()[0])
    assert verdicts == {**dict.fromkeys(some, "failed"), GOOD: "faster"}
    assert not left_over(place)


@pytest.mark.parametrize("planted", ["breaking"], indirect=True)
def test_a_session_that_watches_goes_on(planted):
    place, recipes, seconds = planted
    text = WATCHED.format(recipes=[*recipes, GOOD], seconds=seconds)
    done = run(place, "-c", text)
    assert done.returncode == 0, done.stderr
    *tried, last = done.stdout.splitlines()
    assert last == "alive"
    rows = [line.split(" ", 3)[1:] for line in tried]
    check([dict(zip(("recipe", "verdict", "reason"), [*row, ""])) for row in rows], recipes)
    assert not left_over(place)
