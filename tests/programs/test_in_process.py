"""Watching pieces of code from within: a context, a decorator, cells of a notebook."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.commands import PROGRAMS
from support.notebooks import run_cells, shown
from support.programs import environment, line_of

NOTEBOOK = """
%load_ext keras_profile
---
import numpy as np
from tensorflow import keras
inputs = keras.layers.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
model.compile('adam', 'mse')
row = np.ones((1, 4), 'float32')
before = model.predict(row, verbose=0)
---
%%keras_profile --no-try --seconds 2
scores = []
for _ in range(30):
    scores.append(model.predict(row, verbose=0))
---
assert len(scores) == 30  # what the cell made is the notebook's
after = model.predict(row, verbose=0)
---
%keras_profile --no-try --seconds 2 model.predict(row, verbose='auto')
---
%%keras_profile --no-try --seconds 2
raise KeyError('of the cell')
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """What the program that watches itself printed."""
    folder = tmp_path_factory.mktemp("watched")
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / "watched.py")],
        cwd=folder,
        text=True,
        capture_output=True,
        env=environment(),
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_calls_within_the_block_are_recorded_and_no_others(watched):
    assert watched["groups"] == [[line_of("watched.py", "watched"), 30]]
    assert watched["calls"] == 30


def test_the_block_s_report_is_attributed(watched):
    assert watched["whole"]
    assert "pipeline_rebuilt" in watched["found"]


def test_the_report_prints_itself(watched):
    for text in (watched["text"], watched["html"]):
        assert f"watched.py:{line_of('watched.py', 'watched')}" in text
    assert "function_tracing" in watched["text"]


def test_calls_of_a_decorated_function_are_recorded(watched):
    assert watched["decorated"] == [[line_of("watched.py", "decorated"), 9]]


def test_a_decorated_function_is_the_function(watched):
    assert watched["returned"] == 9
    assert watched["name"] == "handle"
    assert watched["doc"] == "What the decorated function says of itself."


def test_an_error_in_the_block_is_the_program_s_and_its_calls_are_kept(watched):
    assert watched["after error"] == [3]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook that was run by a kernel without a screen."""
    return run_cells(NOTEBOOK, tmp_path_factory.mktemp("notebook"))


def test_the_cell_shows_the_top_of_the_report(notebook):
    cell = notebook.cells[2]
    text, page = shown(cell, "text/plain"), shown(cell, "text/html")
    assert "predict" in text
    assert "30" in text
    assert "pipeline" in text
    assert "predict" in page
    assert "<" in page
    assert "script" not in page.lower()


def test_a_line_is_watched_as_a_cell_is(notebook):
    assert "model.predict(row, verbose='auto')" in shown(notebook.cells[4], "text/plain")


def test_the_lines_of_the_cell_are_shown(notebook):
    assert "scores.append(model.predict(row, verbose=0))" in shown(notebook.cells[2], "text/plain")


def test_other_cells_are_as_they_were(notebook):
    assert notebook.cells[1].outputs == [] or shown(notebook.cells[1], "text/html") == ""
    assert shown(notebook.cells[3], "text/html") == ""
    assert [output.ename for output in notebook.cells[5].outputs if output.output_type == "error"] == [
        "KeyError"
    ]
